/** The companies that two funds both hold. Contents: sharedAnswer */
import type { SharedCompanies } from '@pm/contracts/look-through';
import { sharedCompanies } from '@pm/domain/look-through';
import type { SharedCompany } from '@pm/domain/look-through';
import type { Static } from 'typebox';

import { describeInstruments, readInstrument } from '#features/instruments';
import type { Moment } from '#features/valuation';
import type { Tx } from '#platform/database/index.ts';
import { DEFAULT_PAGE } from '#platform/paging.ts';

import { loadClosures } from './closures.ts';
import { comparedInstrument } from './compared.ts';
import { placeOrder, placeText, readPlace } from './place.ts';
import type { Place } from './place.ts';

type Query = { readonly a: string; readonly b: string; readonly limit?: number; readonly cursor?: string };

const placeOf = ({ instrumentId, sharedPct }: SharedCompany): Place => ({
  pct: Math.round(sharedPct * 1e9),
  name: '',
  id: instrumentId,
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
  const closures = await loadClosures(tx, [a.id, b.id], moment.day, 'published');
  const { overlapPct, companies } = sharedCompanies(a.id, b.id, closures.graph, closures);
  const compare = placeOrder({ by: 'pct', isUp: false });
  const places = companies
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
    overlapPct,
    count: companies.length,
    items: page.map(({ company }) => ({
      ...company,
      ticker: facts.get(company.instrumentId)?.ticker ?? null,
    })),
    nextCursor: last === undefined ? null : placeText(last.place, 'pct'),
  };
};
