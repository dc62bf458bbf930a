/** The companies that two funds both hold, or only one of them. Contents: sharedAnswer */
import type { SharedCompanies } from '@pm/contracts/look-through';
import { sharedCompanies } from '@pm/domain/look-through';
import type { SharedCompany } from '@pm/domain/look-through';
import type { Static } from 'typebox';

import { describeInstruments, readInstrument } from '#features/instruments';
import type { Moment } from '#features/valuation';
import type { Tx } from '#platform/database/index.ts';
import { DEFAULT_PAGE } from '#platform/paging.ts';

import { loadClosures } from './closures.ts';
import { searched } from './companies.ts';
import { comparedInstrument } from './compared.ts';
import { readComposition } from './composition.ts';
import { placeOrder, placeText, readPlace } from './place.ts';
import type { Place } from './place.ts';

type Query = {
  readonly a: string;
  readonly b: string;
  readonly of?: 'both' | 'onlyA' | 'onlyB';
  readonly q?: string;
  readonly limit?: number;
  readonly cursor?: string;
};

/** By what both have of it, or by what the only one has. */
const placeOf = ({ instrumentId, pctA, pctB, sharedPct }: SharedCompany): Place => ({
  pct: Math.round((sharedPct || pctA || pctB) * 1e9),
  name: '',
  id: instrumentId,
});

const aloneOf = (companies: readonly SharedCompany[]): { count: number; pct: number } => ({
  count: companies.length,
  pct: companies.reduce((sum, { pctA, pctB }) => sum + pctA + pctB, 0),
});

/** One page of them, the largest first. @throws {AppError} 404; 400 `bad_cursor` */
export const sharedAnswer = async (
  tx: Tx,
  query: Query,
  moment: Moment,
): Promise<Static<typeof SharedCompanies>> => {
  const limit = query.limit ?? DEFAULT_PAGE;
  const after = query.cursor === undefined ? null : readPlace(query.cursor, 'pct');
  const [a, b] = [await readInstrument(tx, query.a), await readInstrument(tx, query.b)];
  const closures = await loadClosures(tx, await readComposition(tx, [a.id, b.id], moment.day), 'published');
  const pair = sharedCompanies(a.id, b.id, closures.graph, closures);
  const asked = { both: pair.companies, onlyA: pair.onlyFirst, onlyB: pair.onlySecond }[query.of ?? 'both'];
  const fits = await searched(tx, query.q, () => asked.map((one) => one.instrumentId));
  const compare = placeOrder({ by: 'pct', isUp: false });
  const places = asked
    .filter((one) => fits === null || fits(one.instrumentId, one.name))
    .map((company) => ({ company, place: placeOf(company) }))
    .toSorted((one, other) => compare(one.place, other.place));
  const rest = after === null ? places : places.filter(({ place }) => compare(place, after) > 0);
  const page = rest.slice(0, limit);
  const last = rest.length > limit ? page.at(-1) : undefined;
  const facts = await describeInstruments(
    tx,
    page.map(({ company }) => company.instrumentId),
  );
  return {
    asOf: moment.day.toString(),
    a: comparedInstrument(a, closures),
    b: comparedInstrument(b, closures),
    overlapPct: pair.overlapPct,
    count: pair.companies.length,
    onlyA: aloneOf(pair.onlyFirst),
    onlyB: aloneOf(pair.onlySecond),
    found: places.length,
    items: page.map(({ company }) => ({
      ...company,
      ticker: facts.get(company.instrumentId)?.ticker ?? null,
    })),
    nextCursor: last === undefined ? null : placeText(last.place, 'pct'),
  };
};
