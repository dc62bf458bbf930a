/*
 * Catalogue queries about what is not a table. Each returns rows of (object, line), sorted bytewise.
 */

const NOT_OF_AN_EXTENSION = (catalogue: string, oid: string): string =>
  `not exists (select from pg_depend e where e.classid = '${catalogue}'::regclass and e.objid = ${oid} and e.deptype = 'e')`;

export const SCHEMA_GRANTS = `
  select 'pm' as object, format('GRANT %s ON SCHEMA pm TO %s;',
           string_agg(g.privilege_type, ', ' order by g.privilege_type collate "C"), coalesce(quote_ident(r.rolname), 'PUBLIC')) as line
    from pg_namespace n, aclexplode(n.nspacl) g left join pg_roles r on r.oid = g.grantee
   where n.nspname = 'pm' and g.grantee <> n.nspowner
   group by r.rolname
   order by r.rolname collate "C"`;

export const EXTENSIONS = `
  select extname as object, format('CREATE EXTENSION %I WITH SCHEMA %s;', extname, extnamespace::regnamespace) as line
    from pg_extension where extname <> 'plpgsql' order by extname collate "C"`;

export const DOMAINS = `
  select t.typname as object,
         concat_ws(' ', format('CREATE DOMAIN %I AS %s', t.typname, format_type(t.typbasetype, t.typtypmod)),
           'DEFAULT ' || t.typdefault, case when t.typnotnull then 'NOT NULL' end,
           (select string_agg(format('CONSTRAINT %I %s', k.conname, pg_get_constraintdef(k.oid)), ' ' order by k.conname collate "C")
              from pg_constraint k where k.contypid = t.oid and k.contype = 'c')) || ';'
         || coalesce(E'\\nCOMMENT ON DOMAIN ' || quote_ident(t.typname) || ' IS ' || quote_literal(obj_description(t.oid, 'pg_type')) || ';', '') as line
    from pg_type t
   where t.typnamespace = 'pm'::regnamespace and t.typtype = 'd' and ${NOT_OF_AN_EXTENSION('pg_type', 't.oid')}
   order by t.typname collate "C"`;

export const VIEWS = `
  select c.relname as object,
         format('CREATE %s %s%s AS%s', case c.relkind when 'm' then 'MATERIALIZED VIEW' else 'VIEW' end, c.oid::regclass,
           coalesce(' WITH (' || array_to_string(c.reloptions, ', ') || ')', ''), E'\\n' || pg_get_viewdef(c.oid, true)) as line
    from pg_class c
   where c.relnamespace = 'pm'::regnamespace and c.relkind in ('v', 'm') and ${NOT_OF_AN_EXTENSION('pg_class', 'c.oid')}
   order by c.relname collate "C"`;

/** Each with its owner, when that is not the schema's, and who may call it. */
export const FUNCTIONS = `
  select f.oid::regprocedure::text as object,
         rtrim(pg_get_functiondef(f.oid), E'\\n') || ';'
         || case when f.proowner <> n.nspowner
                 then format(E'\\nALTER FUNCTION %s OWNER TO %I;', f.oid::regprocedure, f.proowner::regrole::text) else '' end
         || coalesce((select string_agg(format(E'\\nGRANT EXECUTE ON FUNCTION %s TO %s;', f.oid::regprocedure,
                               coalesce(quote_ident(r.rolname), 'PUBLIC')), '' order by r.rolname collate "C")
                        from aclexplode(coalesce(f.proacl, acldefault('f', f.proowner))) g
                        left join pg_roles r on r.oid = g.grantee
                       where g.grantee <> f.proowner), '')
         || coalesce(E'\\nCOMMENT ON FUNCTION ' || f.oid::regprocedure || ' IS ' || quote_literal(obj_description(f.oid, 'pg_proc')) || ';', '') as line
    from pg_proc f join pg_namespace n on n.oid = f.pronamespace
   where n.nspname = 'pm' and f.prokind in ('f', 'p') and ${NOT_OF_AN_EXTENSION('pg_proc', 'f.oid')}
   order by f.oid::regprocedure::text collate "C"`;
