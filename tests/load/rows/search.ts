/** Searching among many instruments, against reading the instruments found by their ids. */
import { listInstruments } from '../../../server/src/features/instruments/service.ts';
import { createDatabase } from '../../../server/src/platform/database/database.ts';
import { withTenant } from '../../../server/src/platform/database/transaction.ts';
import { interleave } from '../measure.ts';
import { requireEqual, withClient } from '../row.ts';
import type { Bench, Outcome, Row } from '../row.ts';
import { analyse } from '../seed.ts';

const PAGE = 20;
const TURNS = 20;
/** Words of the names: forty by forty, so that two words find one in sixteen hundred. */
const WORDS = [
  'Alder Amber Anchor Arbour Ash Aurora Barley Basalt Beacon Birch Bramble Brook Cedar Chalk Cinder Cliff Clover Cobalt Copper Coral',
  'Crane Dale Delta Dune Ember Falcon Fern Flint Garnet Glacier Granite Harbour Hazel Heather Heron Indigo Iris Ivory Juniper Kestrel',
].flatMap((line) => line.split(' '));
/** What is typed: two words of a name, the beginning of a word, a ticker, and one with a provider's suffix. */
const TYPED = ['glacier harbour', 'kestrel aurora', 'cobalt jun', 'SR0000777', 'SR0000778.L'];

const seedInstruments = async ({ owner, sizes }: Bench): Promise<void> => {
  await withClient(owner, async (client) => {
    await client.query('set statement_timeout = 0');
    await client.query(
      `with made as (
         insert into pm.instruments (id, type, name, currency, asset_class)
         select gen_random_uuid(), 'Stock', ($1::text[])[1 + n % 40] || ' ' || ($1::text[])[1 + n / 40 % 40] || ' ' || n, 'GBP', 'Equity'
         from generate_series(1, $2::integer) as n returning id, name)
       insert into pm.instrument_listings (id, instrument_id, mic, ticker, currency, quote_unit, is_primary)
       select gen_random_uuid(), id, 'XLON', 'SR' || lpad(split_part(name, ' ', 3), 7, '0'), 'GBP', 'GBP', true from made`,
      [WORDS, sizes.manyInstruments],
    );
    // As the database does by itself within minutes of such a change.
    await client.query('vacuum pm.instruments');
    await analyse(client);
  });
};

const run = async (bench: Bench): Promise<Outcome> => {
  const { install, sizes } = bench;
  await seedInstruments(bench);
  const db = createDatabase({ url: install.appUrl, max: 1 });
  const tenant = { userId: install.person.id };
  const search = async (query: string) =>
    withTenant(db, tenant, async (tx) => listInstruments(tx, { query, limit: PAGE }));
  try {
    const found = new Map<string, readonly string[]>();
    for (const query of TYPED) {
      const { items } = await search(query);
      found.set(
        query,
        items.map(({ id }) => id),
      );
    }
    const lookUp = async (query: string): Promise<number> =>
      withClient(bench.app, async (client) => {
        await client.query('begin');
        await client.query({
          name: 'bare-user',
          text: "select set_config('app.user_id', $1, true)",
          values: [tenant.userId],
        });
        const values = [found.get(query) ?? []];
        const { rows } = await client.query({
          name: 'bare-look-up',
          text: 'select * from pm.instrument_details where id = any ($1)',
          values,
        });
        await client.query({
          name: 'bare-lines',
          text: 'select * from pm.instrument_listings where instrument_id = any ($1)',
          values,
        });
        await client.query('commit');
        return rows.length;
      });
    for (const query of TYPED) {
      requireEqual(
        `The instruments found by ${query}`,
        (await search(query)).items.length,
        await lookUp(query),
      );
      if ((found.get(query)?.length ?? 0) === 0) throw new Error(`Nothing was found by ${query}.`);
    }
    const millis = async (work: (query: string) => Promise<unknown>): Promise<number> => {
      const began = performance.now();
      for (let turn = 0; turn < TURNS; turn += 1) for (const query of TYPED) await work(query);
      return (performance.now() - began) / (TURNS * TYPED.length);
    };
    const comparison = await interleave('ms', bench.pace, {
      ours: async () => millis(search),
      baseline: async () => millis(lookUp),
    });
    const counts = TYPED.map((query) => `${query}: ${found.get(query)?.length ?? 0}`).join(', ');
    return { comparison, notes: [`${sizes.manyInstruments} instruments; found ${counts}`] };
  } finally {
    await db.destroy();
  }
};

export const searchRow: Row = {
  name: 'search among many instruments',
  baseline: 'reading the same rows by their ids',
  target: { atMost: 3 },
  run,
};
