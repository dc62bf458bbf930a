/**
 * Instruments that a statement's or an older system's securities may be, by number, ticker and name.
 *
 * Contents: WantedSecurity · FoundSecurity · findSecurities
 */
import { isinFromSedol, namesAgree, sedolFromIsin } from '@pm/domain/look-through';
import { sql } from 'kysely';

import type { Tx } from '#platform/database/index.ts';

export type WantedSecurity = {
  readonly key: string;
  readonly isin: string | null;
  readonly sedol: string | null;
  readonly ticker: string | null;
  readonly mic: string | null;
  readonly name: string | null;
};

type How = 'isin' | 'sedol' | 'ticker' | 'name';

type Hit = {
  readonly key: string;
  readonly how: How;
  readonly id: string;
  readonly name: string;
  readonly isOwn: boolean;
  readonly mic: string | null;
};

/** An instrument that a security may be. `sure` when nothing speaks for another one. */
export type FoundSecurity = {
  readonly instrumentId: string;
  readonly name: string;
  readonly how: How;
  readonly sure: boolean;
};

/** Candidates shown for one security. */
const MOST = 6;

type Look = readonly [key: string, how: How, value: string];

const looksOf = (one: WantedSecurity): Look[] => {
  const sedols = [one.sedol, one.isin === null ? null : sedolFromIsin(one.isin)];
  const isins = [
    one.isin,
    ...(one.sedol === null ? [] : [isinFromSedol(one.sedol, 'GB'), isinFromSedol(one.sedol, 'IE')]),
  ];
  const found: (readonly [How, string | null])[] = [
    ...isins.map((value) => [value === one.isin ? 'isin' : 'sedol', value] as const),
    ...sedols.map((value) => ['sedol', value] as const),
    ['ticker', one.ticker],
    ['name', one.name === null ? null : one.name.toLowerCase()],
  ];
  return found.flatMap(([how, value]) => (value === null ? [] : [[one.key, how, value] as const]));
};

const search = async (tx: Tx, looks: readonly Look[], owner: string): Promise<Hit[]> => {
  const found = await sql<Hit>`
    with wanted as materialized (
      select * from unnest(${looks.map(([key]) => key)}::text[], ${looks.map(([, how]) => how)}::text[],
        ${looks.map(([, , value]) => value)}::text[]) as w (key, how, value)
    ), hits as (
      select w.key, w.how, f.id, null::text as mic from wanted w cross join lateral (
        select d.instrument_id as id from pm.instrument_identifiers d
        where w.how in ('isin', 'sedol') and d.scheme = case when length(w.value) = 12 then 'isin' else 'sedol' end
          and d.value = w.value offset 0) f
      union
      select w.key, w.how, f.id, f.mic from wanted w cross join lateral (
        select l.instrument_id as id, l.mic from pm.instrument_listings l
        where w.how = 'ticker' and upper(l.ticker) = w.value and l.delisted_on is null offset 0) f
      union
      select w.key, w.how, f.id, null from wanted w cross join lateral (
        select n.id from pm.instruments_named(array[w.value]) as n (id) where w.how = 'name' offset 0) f
    )
    select distinct h.key, h.how, h.mic, i.id, i.name, (i.owner_user_id is not null) as "isOwn"
    from hits h join pm.instruments i on i.id = h.id
    where i.owner_user_id is null or i.owner_user_id = ${owner}::uuid
    order by h.key, i.id`.execute(tx);
  return found.rows;
};

/** One's own instrument counts before a shared one of the same number. */
const preferred = (hits: readonly Hit[]): Hit | null => {
  const own = hits.filter((hit) => hit.isOwn);
  const ids = new Set((own.length > 0 ? own : hits).map((hit) => hit.id));
  const [only] = ids;
  return ids.size === 1 ? (hits.find((hit) => hit.id === only) ?? null) : null;
};

const sureOf = (one: WantedSecurity, hits: readonly Hit[]): Hit | null => {
  for (const how of ['isin', 'sedol'] as const) {
    const hit = preferred(hits.filter((each) => each.how === how));
    if (hit !== null) return hit;
  }
  // A number that nobody has is another security than the one that has the ticker.
  if (one.isin !== null || one.sedol !== null) return null;
  const tickers = hits.filter((hit) => hit.how === 'ticker');
  const onExchange = one.mic === null ? null : preferred(tickers.filter((hit) => hit.mic === one.mic));
  const alone = onExchange ?? preferred(tickers);
  if (alone === null) return null;
  const agrees = one.name !== null && namesAgree(one.name, alone.name) === 'agree';
  return onExchange !== null || agrees ? alone : null;
};

/**
 * What each security may be, the sure one first, with the eyes of the owner of a portfolio. An ISIN or SEDOL decides; a
 * ticker only with its exchange or an agreeing name; a name alone is a candidate to be asked about.
 */
export const findSecurities = async (
  tx: Tx,
  wanted: readonly WantedSecurity[],
  owner: string,
): Promise<ReadonlyMap<string, readonly FoundSecurity[]>> => {
  const looks = wanted.flatMap(looksOf);
  const hits = Map.groupBy(looks.length === 0 ? [] : await search(tx, looks, owner), (hit) => hit.key);
  return new Map(
    wanted.map((one) => {
      const mine = hits.get(one.key) ?? [];
      const sure = sureOf(one, mine);
      const others = new Map(mine.map((hit) => [hit.id, hit]));
      const inOrder = [
        ...(sure === null ? [] : [sure]),
        ...[...others.values()].filter((hit) => hit.id !== sure?.id),
      ];
      return [
        one.key,
        inOrder.slice(0, MOST).map((hit) => ({
          instrumentId: hit.id,
          name: hit.name,
          how: hit.how,
          sure: hit.id === sure?.id,
        })),
      ];
    }),
  );
};
