/** A recurring plan: what it missed waits, and is recorded as it really was, or skipped and taken back. */
import { expect } from '../run/expect.ts';
import { addQuietFund, signUp } from '../run/person.ts';
import type { Stage } from '../run/stage.ts';
import type { Story } from '../run/story.ts';

/** A plan since last month: its first purchase waits and is confirmed as proposed. */
const planAndConfirm = async (stage: Stage, portfolioId: string): Promise<void> => {
  const { page } = stage;
  const of = `portfolio=${portfolioId}`;
  await stage.open(`/holdings/plans?${of}`);
  await page.getByRole('button', { name: 'New plan' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Monthly pension');
  await dialog.getByLabel('Amount each time').fill('60');
  await dialog.getByLabel('Day', { exact: true }).selectOption('1');
  const today = new Date();
  const first = new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth() - 1, 1));
  const from = `${first.getUTCFullYear()}-${String(first.getUTCMonth() + 1).padStart(2, '0')}-01`;
  await dialog.getByLabel('From').fill(from);
  await dialog.getByLabel('Quiet Fund').fill('100');
  await stage.look('a new plan');
  await dialog.getByRole('button', { name: 'Make the plan' }).click();
  await expect(page.getByRole('heading', { name: 'Waiting for you' })).toBeVisible();
  await stage.look('plans, purchases waiting');
  await page
    .getByRole('button', { name: /^Edit Monthly pension/u })
    .first()
    .click();
  await dialog.getByLabel('Price').fill('3');
  await dialog.getByLabel('Quantity').fill('20');
  await dialog.getByLabel('Fees').fill('1.5');
  await dialog.getByRole('button', { name: 'Record' }).click();
  await expect(page.getByText('Recorded.')).toBeVisible();
  await stage.open(`/?${of}`);
  await expect(page.getByText('£90.00').first()).toBeVisible();
};

const tell = async (stage: Stage): Promise<void> => {
  const portfolioId = await stage.step('has a fund', async () => {
    await signUp(stage);
    return addQuietFund(stage, 'Pension');
  });
  await stage.step('plans purchases and records one', async () => planAndConfirm(stage, portfolioId));
  await stage.step('skips another and takes it back', async () => {
    const { page } = stage;
    await page.getByRole('link', { name: 'Confirm or skip them' }).click();
    const waiting = page.getByRole('button', { name: /^Skip Monthly pension/u });
    const before = await waiting.count();
    if (before === 0) return;
    await waiting.first().click();
    await expect(waiting).toHaveCount(before - 1);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(waiting).toHaveCount(before);
  });
  await stage.step('says what the account is', async () => describeAccount(stage));
};

/** What an account is, said and shown. */
const describeAccount = async (stage: Stage): Promise<void> => {
  const { page } = stage;
  await stage.open('/settings/accounts');
  await page.getByRole('button', { name: 'Change SIPP' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Provider').fill('A quiet broker');
  await dialog.getByLabel('Opened on').fill('2015-04-06');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('listitem').filter({ hasText: 'A quiet broker' })).toContainText('opened');
  await stage.look('accounts');
};

export const recurringPlan: Story = { number: '20', title: 'a recurring plan, and its account', tell };
