/**
 * At the end of a run, spoils the database of the real product and looks whether the whole way from reading to judging
 * finds that. A run that ends well has so shown that it could have ended otherwise.
 *
 * Contents: sabotage
 */
import { asSuperuser, checkDatabase } from './database-checks.ts';
import { tradePlace } from './figures.ts';
import { judge } from './judge.ts';
import { readBack } from './read-back.ts';
import type { World } from './settle.ts';
import type { Write } from './book.ts';
import { startWriters } from './writers.ts';

/** No other round has this number. */
const SABOTAGE_ROUND = 0;
const ENOUGH = 60;

/** Spoils four writes. @returns what was not found */
export const sabotage = async (world: World): Promise<readonly string[]> => {
  const { book, household, product, told } = world;
  await writeSome(world);
  // What is wrong already has been told; it is not what is planted here.
  const done = book.writes.filter(({ standing, place }) => standing === 'acknowledged' && !told.has(place));
  const [lost, altered, doubled] = done.filter(({ place }) => place.startsWith('trade '));
  const half = done.findLast(({ place }) => place.startsWith('constituents '));
  if (lost === undefined || altered === undefined || doubled === undefined || half === undefined) {
    return ['too little was written to spoil any of it'];
  }
  await asSuperuser(product.install, [
    `delete from trades where notes = ${quoted(lost)}`,
    `update trades set fees = fees + 0.000000000000000001 where notes = ${quoted(altered)}`,
    `insert into trades select (jsonb_populate_record(t, jsonb_build_object('id', gen_random_uuid(), 'seq', t.seq + 1))).*
       from trades t where notes = ${quoted(doubled)}`,
    `delete from constituents where (import_id, child_instrument_id) = (
       select c.import_id, c.child_instrument_id from constituents c
       where c.import_id = ${importOf(half)} limit 1)`,
  ]);
  const { observed, problems } = await readBack(household, [half]);
  const said = judge(book.writes, observed)
    .filter(({ place }) => !told.has(place))
    .map(({ kind, place }) => `${kind} ${place}`);
  const expected = [
    `lost ${tradePlace(lost.id)}`,
    `altered ${tradePlace(altered.id)}`,
    `doubled ${tradePlace(doubled.id)}`,
    `altered ${half.place}`,
  ];
  const database = await checkDatabase(product.install);
  return [
    ...expected.filter((one) => !said.includes(one)).map((one) => `planted and not found: ${one}`),
    ...said.filter((one) => !expected.includes(one)).map((one) => `not planted and found: ${one}`),
    ...(problems.length > 0 ? [] : ['planted and not found: a quantity that is not the sum of its trades']),
    ...['pm verify', 'half an import']
      .filter((words) => !database.problems.some((problem) => problem.startsWith(words)))
      .map((words) => `planted and not found: ${words}`),
  ];
};

/** So that there is something to spoil after rounds in which nobody wrote. */
const writeSome = async ({ book, household, seed }: World): Promise<void> => {
  book.turnTo(SABOTAGE_ROUND);
  const writers = startWriters(household, book, { seed, round: SABOTAGE_ROUND });
  await writers.reached(ENOUGH);
  await writers.stop();
};

const quoted = ({ id }: Write): string => `'${id.replaceAll("'", "''")}'`;

/** The import that counts at the place of a write. */
const importOf = ({ place }: Write): string => {
  const [, id = '', asOf = ''] = /^constituents of (\S+) on (\S+)$/u.exec(place) ?? [];
  return `(select id from constituent_imports
           where parent_instrument_id = '${id}' and as_of = '${asOf}' and status = 'active')`;
};
