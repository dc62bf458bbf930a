/** At 200 % zoom and on the narrowest phone no page scrolls sideways, and everything on it can be reached. */
import { expect } from '../run/expect.ts';

import { mainPages } from '../run/pages.ts';
import { addDemo, signUp } from '../run/person.ts';
import type { Stage } from '../run/stage.ts';
import type { Story } from '../run/story.ts';
import { dialogOf, heading } from '../run/ui.ts';

const NARROWEST = { width: 320, height: 568 };

const tell = async (stage: Stage): Promise<void> => {
  const { page, view, step } = stage;
  const household = await step('has the demo household', async () => {
    await signUp(stage);
    return addDemo(stage);
  });
  const size = stage.isPhone ? NARROWEST : { width: view.width / 2, height: view.height / 2 };
  await page.setViewportSize(size);
  for (const { name, path, title } of mainPages(household)) {
    await step(`reads ${name} at ${size.width} px`, async () => {
      await stage.open(path);
      await expect(heading(stage, title)).toBeVisible();
      await stage.lookAtWidth(`${name} at ${size.width} px`);
    });
  }
  await step('reads the names of the pages', async () => {
    const names = page
      .getByRole('navigation', { name: 'Pages', exact: true })
      .locator('a > span, button > span');
    const cut = await names.evaluateAll((all) =>
      all.filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.textContent),
    );
    expect(cut, 'names that are cut').toEqual([]);
  });
  await step('fills in a dialog', async () => {
    await stage.open(`/holdings/${household.holdingId}`);
    await page.getByRole('button', { name: 'Record a trade' }).click();
    await expect(dialogOf(stage)).toBeVisible();
    await stage.look(`a dialog at ${size.width} px`);
    await dialogOf(stage).getByRole('button', { name: 'Record trade' }).click();
    await expect(dialogOf(stage).getByLabel('Quantity')).toBeInViewport();
    await dialogOf(stage).getByRole('button', { name: 'Cancel' }).click();
  });
};

export const zoom: Story = { number: '08', title: '200 % zoom and narrow phones', tell };
