/*
 * The schema as it stands after all migrations, as SQL for people to read.
 *
 * Read from PostgreSQL's catalogue, because the embedded server brings no pg_dump; written so that PostgreSQL 15 and 18
 * give the same text. It is not meant to be run: roles, partitions made at run time and the job queue are left out.
 *
 *   readSchemaDump  the text
 *   SECTIONS        what it consists of, in order; each is one query that returns lines
 */
import type { Client } from 'pg';

import { withConnection } from '../../server/src/platform/database/connection.ts';
import { DOMAINS, EXTENSIONS, FUNCTIONS, SCHEMA_GRANTS, VIEWS } from './catalogue-objects.ts';
import {
  COLUMNS,
  COMMENTS,
  CONSTRAINTS,
  GRANTS,
  INDEXES,
  POLICIES,
  TABLES,
  TRIGGERS,
} from './catalogue-tables.ts';

type Line = { readonly object: string; readonly line: string };
type Table = { readonly object: string; readonly head: string; readonly tail: string };

const HEADER = `-- Made from db/migrations by \`npm run generate\`. Do not edit, and do not run: see db/migrations.
-- Names without schema are in pm. "owner" is the role that ran the migrations.`;

/** Everything in the schema \`pm\`, sorted by name, each table with all that belongs to it. */
export const readSchemaDump = async (ownerUrl: string): Promise<string> =>
  withConnection(ownerUrl, async (client) => {
    // Names in pm are printed without it, names elsewhere with their schema, whatever the role's own setting is.
    await client.query(`set search_path = pm; set timezone = 'UTC'; set datestyle = 'ISO'`);
    const parts = [
      HEADER,
      await section(client, 'Schema', SCHEMA_GRANTS),
      await section(client, 'Extensions', EXTENSIONS),
      await section(client, 'Domains', DOMAINS),
      title('Tables'),
      ...(await tables(client)),
      title('Views'),
      ...(await views(client)),
      title('Functions'),
      ...(await objects(client, FUNCTIONS)),
    ];
    return `${parts.map((part) => part.trimEnd()).join('\n\n')}\n`;
  });

const title = (name: string): string => `${'-'.repeat(120)}\n-- ${name}\n${'-'.repeat(120)}`;

const lines = async (client: Client, sql: string): Promise<readonly Line[]> =>
  (await client.query<Line>(sql)).rows.map(({ object, line }) => ({ object, line: line.trimEnd() }));

const section = async (client: Client, name: string, sql: string): Promise<string> =>
  [title(name), ...(await lines(client, sql)).map(({ line }) => line)].join('\n');

const objects = async (client: Client, sql: string): Promise<string[]> =>
  [...Map.groupBy(await lines(client, sql), ({ object }) => object).values()].map((own) =>
    own.map(({ line }) => line).join('\n'),
  );

const tables = async (client: Client): Promise<string[]> => {
  const heads = (await client.query<Table>(TABLES)).rows;
  const inside = Map.groupBy(
    [...(await lines(client, COLUMNS)), ...(await lines(client, CONSTRAINTS))],
    ({ object }) => object,
  );
  const after = new Map<string, string[]>();
  for (const sql of [INDEXES, TRIGGERS, POLICIES, GRANTS, COMMENTS]) {
    for (const { object, line } of await lines(client, sql)) {
      after.set(object, [...(after.get(object) ?? []), line]);
    }
  }
  return heads.map(({ object, head, tail }) =>
    [
      head,
      (inside.get(object) ?? []).map(({ line }) => `  ${line}`).join(',\n'),
      tail,
      ...(after.get(object) ?? []),
    ].join('\n'),
  );
};

/** A view's definition, then its indexes, grants and comments. */
const views = async (client: Client): Promise<string[]> => {
  const definitions = await lines(client, VIEWS);
  const extras: Line[] = [];
  for (const sql of [INDEXES, GRANTS, COMMENTS]) extras.push(...(await lines(client, sql)));
  return definitions.map(({ object, line }) =>
    [
      unqualifySingleSource(line),
      ...extras.filter((extra) => extra.object === object).map((extra) => extra.line),
    ].join('\n'),
  );
};

/**
 * PostgreSQL 15 writes `s.user_id` where a view reads only one table `s`, 16 and later write `user_id`: both become the
 * latter. Only the outermost FROM (indented by three) counts; a JOIN or a comma means several tables.
 */
export const unqualifySingleSource = (definition: string): string => {
  const source = /\n {3}FROM ("?[\w.]+"?)(?: (\w+))?(?:;$|\n(?! +(?:LEFT |RIGHT |FULL |CROSS )?JOIN ))/u.exec(
    definition,
  );
  const name = source?.[2] ?? source?.[1];
  return name === undefined
    ? definition
    : definition.replaceAll(new RegExp(`\\b${name}\\.(?=[a-z_"])`, 'gu'), '');
};
