/**
 * A draft of the demo household: made, changed, compared with what it came from, taken back, seen as it was
 * recorded, and made real; at the end the person leaves for good. The demo's figures are
 * asked of the API beside the page.
 */
import { expect } from '../run/expect.ts';

import { addDemo, send, signUp } from '../run/person.ts';
import type { Household, Person } from '../run/person.ts';
import type { Stage } from '../run/stage.ts';
import type { Story } from '../run/story.ts';
import { dialogOf, figure, goTo, heading, readRows } from '../run/ui.ts';

const DRAFT = 'Less of the world';

const makeDraft = async (stage: Stage, demo: Household): Promise<string> => {
  const { page } = stage;
  await stage.open(`/drafts?portfolio=${demo.portfolioId}`);
  await expect(page.getByText('No drafts yet')).toBeVisible();
  await page.getByRole('button', { name: 'New draft' }).first().click();
  const dialog = dialogOf(stage);
  await dialog.getByLabel('Name (optional)').fill(DRAFT);
  await stage.look('a new draft');
  await dialog.getByRole('button', { name: 'Make it' }).click();
  await expect(heading(stage, 'Holdings')).toBeVisible();
  await stage.rest();
  return new URL(page.url()).searchParams.get('portfolio') ?? '';
};

/** Halves a holding of the draft on its page, as a person would. */
const halve = async (stage: Stage, draftId: string): Promise<void> => {
  const { page } = stage;
  const { items } = await send(stage, 'GET /api/portfolios/:id/holdings', { params: { id: draftId } });
  const fund = items.find((one) => one.instrument?.ticker === 'DWLD');
  await stage.open(`/holdings/${fund?.id ?? ''}?portfolio=${draftId}`);
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Edit' }).click();
  const dialog = dialogOf(stage);
  await dialog.getByLabel('Opening quantity').fill(String(Number(fund?.qty ?? '0') / 2));
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toHaveCount(0);
  await stage.rest();
};

const compare = async (stage: Stage, demo: Household, draftId: string): Promise<void> => {
  const { page } = stage;
  await goTo(stage, 'Drafts');
  await stage.look('a draft');
  await page.getByRole('link', { name: `Compare ${DRAFT}` }).click();
  await expect(heading(stage, 'Compare')).toBeVisible();
  await stage.look('a comparison');
  const found = await send(stage, 'GET /api/portfolios/:id/diff', {
    params: { id: draftId },
    query: { against: demo.portfolioId },
  });
  expect(Number(found.left.value)).toBeLessThan(Number(found.right.value));
  const rows = await readRows(stage, 'Holdings');
  const first = rows[0] ?? [];
  expect(first[0]).toContain('Demo World Shares ETF');
  expect(figure(first[1] ?? '')).toBeCloseTo(found.holdings[0]?.left ?? 0, 2);
  expect(figure(first[2] ?? '')).toBeCloseTo(found.holdings[0]?.right ?? 0, 2);
  await page.getByRole('link', { name: 'Countries', exact: true }).click();
  await stage.rest();
  expect((await readRows(stage, 'Countries')).length).toBe(found.byCountry.length);
  await page.getByRole('link', { name: 'Sections', exact: true }).click();
  await stage.lookAtWidth('sections compared');
  await page.getByRole('button', { name: 'Swap the two' }).click();
  await stage.rest();
  expect(new URL(page.url()).searchParams.get('left')).toBe(demo.portfolioId);
};

/** What was done is there to be taken back, and stays in the past as it was recorded. */
const takeBack = async (stage: Stage, draftId: string): Promise<void> => {
  const { page } = stage;
  const world = async (): Promise<string> => {
    const { items } = await send(stage, 'GET /api/portfolios/:id/holdings', { params: { id: draftId } });
    return items.find((one) => one.instrument?.ticker === 'DWLD')?.qty ?? '';
  };
  const halved = await world();
  await stage.open(`/settings/activity?portfolio=${draftId}`);
  await expect(page.getByText(/^Corrected opening of/u).first()).toBeVisible();
  await page
    .getByText(/^What changed/u)
    .first()
    .click();
  await stage.look('activity');
  await page
    .getByRole('button', { name: /^Undo: Corrected opening/u })
    .first()
    .click();
  await expect(page.getByText('It is taken back.')).toBeVisible();
  await stage.rest();
  expect(Number(await world())).toBe(Number(halved) * 2);
  // The act before the newest one left the fund halved, and that is how it was recorded then.
  await page
    .getByRole('link', { name: `${DRAFT} as it was then` })
    .nth(1)
    .click();
  await expect(heading(stage, 'As it was recorded')).toBeVisible();
  await stage.look('as it was recorded');
  const rows = await readRows(stage, 'Holdings as recorded');
  const recorded = rows.find((row) => row[0] === 'Demo World Shares ETF');
  expect(figure(recorded?.[3] ?? '')).toBe(Number(halved));
};

const makeReal = async (stage: Stage): Promise<void> => {
  const { page } = stage;
  await goTo(stage, 'Drafts');
  await page.getByRole('button', { name: `Make real: ${DRAFT}` }).click();
  const dialog = dialogOf(stage);
  await dialog.getByLabel('Name of the portfolio').fill('Calmer');
  await dialog.getByRole('button', { name: 'Make it real' }).click();
  await expect(heading(stage, 'Calmer')).toBeVisible();
  await stage.rest();
  const { items } = await send(stage, 'GET /api/portfolios');
  expect(items.find((one) => one.name === 'Calmer')).toMatchObject({ type: 'actual' });
};

/** Leaving: a wrong word keeps the account, the right ones end it. */
const leave = async (stage: Stage, person: Person): Promise<void> => {
  const { page } = stage;
  await stage.open('/settings/erasure');
  await stage.look('deleting the account');
  const act = page.getByRole('button', { name: 'Delete my account' });
  await page.getByLabel('Your e-mail address').fill(person.email);
  await page.getByLabel('Your password').fill('three loud rivers');
  await stage.watch.provoking(/\/api\/me$/u, async () => {
    await act.click();
    await expect(page.getByText(/Nothing was erased/u)).toBeVisible();
  });
  await page.getByLabel('Your password').fill(person.password);
  await act.click();
  await expect(page.getByText(/Your account is deleted/u)).toBeVisible();
  await stage.rest();
  await expect(page).toHaveURL(/\/sign-in/u);
  const answer = await page.request.post('/api/auth/login', {
    headers: { origin: stage.product.url },
    data: { email: person.email, password: person.password },
  });
  expect(answer.status()).toBe(401);
};

export const draftsAndUndo: Story = {
  number: '15',
  title: 'a draft compared, undone and made real; an account erased',
  tell: async (stage) => {
    const person = await signUp(stage);
    const demo = await addDemo(stage);
    const draftId = await stage.step('makes a draft', async () => makeDraft(stage, demo));
    await stage.step('halves a fund in it', async () => halve(stage, draftId));
    await stage.step('compares it with its origin', async () => compare(stage, demo, draftId));
    await stage.step('takes the change back', async () => takeBack(stage, draftId));
    await stage.step('makes it real', async () => makeReal(stage));
    await stage.step('leaves for good', async () => leave(stage, person));
  },
};
