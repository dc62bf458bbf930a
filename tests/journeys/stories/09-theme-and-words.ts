/** Light and dark on every page, kept from device to device; and no word on any page that could not be translated. */
import { expect } from '../run/expect.ts';

import { readVisibleTexts } from '../run/in-page.ts';
import { mainPages } from '../run/pages.ts';
import { addDemo, signUp } from '../run/person.ts';
import type { Household } from '../run/person.ts';
import type { Scheme, Stage } from '../run/stage.ts';
import type { Story } from '../run/story.ts';
import { dialogOf, heading } from '../run/ui.ts';

const OTHER: Readonly<Record<Scheme, Scheme>> = { light: 'dark', dark: 'light' };
const WORDS: Readonly<Record<Scheme, string>> = { light: 'Light', dark: 'Dark' };

const schemeOf = async ({ page }: Stage): Promise<string | null> =>
  page.locator('html').getAttribute('data-mantine-color-scheme');

/** Chooses the theme that the system does not have; it is there before the first paint, here and on other devices. */
const chooseTheme = async (stage: Stage, household: Household): Promise<void> => {
  const { page, view } = stage;
  const wanted = OTHER[view.scheme];
  await stage.open(`/settings?portfolio=${household.portfolioId}`);
  expect(await schemeOf(stage)).toBe(view.scheme);
  await page.getByRole('radiogroup', { name: 'Theme' }).getByText(WORDS[wanted], { exact: true }).click();
  await expect.poll(async () => schemeOf(stage)).toBe(wanted);
  await stage.rest();
  await page.reload({ waitUntil: 'commit' });
  await expect.poll(async () => schemeOf(stage)).toBe(wanted);
  await stage.rest();
  // Another device knows the person, not the browser's memory.
  await page.evaluate(() => localStorage.clear());
  await page.reload();
  await stage.rest();
  await expect.poll(async () => schemeOf(stage)).toBe(wanted);
};

const seeEveryPage = async (stage: Stage, household: Household): Promise<void> => {
  const scheme = OTHER[stage.view.scheme];
  for (const { name, path, title } of mainPages(household)) {
    await stage.step(`sees ${name}, ${scheme}`, async () => {
      await stage.open(path);
      await expect(heading(stage, title)).toBeVisible();
      expect(await schemeOf(stage)).toBe(scheme);
      await stage.look(`${name}, ${scheme}`);
    });
  }
};

/** Names that are the same in every language, and the browser's own writing of days, times and units. */
const UNTRANSLATED =
  /\b(?:Portfolio Manager|Ctrl K|CSV|PNG|SVG|ETF|ISIN|ECB|XLON|SWDA|IE00B4L5Y983|[A-Z]{3}|GBX|ZAc|ILA|(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*|(?:second|minute|hour|day|week|month|year)s? ago|now|(?:Europe|America|Asia|Africa|Australia|Pacific|Atlantic|Indian|Antarctica|Arctic|Etc)\/[\w/+-]+|UTC)\b/gu;
/** The browser's own names. */
const CURRENCIES = new Intl.DisplayNames(['en-GB'], { type: 'currency' });
const BROWSER_WORDS = [
  ...Intl.supportedValuesOf('currency').map((code) => CURRENCIES.of(code) ?? code),
  // Before a “day” that the server said is taken out of it.
  'yesterday',
  'Chrome',
  'Chromium',
  'Linux',
];
/** The pseudo-locale writes every letter with an accent, so plain ones come from somewhere else. */
const PLAIN_WORD = /[A-Za-z]{3,}/u;

/** Removes what the server said, longest first: it is data. */
const withoutData = (text: string, data: readonly string[]): string =>
  data.reduce((rest, one) => rest.replaceAll(one, ' '), text);

const collect = (value: unknown, found: Set<string>): void => {
  if (typeof value === 'string') {
    if (PLAIN_WORD.test(value)) found.add(value);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      collect(key, found);
      collect(inner, found);
    }
  }
};

/** Of each answer the texts in it: most answers are there again on the next page. */
const textsOfAnswers = new Map<string, ReadonlySet<string>>();

const textsOf = (answer: string): ReadonlySet<string> => {
  const known = textsOfAnswers.get(answer);
  if (known !== undefined) return known;
  const found = new Set<string>();
  try {
    collect(JSON.parse(answer), found);
  } catch {
    // An answer without a body.
  }
  textsOfAnswers.set(answer, found);
  return found;
};

/** What of the answers and the browser's own words stands on a page, longest first. */
const dataOn = (page: string, answers: ReadonlyMap<string, string>): string[] => {
  const found = new Set(BROWSER_WORDS);
  for (const answer of answers.values()) for (const text of textsOf(answer)) found.add(text);
  return [...found].filter((text) => page.includes(text)).toSorted((a, b) => b.length - a.length);
};

const readWords = async (stage: Stage, name: string): Promise<void> => {
  const texts = await stage.page.evaluate(readVisibleTexts);
  const data = dataOn(texts.join('\n'), stage.watch.answers);
  const strange = texts.filter((text) =>
    PLAIN_WORD.test(withoutData(text, data).replaceAll(UNTRANSLATED, ' ')),
  );
  if (strange.length > 0) {
    const shown = [...new Set(strange)].slice(0, 8).map((one) => `“${one.slice(0, 80)}”`);
    stage.watch.findings.push(`${name} has words outside the catalogue: ${shown.join(', ')}`);
  }
  // A page without any accent would mean that the pseudo-locale is not on.
  expect(
    texts.some((text) => /[\u00C0-\u024F]{2}/u.test(text)),
    `${name} in the pseudo-locale`,
  ).toBe(true);
};

const readEveryWord = async (stage: Stage, household: Household): Promise<void> => {
  const { page } = stage;
  await stage.context.addInitScript(() => localStorage.setItem('pm-language', 'pseudo'));
  for (const { name, path } of mainPages(household)) {
    await stage.step(`reads every word of ${name}`, async () => {
      await stage.open(path);
      await readWords(stage, name);
    });
  }
  await stage.step('reads every word of dialogs', async () => {
    await stage.open(`/holdings/${household.holdingId}`);
    const actions = page.locator('main header').first().getByRole('button');
    for (const at of [0, 1]) {
      await actions.nth(at).click();
      await expect(dialogOf(stage)).toBeVisible();
      await readWords(stage, `dialog ${at + 1} of a holding`);
      await page.keyboard.press('Escape');
      await expect(dialogOf(stage)).toHaveCount(0);
    }
    await page.keyboard.press('Control+k');
    await readWords(stage, 'the palette');
    await page.keyboard.press('Escape');
    for (const path of [
      '/?dialog=new-portfolio',
      '/markets?add=1',
      `/holdings?portfolio=${household.portfolioId}&add=1`,
    ]) {
      await stage.open(path);
      await expect(dialogOf(stage)).toBeVisible();
      // Errors are words too; the picker has nothing to send.
      const send = dialogOf(stage).locator('button[type="submit"]');
      if ((await send.count()) > 0) await send.click();
      await readWords(stage, path);
    }
  });
};

const tell = async (stage: Stage): Promise<void> => {
  const { step } = stage;
  const household = await step('has the demo household', async () => {
    await signUp(stage);
    return addDemo(stage);
  });
  await step('chooses a theme', async () => chooseTheme(stage, household));
  await seeEveryPage(stage, household);
  await readEveryWord(stage, household);
  await step('reads every word before signing in', async () => {
    await stage.context.clearCookies();
    for (const path of ['/sign-in', '/sign-up']) {
      await stage.open(path);
      await stage.page.locator('button[type="submit"]').click();
      await readWords(stage, path);
    }
  });
};

export const themeAndWords: Story = { number: '09', title: 'themes, and every word in the catalogue', tell };
