/** Everything by keyboard alone: skip link, pages, palette, dialogs, tables, pictures and "how?". */
import { expect } from '../run/expect.ts';

import { mainPages } from '../run/pages.ts';
import { addDemo, signUp } from '../run/person.ts';
import type { Household } from '../run/person.ts';
import type { Stage } from '../run/stage.ts';
import type { Story } from '../run/story.ts';
import { dialogOf, heading } from '../run/ui.ts';

/** More stops than this to get round a page means that the focus is caught. */
const STOPS_MAX = 400;
/** What a figure shows while it has the focus covers its neighbours for a moment longer. */
const LINGER_MS = 350;
/** Pages whose every stop is visited. */
const WALKED = [
  'overview',
  'holdings',
  'look-through',
  'overlap',
  'rebalancing',
  'imports',
  'markets',
  'settings',
];

/** The element with the focus: what it is called, whether it shows that, and whether it can be seen. */
const readFocus = (): { name: string; marked: boolean; seen: boolean; out: boolean } => {
  const element = document.activeElement;
  if (element === null || element === document.body) return { name: '', marked: true, seen: true, out: true };
  const label = element instanceof HTMLInputElement ? [...(element.labels ?? [])] : [];
  // A radio button hides behind its label, which is what people see.
  const isHidden = element.matches('input[type="radio"], input[type="checkbox"], input[type="file"]');
  const box = (
    (isHidden ? label.find((one) => one.offsetWidth > 0) : null) ?? element
  ).getBoundingClientRect();
  const x = Math.min(Math.max(box.left + box.width / 2, 1), innerWidth - 1);
  const y = Math.min(Math.max(box.top + Math.min(box.height, innerHeight) / 2, 1), innerHeight - 1);
  const hit = document.elementFromPoint(x, y);
  const drawn = [element, element.parentElement, element.parentElement?.parentElement, ...label];
  const marked = drawn.some((one) => {
    if (one == null) return false;
    const style = getComputedStyle(one);
    return (
      (style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth) > 0) ||
      style.boxShadow !== 'none'
    );
  });
  const isField = element.matches('input, select, textarea');
  const name = `${element.localName} ${element.getAttribute('aria-label') ?? element.textContent ?? ''}`;
  const isHit =
    hit !== null &&
    (element.contains(hit) || hit.contains(element) || label.some((one) => one.contains(hit)));
  return {
    name: name.trim().slice(0, 60),
    marked: marked || isField,
    seen: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight && isHit,
    out: false,
  };
};

/** Walks round a page with Tab: each stop is marked and in sight, and the walk comes to an end. */
const walk = async (stage: Stage, name: string): Promise<void> => {
  const { page, watch } = stage;
  const unmarked = new Set<string>();
  const hidden = new Set<string>();
  for (let stop = 0; stop < STOPS_MAX; stop += 1) {
    await page.keyboard.press('Tab');
    let focus = await page.evaluate(readFocus);
    if (focus.out) break;
    if (!focus.seen) {
      await page.waitForTimeout(LINGER_MS);
      focus = await page.evaluate(readFocus);
    }
    if (!focus.marked) unmarked.add(focus.name);
    if (!focus.seen) hidden.add(focus.name);
    if (stop === STOPS_MAX - 1) watch.findings.push(`${name} has more than ${STOPS_MAX} stops for Tab`);
  }
  if (unmarked.size > 0) watch.findings.push(`${name}: focus without a mark on ${[...unmarked].join(' | ')}`);
  if (hidden.size > 0) watch.findings.push(`${name}: focus out of sight on ${[...hidden].join(' | ')}`);
};

const skipLink = async (stage: Stage, household: Household): Promise<void> => {
  const { page } = stage;
  await stage.open(`/?portfolio=${household.portfolioId}`);
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to the page' })).toBeFocused();
  await expect(page.getByRole('link', { name: 'Skip to the page' })).toBeInViewport();
  await page.keyboard.press('Enter');
  await expect(page.locator('main')).toBeFocused();
};

const palette = async (stage: Stage): Promise<void> => {
  const { page } = stage;
  const dialog = page.getByRole('dialog', { name: 'Find anything' });
  await page.keyboard.press('Control+k');
  await expect(dialog.getByRole('combobox')).toBeFocused();
  await stage.look('palette');
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  for (const [typed, title] of [
    ['exchange', 'Exchange rates'],
    ['world shares', 'Demo World Shares ETF'],
    ['overlap', 'Overlap'],
    ['demo household', 'Overlap'],
    ['holdings', 'Holdings'],
  ] as const) {
    await page.keyboard.press('Control+k');
    await page.keyboard.type(typed);
    await expect(dialog.getByRole('option').first()).toBeVisible();
    await expect(dialog.getByRole('option', { selected: true })).toHaveCount(1);
    await page.keyboard.press('Enter');
    await expect(dialog).toHaveCount(0);
    await expect(heading(stage, title)).toBeVisible();
    await stage.rest();
  }
  await expect(heading(stage, 'Holdings')).toBeFocused();
};

/** What the bottom bar has no room for. */
const bottomBar = async (stage: Stage): Promise<void> => {
  const { page } = stage;
  const pages = page.getByRole('navigation', { name: 'Pages', exact: true });
  const more = pages.getByRole('button', { name: 'More' });
  const settings = pages.getByRole('link', { name: 'Settings' });
  await more.focus();
  await page.keyboard.press('Enter');
  await expect(settings).toBeInViewport();
  await stage.look('more pages');
  await page.keyboard.press('Escape');
  await expect(settings).toBeHidden();
  await expect(more).toBeFocused();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await expect(pages.getByRole('link', { name: 'Performance' })).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(pages.getByRole('link', { name: 'Income' })).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(heading(stage, 'Drafts and models')).toBeFocused();
  await expect(settings).toBeHidden();
  await stage.rest();
};

const dialogs = async (stage: Stage, household: Household): Promise<void> => {
  const { page } = stage;
  await stage.open(`/holdings/${household.holdingId}`);
  const opener = page.getByRole('button', { name: 'Record a trade' });
  await opener.focus();
  await page.keyboard.press('Enter');
  const dialog = dialogOf(stage);
  await expect(dialog.getByLabel('Quantity')).toBeFocused();
  for (let stop = 0; stop < 24; stop += 1) {
    await page.keyboard.press('Tab');
    const isInside = await page.evaluate(() => {
      const { activeElement } = document;
      return activeElement === document.body || activeElement?.closest('dialog[open]') != null;
    });
    expect(isInside, 'the focus stays inside the dialog').toBe(true);
  }
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(opener).toBeFocused();
};

/** A figure's "how?", a column's order, and a picture's parts. */
const figures = async (stage: Stage, household: Household): Promise<void> => {
  const { page } = stage;
  await stage.open(`/holdings?portfolio=${household.portfolioId}`);
  const how = page.getByRole('button', { name: /how\?$/u }).first();
  await how.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog').getByRole('heading', { level: 2 })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(how).toBeFocused();
  const column = page.getByRole('columnheader', { name: /^Quantity/u });
  await column.getByRole('button').focus();
  await page.keyboard.press('Enter');
  await expect(column).toHaveAttribute('aria-sort', 'descending');
  await page.keyboard.press('Enter');
  await expect(column).toHaveAttribute('aria-sort', 'ascending');
  await expect(page).toHaveURL(/sort=/u);
  await stage.open(`/look-through?portfolio=${household.portfolioId}`);
  const picture = page.getByRole('group', { name: /^Largest companies by sector\./u });
  await picture.focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect(picture.locator('xpath=following-sibling::*[@aria-live]')).toContainText(/, \d+\.\d\d%, in /u);
  await page.keyboard.press('Enter');
  await expect(dialogOf(stage).getByText(/the sum of these ways/u)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialogOf(stage)).toHaveCount(0);
  await expect(picture).toBeFocused();
};

const tell = async (stage: Stage): Promise<void> => {
  const { step } = stage;
  const household = await step('has the demo household', async () => {
    await signUp(stage);
    return addDemo(stage);
  });
  await step('skips to the page', async () => skipLink(stage, household));
  await step('uses the palette', async () => palette(stage));
  if (stage.isPhone) await step('takes what stands behind “More”', async () => bottomBar(stage));
  await step('uses a dialog', async () => dialogs(stage, household));
  await step('asks a figure, sorts a table, steps through a picture', async () => figures(stage, household));
  for (const { name, path } of mainPages(household).filter((one) => WALKED.includes(one.name))) {
    await step(`walks round ${name}`, async () => {
      await stage.open(path);
      await walk(stage, name);
    });
  }
};

export const keyboard: Story = { number: '04', title: 'keyboard alone', tell };
