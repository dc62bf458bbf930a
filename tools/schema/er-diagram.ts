import { withConnection } from '../../server/src/platform/database/connection.ts';

type KeyColumn = {
  readonly table: string;
  readonly column: string;
  readonly type: string;
  readonly keys: string;
};
type ForeignKey = {
  readonly child: string;
  readonly parent: string;
  readonly columns: string;
  readonly optional: boolean;
  readonly unique: boolean;
};

/** Tables with their key columns, and one line for each foreign key, as a Mermaid diagram. */
export const readErDiagram = async (ownerUrl: string): Promise<string> =>
  withConnection(ownerUrl, async (client) => {
    const columns = (await client.query<KeyColumn>(KEY_COLUMNS)).rows;
    const foreignKeys = (await client.query<ForeignKey>(FOREIGN_KEYS)).rows;
    return [
      '# Tables and foreign keys',
      '',
      'Made from `db/migrations` by `npm run generate`. Only key columns are shown; `schema.sql` beside this file has all.',
      '',
      '```mermaid',
      'erDiagram',
      ...tables(columns),
      ...foreignKeys.map(relation),
      '```',
      '',
    ].join('\n');
  });

const tables = (columns: readonly KeyColumn[]): string[] =>
  [...Map.groupBy(columns, ({ table }) => table)].flatMap(([table, own]) => [
    `  ${table} {`,
    ...own.map(({ column, type, keys }) => `    ${type} ${column} ${keys}`),
    '  }',
  ]);

/** `||` one, `|o` none or one, `o{` any number. */
const relation = ({ child, parent, columns, optional, unique }: ForeignKey): string =>
  `  ${parent} ${optional ? '|o' : '||'}--${unique ? 'o|' : 'o{'} ${child} : "${columns}"`;

const KEY_COLUMNS = `
  select c.relname as "table", a.attname as "column",
         regexp_replace(format_type(coalesce(nullif(t.typbasetype, 0), t.oid), null), '[^a-z0-9]+', '_', 'g') as type,
         string_agg(distinct case k.contype when 'p' then 'PK' else 'FK' end, ', ' order by case k.contype when 'p' then 'PK' else 'FK' end desc) as keys
    from pg_constraint k
    join pg_class c on c.oid = k.conrelid and c.relkind in ('r', 'p') and not c.relispartition
    join pg_attribute a on a.attrelid = c.oid and a.attnum = any (k.conkey)
    join pg_type t on t.oid = a.atttypid
   where k.connamespace = 'pm'::regnamespace and k.contype in ('p', 'f')
   group by c.relname, a.attname, a.attnum, t.typbasetype, t.oid
   order by c.relname collate "C", a.attnum`;

const FOREIGN_KEYS = `
  select child.relname as child, parent.relname as parent,
         (select string_agg(a.attname, ', ' order by k.ord)
            from unnest(f.conkey) with ordinality as k (attnum, ord)
            join pg_attribute a on a.attrelid = f.conrelid and a.attnum = k.attnum) as columns,
         exists (select from pg_attribute a
                  where a.attrelid = f.conrelid and a.attnum = any (f.conkey) and not a.attnotnull) as optional,
         exists (select from pg_constraint u
                  where u.conrelid = f.conrelid and u.contype in ('p', 'u') and u.conkey <@ f.conkey) as "unique"
    from pg_constraint f
    join pg_class child on child.oid = f.conrelid and not child.relispartition
    join pg_class parent on parent.oid = f.confrelid
   where f.contype = 'f' and f.connamespace = 'pm'::regnamespace and f.conparentid = 0
   order by parent.relname collate "C", child.relname collate "C", f.conname collate "C"`;
