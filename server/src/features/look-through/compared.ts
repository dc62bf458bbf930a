/** Instruments that are compared, as answers show them. Contents: comparedInstrument · notComparable · noConstituents */
import type { ComparedInstrument } from '@pm/contracts/look-through';
import type { Closures } from '@pm/domain/look-through';
import type { Static } from 'typebox';

type Compared = {
  readonly id: string;
  readonly name: string;
  readonly ticker: string | null;
  readonly type: string;
};

/** An instrument with the day and the coverage of what is known of it. */
export const comparedInstrument = (
  { id, name, ticker }: Compared,
  closures: Closures,
): Static<typeof ComparedInstrument> => {
  const closure = closures.of(id);
  return {
    instrumentId: id,
    name,
    ticker,
    asOf: closure?.version.asOf ?? null,
    coveragePct: closure?.coveragePct ?? 0,
  };
};

const FUNDS: ReadonlySet<string> = new Set(['ETF', 'Fund']);

/** Says of each fund without constituents what is missing. */
export const notComparable = (
  instruments: readonly Compared[],
  closures: Closures,
  day: Temporal.PlainDate,
): string[] =>
  instruments
    .filter((one) => FUNDS.has(one.type) && closures.of(one.id) === null)
    .map((one) => noConstituents(one.name, day));

export const noConstituents = (name: string, day: Temporal.PlainDate): string =>
  `${name} has no constituents up to ${day.toString()}; import its file to compare it.`;
