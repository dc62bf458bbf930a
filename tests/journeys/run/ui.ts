/**
 * How a person does things on our pages.
 *
 * Contents: dialogOf · goTo · heading · readRows · readWeights · dropFiles · expectPainted · figure
 */
import { expect } from './expect.ts';
import type { Locator } from 'playwright';

import { paintedColours, readTable } from './in-page.ts';
import type { Stage } from './stage.ts';

/** Fewer colours than this are an empty frame. */
const PAINTED_COLOURS_MIN = 6;

export const dialogOf = ({ page }: Stage): Locator => page.locator('dialog[open]');

export const heading = ({ page }: Stage, name: string | RegExp): Locator =>
  page.getByRole('heading', { level: 1, name });

/** Takes the rail or the bottom bar, whichever there is; what is not in the bar stands behind its “More”. */
export const goTo = async (stage: Stage, place: string): Promise<void> => {
  const pages = stage.page.getByRole('navigation', { name: 'Pages', exact: true });
  const link = pages.getByRole('link', { name: place, exact: true });
  if (stage.isPhone && !(await link.isVisible())) await pages.getByRole('button', { name: 'More' }).click();
  await link.click();
  await stage.rest();
};

/** The body rows of a table as texts. */
export const readRows = async ({ page }: Stage, caption: string): Promise<string[][]> => {
  let rows: string[][] = [];
  // A table that has just come may still make room for its rows once more.
  await expect(async () => {
    await expect(page.getByRole('region', { name: `${caption}, table`, exact: true })).toBeVisible();
    rows = (await page.evaluate(readTable, caption)).slice(1);
  }).toPass({ timeout: 10_000 });
  return rows;
};

/** A figure as a person reads it, with commas, a proper minus and perhaps a unit. */
export const figure = (text: string): number => {
  const digits = text.replaceAll(',', '').replace('−', '-');
  const found = /-?\d+(?:\.\d+)?/u.exec(digits)?.[0];
  if (found === undefined) throw new Error(`“${text}” shows no figure`);
  return Number(found);
};

/** A table of names and shares. */
export const readWeights = async (stage: Stage, caption: string): Promise<Record<string, number>> => {
  const rows = await readRows(stage, caption);
  return Object.fromEntries(rows.map(([name = '', share = '']) => [name, figure(share)]));
};

export type FileToDrop = { readonly name: string; readonly content: Buffer };

/** Drops files on the place for them; a phone has nothing to drag, so there they are chosen. */
export const dropFiles = async (stage: Stage, files: readonly FileToDrop[]): Promise<void> => {
  const { page } = stage;
  const input = page.locator('input[type="file"]');
  if (stage.isPhone) {
    await input.setInputFiles(
      files.map(({ name, content }) => ({ name, mimeType: 'text/csv', buffer: content })),
    );
    return;
  }
  const dragged = await page.evaluateHandle(
    (sent) => {
      const data = new DataTransfer();
      for (const { name, base64 } of sent) {
        const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
        data.items.add(new File([bytes], name, { type: 'text/csv' }));
      }
      return data;
    },
    files.map(({ name, content }) => ({ name, base64: content.toString('base64') })),
  );
  const place = input.locator('xpath=..');
  await place.dispatchEvent('dragover', { dataTransfer: dragged });
  await place.dispatchEvent('drop', { dataTransfer: dragged });
  await dragged.dispose();
};

/** A picture is there and shows more than an empty frame. */
export const expectPainted = async ({ page }: Stage, label: string): Promise<void> => {
  const picture = page.getByRole('group', { name: new RegExp(`^${label}\\.`, 'u') });
  const canvas = picture.locator('canvas').first();
  await expect(canvas).toBeAttached();
  await expect
    .poll(async () => canvas.evaluate(paintedColours), {
      message: `${label} is drawn`,
    })
    .toBeGreaterThanOrEqual(PAINTED_COLOURS_MIN);
};
