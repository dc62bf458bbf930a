/** The first account of an install: what is typed wrongly is said beside the field, and nothing typed is lost. */
import { expect } from '../run/expect.ts';
import type { Locator } from 'playwright';

import { newPerson, rememberAdministrator } from '../run/person.ts';
import type { Person } from '../run/person.ts';
import type { Stage } from '../run/stage.ts';
import type { Story } from '../run/story.ts';

const fields = ({ page }: Stage) => ({
  name: page.getByRole('textbox', { name: 'Name (optional)' }),
  email: page.getByRole('textbox', { name: 'Email' }),
  password: page.locator('input[name="password"]'),
});

/** The words that a screen reader reads with a field that is wrong. */
const expectWrong = async (stage: Stage, field: Locator, words: string | RegExp): Promise<void> => {
  await expect(field).toHaveAccessibleDescription(words);
  await stage.holds('a wrong field is marked as such', async () =>
    expect(field).toHaveAttribute('aria-invalid', 'true', { timeout: 500 }),
  );
};

const typedWrongly = async (stage: Stage, person: Person): Promise<void> => {
  const { page, watch } = stage;
  const { name, email, password } = fields(stage);
  await name.fill(person.name);
  await email.fill('ann.example.org');
  await password.fill('short');
  await page.getByRole('button', { name: 'Create account' }).click();
  await expectWrong(stage, email, /ann@example\.org/u);
  await expectWrong(stage, password, /At least 8 characters/u);
  await expect(email).toBeFocused();
  await expect(email).toHaveValue('ann.example.org');
  await expect(name).toHaveValue(person.name);
  await stage.look('sign-up with errors');

  await email.fill(person.email);
  await expect(email).not.toHaveAttribute('aria-invalid', 'true');
  // 73 bytes in 37 characters: bcrypt would silently forget the end.
  await password.fill(`${'é'.repeat(36)}!`);
  await page.getByRole('button', { name: 'Create account' }).click();
  await expectWrong(stage, password, /72 bytes/u);

  // The page lets it pass; the server knows better.
  await email.fill('ann@-example-.org');
  await password.fill(person.password);
  await watch.provoking(/auth\/register/u, async () => {
    await page.getByRole('button', { name: 'Create account' }).click();
    await expectWrong(stage, email, /\S/u);
  });
  await expect(password).toHaveValue(person.password);
};

const signOut = async (stage: Stage, person: Person): Promise<void> => {
  const { page } = stage;
  await page.getByRole('button', { name: new RegExp(`Your menu.*${person.name}`, 'u') }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();
};

const signIn = async (stage: Stage, email: string, password: string): Promise<void> => {
  const typed = fields(stage);
  await typed.email.fill(email);
  await typed.password.fill(password);
  await stage.page.getByRole('button', { name: 'Sign in' }).click();
};

const tell = async (stage: Stage): Promise<void> => {
  const { page, watch, step } = stage;
  const person = newPerson();
  await step('comes to the sign-in page', async () => {
    await stage.open('/');
    await expect(page).toHaveURL(/\/sign-in$/u);
    await stage.look('sign-in');
    await page.getByRole('link', { name: 'Create an account' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Create an account' })).toBeVisible();
    await stage.look('sign-up');
  });
  await step('types wrong things', async () => typedWrongly(stage, person));
  await step('gets an account in one step', async () => {
    await fields(stage).email.fill(person.email);
    await page.getByRole('button', { name: 'Create account' }).click();
    await expect(page.getByRole('heading', { level: 1, name: `Welcome, ${person.name}` })).toBeVisible();
    rememberAdministrator(stage.product, person);
    for (const door of ['Look at the demo household', 'Start a portfolio', 'Import files']) {
      await expect(page.getByRole('heading', { level: 2, name: door })).toBeVisible();
    }
    await stage.look('start');
  });
  await step('signs out', async () => {
    await signOut(stage, person);
    await stage.open('/holdings');
    await expect(page).toHaveURL(/\/sign-in\?next=%2Fholdings$|\/sign-in\?next=\/holdings$/u);
  });
  await step('types a wrong password', async () => {
    await watch.provoking(/auth\/login/u, async () => {
      await signIn(stage, person.email, 'not the password');
      await expect(page.getByRole('alert')).toContainText(/password/iu);
    });
    await expect(fields(stage).email).toHaveValue(person.email);
    await expect(fields(stage).password).toHaveValue('not the password');
    await stage.look('sign-in refused');
  });
  await step('signs in and is where they wanted to be', async () => {
    await signIn(stage, person.email.toUpperCase(), person.password);
    await expect(page.getByRole('heading', { level: 1, name: 'Holdings' })).toBeVisible();
    await expect(page).toHaveURL(/\/holdings$/u);
    await page.reload();
    await expect(page.getByRole('heading', { level: 1, name: 'Holdings' })).toBeVisible();
    await stage.look('holdings, empty');
  });
};

export const firstAccount: Story = { number: '01', title: 'first account, sign out, sign in', tell };
