/**
 * What must hold for every table, view and function of the schema, asked of PostgreSQL's own catalogue.
 *
 * Each rule is a query that returns a line for each thing that breaks it. A table added later is covered without a
 * change here. "User-owned" is every table with a `user_id` or an `owner_user_id`.
 * Contents: RULES (row-level security · keys · privileges · functions and views · conventions) · findViolations
 */
import type { Client } from 'pg';

/** A rule of the schema. */
export type Rule = {
  readonly name: string;
  /** Returns one column, `problem`. */
  readonly sql: string;
};

/** Tables of the schema as people know them: partitions are part of their parent. */
const TABLES = `(
  select c.oid, c.relname as name, c.relowner, c.relrowsecurity, c.relforcerowsecurity,
    exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'user_id' and not a.attisdropped) as has_user,
    exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'owner_user_id' and not a.attisdropped) as has_owner
  from pg_class c
  where c.relnamespace = 'pm'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition)`;

const COLUMNS = `(
  select t.oid as table_oid, t.name as table_name, a.attname as column_name, a.attnum, a.attnotnull, a.attgenerated,
    coalesce(nullif(y.typbasetype, 0), a.atttypid) as base_type, y.typname as type_name,
    t.has_user, t.has_owner
  from ${TABLES} t join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
  join pg_type y on y.oid = a.atttypid)`;

/** Functions that are ours and not an extension's. */
const FUNCTIONS = `(
  select p.* from pg_proc p
  where p.pronamespace = 'pm'::regnamespace
    and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e'))`;

const FOREIGN_KEYS = `(
  select k.oid, k.conname, k.conrelid, k.confrelid, k.confdeltype, k.confdelsetcols, t.name as table_name,
    (select array_agg(a.attname::text order by u.nth) from unnest(k.conkey) with ordinality u (num, nth)
       join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.num) as columns,
    (select array_agg(a.attname::text order by u.nth) from unnest(k.confkey) with ordinality u (num, nth)
       join pg_attribute a on a.attrelid = k.confrelid and a.attnum = u.num) as referenced
  from pg_constraint k join ${TABLES} t on t.oid = k.conrelid
  where k.contype = 'f' and k.conparentid = 0)`;

const COMMANDS = `(values ('SELECT', 'r'), ('INSERT', 'a'), ('UPDATE', 'w'), ('DELETE', 'd')) as command (privilege, code)`;

const MAY = (role: string, table: string, privilege: string): string =>
  `(has_table_privilege('${role}', ${table}, ${privilege})
    or (${privilege} <> 'DELETE' and has_any_column_privilege('${role}', ${table}, case ${privilege} when 'DELETE' then 'SELECT' else ${privilege} end)))`;

const ROW_LEVEL_SECURITY: readonly Rule[] = [
  {
    name: 'user-owned tables enable and force row-level security',
    sql: `select format('%s: row-level security is not enabled and forced', t.name) as problem from ${TABLES} t
      where (t.has_user or t.has_owner or t.name = 'users') and not (t.relrowsecurity and t.relforcerowsecurity)`,
  },
  {
    name: 'so does every table that requests may use at all',
    sql: `select format('%s: app may use it without row-level security', t.name) as problem from ${TABLES} t
      where t.name <> 'schema_migrations' and not (t.relrowsecurity and t.relforcerowsecurity)
        and exists (select from ${COMMANDS} where ${MAY('app', 't.oid', 'command.privilege')})`,
  },
  {
    name: 'user-owned tables have a policy for app on each command that app may use',
    sql: `select format('%s: no policy for app on %s', t.name, command.privilege) as problem from ${TABLES} t, ${COMMANDS}
      where (t.has_user or t.has_owner or t.name = 'users')
        and (command.code = 'r' or ${MAY('app', 't.oid', 'command.privilege')})
        and not exists (select from pg_policy p where p.polrelid = t.oid and p.polcmd in (command.code::"char", '*')
          and 'app'::regrole = any (p.polroles))`,
  },
  {
    name: 'policies for app on user-owned tables compare with the person of the transaction',
    sql: `select format('%s: policy %s does not ask who it is', t.name, p.polname) as problem
      from ${TABLES} t join pg_policy p on p.polrelid = t.oid
      where (t.has_user or t.has_owner or t.name = 'users') and 'app'::regrole = any (p.polroles)
        and (coalesce(pg_get_expr(p.polqual, p.polrelid), 'app.user_id') not like '%app.user_id%'
          or coalesce(pg_get_expr(p.polwithcheck, p.polrelid), 'app.user_id') not like '%app.user_id%'
          or pg_get_expr(p.polqual, p.polrelid) ~ '(^true| OR true|NOT \\()'
          or p.polpermissive is false)`,
  },
  {
    name: 'policies for app read the setting once a statement and survive an empty one',
    sql: `select format('%s: policy %s reads the setting in another way', t.name, p.polname) as problem
      from ${TABLES} t join pg_policy p on p.polrelid = t.oid
      cross join lateral (select concat(pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)) as text) e
      where 'app'::regrole = any (p.polroles)
        and regexp_count(e.text, 'app\\.user_id') <>
          regexp_count(e.text, 'SELECT \\(NULLIF\\(current_setting\\(''app\\.user_id''::text, true\\), ''''::text\\)\\)::uuid')`,
  },
  {
    name: 'policies for app never meet everybody',
    sql: `select format('%s: policy %s is for everybody', t.name, p.polname) as problem
      from ${TABLES} t join pg_policy p on p.polrelid = t.oid where 0 = any (p.polroles)`,
  },
  {
    name: 'tables with row-level security have one policy for owner and worker',
    sql: `select format('%s: owner and worker have no policy of their own', t.name) as problem from ${TABLES} t
      where t.relrowsecurity and not exists (select from pg_policy p where p.polrelid = t.oid and p.polcmd = '*' and p.polpermissive
        and p.polroles @> array[t.relowner, 'worker'::regrole::oid] and not 'app'::regrole = any (p.polroles)
        and pg_get_expr(p.polqual, p.polrelid) = 'true' and pg_get_expr(p.polwithcheck, p.polrelid) = 'true')`,
  },
];

const KEYS: readonly Rule[] = [
  {
    name: 'user-owned tables have a primary key that begins with the person',
    sql: `select format('%s: the primary key does not begin with user_id', c.table_name) as problem from ${COLUMNS} c
      where c.column_name = 'user_id' and c.attnotnull
        and not exists (select from pg_index i where i.indrelid = c.table_oid and i.indisprimary and i.indkey[0] = c.attnum)`,
  },
  {
    name: 'every table has a primary key',
    sql: `select format('%s: no primary key', t.name) as problem from ${TABLES} t
      where not exists (select from pg_index i where i.indrelid = t.oid and i.indisprimary)`,
  },
  {
    name: 'foreign keys are covered by an index',
    sql: `select format('%s (%s): no index for the foreign key', k.table_name, array_to_string(k.columns, ', ')) as problem
      from ${FOREIGN_KEYS} k
      where not exists (
        select from pg_index i cross join lateral (
          select array_agg(a.attname::text order by u.nth) as columns from unnest(i.indkey::int2[]) with ordinality u (num, nth)
          join pg_attribute a on a.attrelid = i.indrelid and a.attnum = u.num
          where u.nth <= i.indnkeyatts) x
        where i.indrelid = k.conrelid
          and (i.indpred is null or pg_get_expr(i.indpred, i.indrelid) = format('(%s IS NOT NULL)', k.columns[1]))
          -- Either all its columns come first, or, since ids are unique by themselves, the id that it refers to does.
          and (x.columns[1:cardinality(k.columns)] @> k.columns
            or (cardinality(k.columns) > 1 and x.columns[1] = k.columns[cardinality(k.columns)])))`,
  },
  {
    name: 'foreign keys to user-owned tables carry the person along',
    sql: `select format('%s (%s): may refer to a row of somebody else', k.table_name, array_to_string(k.columns, ', ')) as problem
      from ${FOREIGN_KEYS} k join ${COLUMNS} c on c.table_oid = k.confrelid and c.column_name = 'user_id' and c.attnotnull
      where not 'user_id' = any (k.referenced)`,
  },
  {
    name: 'setting null on delete names its column',
    sql: `select format('%s (%s): deleting the parent would null a column that may not be', k.table_name, array_to_string(k.columns, ', ')) as problem
      from ${FOREIGN_KEYS} k
      where k.confdeltype = 'n' and exists (select from pg_attribute a where a.attrelid = k.conrelid and a.attnotnull
        and a.attnum = any (coalesce(k.confdelsetcols, (select f.conkey from pg_constraint f where f.oid = k.oid))))`,
  },
  {
    name: 'references to instruments stay within the scope of the row',
    sql: `select format('%s (%s): may refer to an instrument of somebody else', k.table_name, k.columns[1]) as problem
      from ${FOREIGN_KEYS} k join ${TABLES} t on t.oid = k.conrelid
      where k.confrelid = 'pm.instruments'::regclass and (t.has_user or t.has_owner)
        and 2 > (select count(*) from pg_trigger g join pg_proc p on p.oid = g.tgfoid
          where g.tgrelid = k.conrelid and p.proname like 'check\\_instrument\\_scope\\_row%'
            and split_part(encode(g.tgargs, 'escape'), '\\000', 1) = k.columns[1])`,
  },
];

/** No answer that is kept shows them: records, and what was merely computed. */
const UNTOLD = [
  'audit_log',
  'idempotency_keys',
  'import_runs',
  'personal_access_tokens',
  'provider_credentials',
  'session_tokens',
  'stream_outbox',
  'exposure_snapshots',
  'overlap_matrices',
  'portfolio_snapshots',
  'holding_snapshots',
  'import_columns',
];

const CHANGES: readonly Rule[] = [
  {
    name: 'every change of what somebody may be shown is told to all processes',
    sql: `select format('%s: %s is not told', t.name, command.privilege) as problem
      from ${TABLES} t, ${COMMANDS}
      where (t.has_user or t.has_owner or t.name in ('users', 'prices', 'fx_rates'))
        and t.name not like '%\\_history' and not t.name = any ('{${UNTOLD.join(',')}}')
        and command.privilege <> 'SELECT'
        and not exists (select from pg_trigger g join pg_proc p on p.oid = g.tgfoid
          where g.tgrelid = t.oid and p.proname in ('tell_changes', 'tell_changes_to_all')
            and g.tgtype & case command.code when 'a' then 4 when 'd' then 8 else 16 end > 0)`,
  },
];

const PRIVILEGES: readonly Rule[] = [
  {
    name: 'app owns nothing, nor does worker in the schema',
    sql: `select format('%s belongs to %s', x.what, x.owner::regrole) as problem from (
        select format('table %s', c.oid::regclass) as what, c.relowner as owner, c.relnamespace as schema from pg_class c
        union all select format('function %s', p.oid::regprocedure), p.proowner, p.pronamespace from pg_proc p
        union all select format('type %s', y.typname), y.typowner, y.typnamespace from pg_type y
        union all select format('schema %s', n.nspname), n.nspowner, n.oid from pg_namespace n) x
      where x.owner = 'app'::regrole or (x.owner = 'worker'::regrole and x.schema = 'pm'::regnamespace)`,
  },
  {
    name: 'no role goes around row-level security',
    sql: `select format('role %s is superuser, has BYPASSRLS, or may act as another', r.rolname) as problem from pg_roles r
      where r.rolname in ('app', 'worker', 'pm_auth', 'pm_audit') and (r.rolsuper or r.rolbypassrls or r.rolcreaterole
        or (r.rolname like 'pm\\_%' and r.rolcanlogin)
        or exists (select from pg_auth_members m where m.member = r.oid))`,
  },
  {
    name: 'nobody makes things in the schema but the owner',
    sql: `select format('role %s may create in the schema', r.rolname) as problem from pg_roles r
      where r.rolname in ('app', 'worker', 'pm_auth', 'pm_audit') and has_schema_privilege(r.oid, 'pm', 'CREATE')
      union all select 'everybody may look into the schema' from pg_namespace n, aclexplode(n.nspacl) a
      where n.nspname = 'pm' and a.grantee = 0`,
  },
  {
    name: 'PUBLIC has no privilege on any table',
    sql: `select format('%s: PUBLIC has %s', c.relname, a.privilege_type) as problem from pg_class c, aclexplode(c.relacl) a
      where c.relnamespace = 'pm'::regnamespace and a.grantee = 0`,
  },
  {
    name: 'requests and jobs read and write rows and do nothing else to tables',
    sql: `select format('%s: %s has %s', c.relname, r.name, a.privilege_type) as problem
      from pg_class c, aclexplode(c.relacl) a, (values ('app'), ('worker')) r (name)
      where c.relnamespace = 'pm'::regnamespace and c.relkind <> 'S' and a.grantee = r.name::regrole
        and a.privilege_type not in ('SELECT', 'INSERT', 'UPDATE', 'DELETE')`,
  },
  {
    name: 'requests cannot touch partitions directly',
    sql: `select format('%s: app may use a partition directly', c.relname) as problem from pg_class c, ${COMMANDS}
      where c.relnamespace = 'pm'::regnamespace and c.relispartition and c.relkind in ('r', 'p')
        and ${MAY('app', 'c.oid', 'command.privilege')}`,
  },
  {
    name: 'requests cannot read secrets',
    sql: `select format('%s.%s: app may read it', c.table_name, c.column_name) as problem from ${COLUMNS} c
      where c.column_name in ('password_hash', 'token_hash', 'refresh_hash', 'previous_hash')
        and has_column_privilege('app', c.table_oid, c.attnum, 'SELECT')`,
  },
  {
    name: 'requests cannot change whose row it is, nor what triggers keep',
    sql: `select format('%s.%s: app may update it', c.table_name, c.column_name) as problem from ${COLUMNS} c
      where c.column_name in ('id', 'user_id', 'owner_user_id', 'owner_id', 'created_at', 'updated_at', 'version', 'is_demo', 'password_hash')
        and has_column_privilege('app', c.table_oid, c.attnum, 'UPDATE')
      union all
      select format('%s.%s: app may set it', c.table_name, c.column_name) from ${COLUMNS} c
      where c.column_name in ('updated_at', 'version') and has_column_privilege('app', c.table_oid, c.attnum, 'INSERT')
      union all
      select format('users.%s: app may update it', c.column_name) from ${COLUMNS} c
      where c.table_name = 'users' and c.column_name in ('role', 'deleted_at') and has_column_privilege('app', c.table_oid, c.attnum, 'UPDATE')`,
  },
  {
    name: 'a column is as writable as its table',
    sql: `select format('%s.%s: app may write its table but not this column; run the protection again', c.table_name, c.column_name) as problem
      from ${COLUMNS} c
      where c.attgenerated = '' and c.column_name not in ('version', 'updated_at')
        and c.table_name not in ('users', 'sessions', 'stream_outbox')
        and has_any_column_privilege('app', c.table_oid, 'INSERT') and not has_column_privilege('app', c.table_oid, c.attnum, 'INSERT')`,
  },
  {
    name: 'logs and histories are written by triggers only',
    sql: `select format('%s: %s may write it', t.name, r.name) as problem
      from ${TABLES} t, (values ('app'), ('worker')) r (name), ${COMMANDS}
      where (t.name = 'audit_log' or t.name like '%\\_history' or t.name in ('latest_prices', 'erasures_in_progress', 'erasure_totals'))
        and command.privilege <> 'SELECT'
        and (has_table_privilege(r.name, t.oid, command.privilege)
          or (command.code in ('a', 'w') and has_any_column_privilege(r.name, t.oid, replace(command.privilege, 'DELETE', 'UPDATE'))))`,
  },
];

const FUNCTIONS_AND_VIEWS: readonly Rule[] = [
  {
    name: 'functions have a fixed search path that begins with pg_catalog and ends with pg_temp',
    sql: `select format('%s: its search_path is not fixed', f.oid::regprocedure) as problem from ${FUNCTIONS} f
      where not exists (select from unnest(f.proconfig) setting
        where setting ~ '^search_path="?pg_catalog"?,.*"?pg_temp"?$')`,
  },
  {
    name: 'no function is executable by PUBLIC',
    sql: `select format('%s: PUBLIC may execute it', f.oid::regprocedure) as problem
      from ${FUNCTIONS} f, aclexplode(coalesce(f.proacl, acldefault('f', f.proowner))) a where a.grantee = 0`,
  },
  {
    name: 'functions of pm_auth and pm_audit are definers, and definers belong to them or to the owner of the schema',
    sql: `select format('%s: belongs to %s', f.oid::regprocedure, f.proowner::regrole) as problem
      from ${FUNCTIONS} f join pg_namespace n on n.oid = f.pronamespace
      where f.proowner not in (n.nspowner, 'pm_auth'::regrole, 'pm_audit'::regrole)
        or (f.proowner <> n.nspowner and not f.prosecdef)`,
  },
  {
    name: 'views run as their reader, or ask who it is themselves',
    sql: `select format('%s: shows rows that its reader may not see', v.relname) as problem from pg_class v
      where v.relnamespace = 'pm'::regnamespace and v.relkind = 'v' and has_table_privilege('app', v.oid, 'SELECT')
        and not coalesce(v.reloptions @> '{security_invoker=true}', false)
        and not (coalesce(v.reloptions @> '{security_barrier=true}', false) and pg_get_viewdef(v.oid) like '%app.user_id%')`,
  },
  {
    name: 'requests cannot read materialized views, which have no row-level security',
    sql: `select format('%s: app may read a materialized view', v.relname) as problem from pg_class v
      where v.relnamespace = 'pm'::regnamespace and v.relkind = 'm' and has_any_column_privilege('app', v.oid, 'SELECT')
      union all
      select format('%s: a materialized view without a unique index cannot be refreshed while it is read', v.relname) from pg_class v
      where v.relnamespace = 'pm'::regnamespace and v.relkind = 'm'
        and not exists (select from pg_index i where i.indrelid = v.oid and i.indisunique and i.indpred is null)`,
  },
];

const CONVENTIONS: readonly Rule[] = [
  {
    name: 'numbers are exact, times have a zone, texts have no arbitrary type',
    sql: `select format('%s.%s: has the type %s', c.table_name, c.column_name, c.base_type::regtype) as problem from ${COLUMNS} c
      where c.base_type in ('float4'::regtype, 'float8'::regtype, 'money'::regtype, 'timestamp'::regtype, 'timetz'::regtype,
        'json'::regtype, 'varchar'::regtype, 'bpchar'::regtype)`,
  },
  {
    name: 'amounts and rates use the domains that refuse NaN',
    sql: `select format('%s.%s: a bare numeric accepts NaN', c.table_name, c.column_name) as problem from ${COLUMNS} c
      where c.type_name = 'numeric' and c.table_name <> 'price_quarantine'
        and not exists (select from pg_constraint k where k.conrelid = c.table_oid and k.contype = 'c' and c.attnum = any (k.conkey)
          and pg_get_constraintdef(k.oid) ~ '<= \\(?[0-9]')`,
  },
  {
    name: 'texts are bounded',
    sql: `select format('%s.%s: a text without any check', c.table_name, c.column_name) as problem from ${COLUMNS} c
      where c.type_name = 'text' and c.table_name not in ('schema_migrations', 'latest_prices', 'audit_log', 'idempotency_keys')
        and c.table_name not like '%\\_history'  and c.attgenerated = ''
        and not exists (select from pg_constraint k where k.conrelid = c.table_oid and k.contype = 'c' and c.attnum = any (k.conkey))`,
  },
  {
    name: 'updated_at and version are kept by triggers',
    sql: `select format('%s: nothing keeps %s', c.table_name, c.column_name) as problem from ${COLUMNS} c
      where c.column_name in ('updated_at', 'version')
        and c.table_name not in ('latest_prices', 'schema_migrations') and c.table_name not like '%\\_history'
        and not exists (select from pg_trigger g join pg_proc p on p.oid = g.tgfoid
          where g.tgrelid = c.table_oid and p.proname = any (case c.column_name when 'version' then array['touch_version']
            else array['touch_version', 'touch_updated_at'] end))`,
  },
  {
    name: 'a history has every column of its table, and its trigger copies them',
    sql: `select format('%s.%s: the history does not keep it', c.table_name, c.column_name) as problem from ${COLUMNS} c
      join ${TABLES} h on h.name = c.table_name || '_history'
      where not exists (select from pg_attribute a where a.attrelid = h.oid and a.attname = c.column_name and not a.attisdropped)
        or not exists (select from pg_proc p where p.pronamespace = 'pm'::regnamespace and p.proname = 'keep_' || h.name
          and p.prosrc ~ format('\\mo\\.%s\\M', c.column_name))`,
  },
  {
    name: 'every table and view says what it is',
    sql: `select format('%s: no comment', c.relname) as problem from pg_class c
      where c.relnamespace = 'pm'::regnamespace and c.relkind in ('r', 'p', 'v', 'm') and not c.relispartition
        and c.relname <> 'schema_migrations' and obj_description(c.oid, 'pg_class') is null`,
  },
];

/** Every rule, in the order in which they are explained. */
export const RULES: readonly Rule[] = [
  ...ROW_LEVEL_SECURITY,
  ...KEYS,
  ...CHANGES,
  ...PRIVILEGES,
  ...FUNCTIONS_AND_VIEWS,
  ...CONVENTIONS,
];

/** What breaks a rule: `rule: thing`. Empty when the schema is in order. */
export const findViolations = async (client: Client, rules: readonly Rule[] = RULES): Promise<string[]> => {
  const found: string[] = [];
  for (const rule of rules) {
    const { rows } = await client.query<{ problem: string }>(rule.sql);
    found.push(...rows.map(({ problem }) => `${rule.name}: ${problem}`));
  }
  return found;
};
