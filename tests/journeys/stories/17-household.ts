/** Two people of one household: a portfolio is shared, looked at beside one's own, and taken back. */
import { expect } from '../run/expect.ts';
import { addDemo, addQuietFund, forgetPerson, newPerson, send, signUp } from '../run/person.ts';
import type { Household, Person } from '../run/person.ts';
import type { Stage } from '../run/stage.ts';
import type { Story } from '../run/story.ts';
import { heading } from '../run/ui.ts';

const become = async (stage: Stage, { email, password }: Person): Promise<void> => {
  await forgetPerson(stage);
  await send(stage, 'POST /api/auth/login', { body: { email, password } });
};

const share = async (stage: Stage, guest: Person): Promise<void> => {
  const { page } = stage;
  await stage.open('/settings/household');
  await expect(page.getByText('Nobody but you sees it.')).toBeVisible();
  await page.getByRole('button', { name: 'Share Ben’s pension' }).click();
  await page.getByLabel('E-mail').fill('nonsense');
  await page.getByRole('button', { name: 'Invite' }).click();
  await expect(page.getByText('An e-mail address.')).toBeVisible();
  await page.getByLabel('E-mail').fill(guest.email);
  await page.getByRole('button', { name: 'Invite' }).click();
  await expect(page.getByRole('listitem').filter({ hasText: guest.email })).toContainText('asked');
  await stage.look('household, somebody asked');
};

const accept = async (stage: Stage): Promise<void> => {
  const { page } = stage;
  await stage.open('/');
  await page.getByRole('link', { name: 'Answer under Household' }).click();
  await expect(heading(stage, 'Household')).toBeVisible();
  await stage.look('household, asked by somebody');
  await page.getByRole('button', { name: 'Accept' }).click();
  await expect(page.getByRole('heading', { name: 'Shared with you' })).toBeVisible();
};

/** All portfolios: hers and his, his with his name and its value; he may be looked at and not written to. */
const lookTogether = async (stage: Stage, portfolioId: string, demo: Household): Promise<void> => {
  const { page } = stage;
  await stage.open('/');
  const row = page.getByRole('row').filter({ hasText: 'Ben’s pension' });
  await expect(row).toContainText('Ben Example');
  await expect(row).toContainText('£30.00');
  await expect(
    page.getByRole('row').filter({ has: page.locator(`a[href*="${demo.eurosId}"]`) }),
  ).toBeVisible();
  await stage.look('all portfolios, one of them shared');
  await page.getByRole('button', { name: /^Portfolio: /u }).click();
  await page.getByRole('menuitem', { name: /Ben’s pension.*Ben Example/u }).click();
  await expect(heading(stage, 'Ben’s pension')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Add a holding' })).toHaveCount(0);
  expect(page.url()).toContain(portfolioId);
};

const revoke = async (stage: Stage, guest: Person): Promise<void> => {
  const { page } = stage;
  await stage.open('/settings/household');
  await page.getByRole('combobox', { name: `What ${guest.name} may do` }).selectOption('edit');
  await expect(page.getByText('Saved.')).toBeVisible();
  await page.getByRole('button', { name: `Revoke ${guest.name}` }).click();
  await expect(page.getByText('Nobody but you sees it.')).toBeVisible();
};

const tell = async (stage: Stage): Promise<void> => {
  const { page, step, watch } = stage;
  const [ben, anna] = [newPerson('Ben Example'), newPerson('Anna Example')];
  const portfolioId = await step('Ben has a portfolio', async () => {
    await signUp(stage, ben);
    return addQuietFund(stage, 'Ben’s pension');
  });
  await step('Ben shares it with Anna, who is not there yet', async () => share(stage, anna));
  await step('Anna accepts', async () => {
    await forgetPerson(stage);
    await signUp(stage, anna);
    const demo = await addDemo(stage);
    await accept(stage);
    await lookTogether(stage, portfolioId, demo);
  });
  await step('Ben takes it back', async () => {
    await become(stage, ben);
    await revoke(stage, anna);
  });
  await step('Anna no longer sees it', async () => {
    await become(stage, anna);
    await stage.open('/');
    await expect(heading(stage, 'All portfolios')).toBeVisible();
    await expect(page.getByText('Ben’s pension')).toHaveCount(0);
    await watch.provoking(/^\/api\/portfolios/u, async () => stage.open(`/?portfolio=${portfolioId}`));
    await expect(page.getByText('Quiet Fund')).toHaveCount(0);
  });
};

export const household: Story = { number: '17', title: 'a household of two', tell };
