/** `pm prices`: months of prices taken out and put back, old quotes thinned. */
import { movePrices, tidyPrices } from '#features/market-data';

import { CommandError, createRuntime, withDatabases } from '../runtime.ts';

/** Thins old quotes in all months, not only in the last weeks as every night. */
export const tidyAllPrices = async (): Promise<void> => {
  const runtime = createRuntime(true);
  const { intradayDays } = runtime.config;
  const { months, thinned } = await withDatabases(runtime, async ({ worker }) =>
    tidyPrices(worker, runtime.clock.now(), { intradayDays, everything: true }),
  );
  process.stdout.write(`${thinned} old quotes thinned, ${months} months made.\n`);
};

/** @throws {CommandError} for what is no month, or where there is none */
export const movePriceMonth = async (act: 'detach' | 'attach', text: string): Promise<void> => {
  const month = readMonth(text);
  const runtime = createRuntime(true);
  const done = await withDatabases(runtime, async ({ worker }) => movePrices(worker, act, month));
  if (!done) {
    const what = act === 'detach' ? 'There are no prices of' : 'Nothing was taken out of';
    throw new CommandError(`${what} ${text}.`);
  }
  process.stdout.write(
    act === 'detach'
      ? `Prices of ${text} are now in the table pm.detached_prices_${text.replace('-', '_')}, and count no more.\n`
      : `Prices of ${text} count again.\n`,
  );
};

const readMonth = (text: string): Temporal.PlainDate => {
  try {
    return Temporal.PlainYearMonth.from(text).toPlainDate({ day: 1 });
  } catch {
    throw new CommandError(`“${text}” is not a month such as 2015-03.`);
  }
};
