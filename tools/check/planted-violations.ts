/** A file that breaks exactly one import rule, and the import that breaks it. */
export interface PlantedViolation {
  readonly rule: string;
  readonly from: string;
  readonly text: string;
}

const use = (path: string): string => `import { x } from '${path}';\nexport const y = x;\n`;

/** A small house in which every import is allowed: a rule that complains here is too strict. */
export const SOUND_HOUSE: Readonly<Record<string, string>> = {
  'domain/money/index.ts': use('decimal.js'),
  'domain/money/round.ts': `import { x } from './index.ts';\nexport { x };\n`,
  'domain/calendar/index.ts': 'export const x = 1;\n',
  'domain/ledger/index.ts': use('../money/index.ts'),
  'domain/valuation/index.ts': `${use('../ledger/index.ts')}export * from '../calendar/index.ts';\n`,
  'contracts/ledger.ts': `import { x } from 'typebox';\nimport type { y } from '../domain/money/index.ts';\nexport type T = y;\nexport { x };\n`,
  'server/src/platform/database/pool.ts': use('pg'),
  'server/src/platform/http/api.ts': use('fastify'),
  'server/src/platform/jobs.ts': 'export const x = 1;\n',
  'server/src/platform/errors.ts': 'export const x = 1;\n',
  'server/src/features/ledger/queries.ts': `import { x } from 'kysely';\nimport type { y } from '../../platform/database/pool.ts';\nexport type Q = y;\nexport { x };\n`,
  'server/src/features/ledger/service.ts': `${use('./queries.ts')}export * from '../../../../domain/ledger/index.ts';\nexport * from '../valuation/index.ts';\n`,
  'server/src/features/ledger/routes.ts': `import { x } from './service.ts';\nimport type { y } from '../../platform/http/api.ts';\nexport type R = y;\nexport { x };\n`,
  'server/src/features/ledger/jobs.ts': `${use('./service.ts')}export * from '../../platform/database/pool.ts';\n`,
  'server/src/features/ledger/index.ts': `export * from './routes.ts';\n`,
  'server/src/features/valuation/index.ts': 'export const z = 1;\n',
  'server/src/entry/api.ts': use('../features/ledger/index.ts'),
  'web/src/lib/api.ts': `import type { x } from '../../../contracts/ledger.ts';\nexport type A = x;\nexport const x = 1;\n`,
  'web/src/ui/figure.tsx': use('../lib/api.ts'),
  'web/src/features/ledger/index.tsx': `${use('../../ui/figure.tsx')}export * from '../../../../domain/money/index.ts';\n`,
  'web/src/app/app.tsx': use('../features/ledger/index.tsx'),
  'tests/support/server.ts': use('../../server/src/entry/api.ts'),
  'tests/oracles/exposure.ts': 'export const x = 1;\n',
  'tools/generate.ts': `${use('../server/src/platform/database/pool.ts')}export * from 'kysely';\n`,
  'domain/money/money.test.ts': use('vitest'),
};

const SERVER = 'server/src';

/** At least one violation of every rule; tools/check/boundaries.ts fails when one of them goes unseen. */
export const PLANTED_VIOLATIONS: readonly PlantedViolation[] = [
  {
    rule: 'no-cycles',
    from: 'domain/alpha/one.ts',
    text: `import { two } from './two.ts';\nexport const one = two;\n`,
  },
  { rule: 'no-unresolvable', from: `${SERVER}/platform/lost.ts`, text: use('./nowhere.ts') },
  { rule: 'no-undeclared-package', from: `${SERVER}/platform/stowaway.ts`, text: use('stowaway') },
  { rule: 'no-dev-package-in-product', from: `${SERVER}/platform/dev.ts`, text: use('vitest') },
  {
    rule: 'product-imports-no-tests',
    from: `${SERVER}/platform/helped.ts`,
    text: use('../../../tests/support/server.ts'),
  },
  { rule: 'domain-is-pure', from: 'domain/ledger/reads-a-file.ts', text: use('node:fs') },
  { rule: 'domain-is-pure', from: 'domain/ledger/speaks-sql.ts', text: use('kysely') },
  {
    rule: 'money-and-calendar-are-the-floor',
    from: 'domain/money/dated.ts',
    text: use('../calendar/index.ts'),
  },
  { rule: 'domain-folders-in-layers', from: 'domain/upper', text: '' },
  { rule: 'domain-folders-in-layers', from: 'domain/lower', text: '' },
  { rule: 'domain-through-the-front-door', from: 'domain/ledger/side.ts', text: use('../money/round.ts') },
  { rule: 'domain-through-the-front-door', from: 'domain/lower/names.ts', text: use('../upper/names.ts') },
  {
    rule: 'contracts-know-only-the-domain',
    from: 'contracts/heavy.ts',
    text: use('../server/src/platform/errors.ts'),
  },
  { rule: 'contracts-know-only-the-domain', from: 'contracts/served.ts', text: use('fastify') },
  {
    rule: 'platform-knows-no-feature',
    from: `${SERVER}/platform/knowing.ts`,
    text: use('../features/ledger/index.ts'),
  },
  {
    rule: 'platform-knows-no-feature',
    from: `${SERVER}/platform/sums.ts`,
    text: use('../../../domain/ledger/index.ts'),
  },
  {
    rule: 'queries-only-query',
    from: `${SERVER}/features/imports/http-queries.ts`,
    text: use('../../platform/jobs.ts'),
  },
  {
    rule: 'queries-call-nobody-back',
    from: `${SERVER}/features/imports/back-queries.ts`,
    text: `import { x } from './service.ts';\nexport const y = x;\n`,
  },
  { rule: 'services-know-no-http', from: `${SERVER}/features/imports/service.ts`, text: use('fastify') },
  {
    rule: 'routes-and-jobs-ask-the-service',
    from: `${SERVER}/features/valuation/routes.ts`,
    text: use('./queries.ts'),
  },
  { rule: 'routes-and-jobs-ask-the-service', from: `${SERVER}/features/valuation/jobs.ts`, text: use('pg') },
  {
    rule: 'routes-open-no-transaction',
    from: `${SERVER}/features/imports/routes.ts`,
    text: use('../../platform/database/pool.ts'),
  },
  {
    rule: 'features-through-the-front-door',
    from: `${SERVER}/features/valuation/burglar.ts`,
    text: use('../ledger/service.ts'),
  },
  {
    rule: 'only-entry-assembles',
    from: `${SERVER}/features/valuation/upside-down.ts`,
    text: use('../../entry/api.ts'),
  },
  {
    rule: 'entry-through-the-front-door',
    from: `${SERVER}/entry/burglar.ts`,
    text: use('../features/ledger/service.ts'),
  },
  {
    rule: 'web-never-imports-server',
    from: 'web/src/app/server-side.ts',
    text: use('../../../server/src/platform/errors.ts'),
  },
  {
    rule: 'web-takes-only-types-from-contracts',
    from: 'web/src/app/schemas.ts',
    text: use('../../../contracts/ledger.ts'),
  },
  {
    rule: 'web-lib-and-ui-are-below-features',
    from: 'web/src/ui/knowing.tsx',
    text: use('../features/ledger/index.tsx'),
  },
  {
    rule: 'oracles-import-nothing-of-ours',
    from: 'tests/oracles/leaning.ts',
    text: use('../../domain/money/index.ts'),
  },
];

/** Sound files that only the violations above need. */
export const PLANTED_NEIGHBOURS: Readonly<Record<string, string>> = {
  'domain/alpha/two.ts': `import type { one } from './one.ts';\nexport const two: typeof one = 1;\n`,
  'domain/upper/index.ts': use('../lower/index.ts'),
  'domain/lower/index.ts': 'export const x = 1;\n',
  'domain/upper/names.ts': 'export const x = 1;\n',
  'server/src/features/valuation/queries.ts': `import { x } from 'kysely';\nexport { x };\n`,
};

/** Packages of the planted house: name → how its package.json knows them. */
export const PLANTED_PACKAGES: Readonly<Record<string, 'dependencies' | 'devDependencies' | 'undeclared'>> = {
  'decimal.js': 'dependencies',
  typebox: 'dependencies',
  fastify: 'dependencies',
  kysely: 'dependencies',
  pg: 'dependencies',
  vitest: 'devDependencies',
  stowaway: 'undeclared',
};
