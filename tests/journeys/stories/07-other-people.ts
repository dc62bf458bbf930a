/** What belongs to somebody else is not there, and the page says so in words. */
import { expect } from '../run/expect.ts';

import { addDemo, newPerson, signUp } from '../run/person.ts';
import type { Stage } from '../run/stage.ts';
import type { Story } from '../run/story.ts';
import { goTo, heading } from '../run/ui.ts';

const NOT_THERE = /nothing at this address|not found|no portfolio at this address|does not exist/iu;
const SECRET = /Demo household|Demo World Shares|Demo savings/u;

const tell = async (stage: Stage): Promise<void> => {
  const { page, watch, step } = stage;
  const theirs = await step('somebody has a household', async () => {
    await signUp(stage, newPerson('Somebody Else'));
    return addDemo(stage);
  });
  await step('another person signs in', async () => {
    await stage.context.clearCookies();
    await signUp(stage, newPerson('Curious Cat'));
  });
  const of = `portfolio=${theirs.portfolioId}`;
  const addresses = {
    'their overview': `/?${of}`,
    'their holdings': `/holdings?${of}`,
    'their holding': `/holdings/${theirs.holdingId}`,
    'their private instrument': `/markets/${theirs.instrumentId}`,
    'their look-through': `/look-through?${of}`,
    'their holding, looked through': `/look-through?holding=${theirs.holdingId}`,
    'their fund, looked through': `/look-through?instrument=${theirs.instrumentId}`,
    'their overlap': `/look-through/overlap?${of}`,
    'their settings': `/settings/portfolio?${of}`,
  };
  for (const [name, path] of Object.entries(addresses)) {
    await step(`asks for ${name}`, async () => {
      await watch.provoking(/^\/api\/(?:portfolios|holdings|instruments|overlap)/u, async () =>
        stage.open(path),
      );
      await stage.holds(`${name} is not there, in words`, async () =>
        expect(page.locator('main').getByText(NOT_THERE).first()).toBeVisible({ timeout: 5_000 }),
      );
      expect(await page.locator('body').innerText()).not.toMatch(SECRET);
    });
  }
  await step('reads it and finds the way on', async () => {
    await stage.look('not found');
    await goTo(stage, 'Markets');
    await expect(heading(stage, 'Markets')).toBeVisible();
  });
};

export const otherPeople: Story = { number: '07', title: 'other people’s addresses', tell };
