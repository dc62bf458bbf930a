/**
 * What something that is not held yet would add to a portfolio.
 *
 * Contents: candidateAnswer
 */
import type { Candidate as CandidateContract } from '@pm/contracts/look-through';
import { candidateOf, exposureOf } from '@pm/domain/look-through';
import type { Closures, Exposure, Position } from '@pm/domain/look-through';
import { decimalText, HUNDRED, ZERO } from '@pm/domain/money';
import type { Decimal } from '@pm/domain/money';
import type { Static } from 'typebox';

import { describeInstruments, readInstrument } from '#features/instruments';
import { amountIn } from '#features/ledger';
import type { Moment } from '#features/valuation';
import type { Tx } from '#platform/database/index.ts';

import { lookedThroughBeside } from './exposure.ts';
import { comparedInstrument, notComparable } from './compared.ts';
import { portfolioSubject } from './subjects.ts';
import type { ValuedSubject } from './subjects.ts';

type Answer = Static<typeof CandidateContract>;

/** Companies that are named. */
const NAMED = 50;

/**
 * A candidate against what a portfolio holds, and with an amount of the portfolio's currency what it would hold then.
 * @throws {AppError} 404; 422 naming `amount`
 */
export const candidateAnswer = async (
  tx: Tx,
  portfolioId: string,
  query: { readonly instrument: string; readonly amount?: string },
  moment: Moment,
): Promise<Answer> => {
  const amount = query.amount === undefined ? null : amountIn('amount', query.amount, 'positive');
  const subject = await portfolioSubject(tx, portfolioId, moment);
  const instrument = await readInstrument(tx, query.instrument);
  const { looked, graph } = await lookedThroughBeside(
    tx,
    subject,
    { moment, basis: 'published' },
    instrument.id,
  );
  const { closures } = looked;
  const { newCompanies, byHeld, ...found } = candidateOf(subject.positions, instrument.id, graph, closures);
  const now = exposureOf(subject.positions, graph, 'published', { companies: 0, closures });
  const funds = byHeld.filter((one) => closures.of(one.instrumentId) !== null);
  const named = newCompanies.slice(0, NAMED);
  const facts = await describeInstruments(
    tx,
    [...funds, ...named].map((one) => one.instrumentId),
  );
  const tickerOf = (id: string): string | null => facts.get(id)?.ticker ?? null;
  return {
    asOf: moment.day.toString(),
    instrument: comparedInstrument(instrument, closures),
    ...found,
    newByRegion: { ...found.newByRegion },
    newByCountry: { ...found.newByCountry },
    newBySector: { ...found.newBySector },
    byHeld: funds.map((one) => ({
      ...one,
      name: facts.get(one.instrumentId)?.name ?? one.instrumentId,
      ticker: tickerOf(one.instrumentId),
    })),
    newCompanyCount: newCompanies.length,
    newCompanies: named.map((one) => ({ ...one, ticker: tickerOf(one.instrumentId) })),
    purchase: amount && purchaseOf(subject, instrument.id, amount, closures),
    warnings: [
      ...notComparable([instrument], closures, moment.day),
      ...now.warnings.map((warning) => warning.message),
    ],
    missing: [...subject.missing],
  };
};

/** Companies shown with their share before and after. */
const COMPANIES_AFTER = 20;

/** What the portfolio would hold with so much more of it. */
const purchaseOf = (
  subject: ValuedSubject,
  instrumentId: string,
  amount: Decimal,
  closures: Closures,
): NonNullable<Answer['purchase']> => {
  const values = new Map(subject.valueOf);
  const before = values.get(instrumentId) ?? ZERO;
  values.set(instrumentId, before.plus(amount));
  const total = subject.value.plus(amount);
  const shareOf = (value: Decimal, whole: Decimal): number =>
    whole.isZero() ? 0 : value.times(HUNDRED).div(whole).toNumber();
  const positions = [...values].map(([id, value]): Position => ({
    instrumentId: id,
    weightPct: shareOf(value, total),
  }));
  const exposureAt = (held: readonly Position[]): Exposure =>
    exposureOf(held, closures.graph, 'published', { closures });
  const [then, now] = [exposureAt(positions), exposureAt(subject.positions)];
  const pctNow = new Map(now.byCompany.map((one) => [one.instrumentId, one.pct]));
  return {
    amount: decimalText(amount),
    currency: subject.currency,
    portfolioValue: decimalText(subject.value),
    heldPctBefore: shareOf(before, subject.value),
    heldPctAfter: shareOf(before.plus(amount), total),
    before: subject.positions.length === 0 ? null : mapsOf(now),
    after: mapsOf(then),
    byCompany: then.byCompany.slice(0, COMPANIES_AFTER).map(({ instrumentId: id, name, pct }) => ({
      instrumentId: id,
      name,
      pctBefore: pctNow.get(id) ?? 0,
      pctAfter: pct,
    })),
  };
};

const mapsOf = ({ byRegion, bySector, byCountry, byCurrency, byAssetClass }: Exposure) => ({
  byRegion: { ...byRegion },
  bySector: { ...bySector },
  byCountry: { ...byCountry },
  byCurrency: { ...byCurrency },
  byAssetClass: { ...byAssetClass },
});
