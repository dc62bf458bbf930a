'use strict';

/*
 * Who may import whom. ARCHITECTURE.md says it in words; this file is what is enforced.
 * Each rule has a planted violation in tools/check/planted-violations.ts, and `npm run check` fails when a rule does not
 * catch its own: a rule that silently matches nothing is worse than none.
 */

/** Tests may read their neighbours' insides; product code may not. */
const TEST = '\\.test\\.tsx?$';
const HERE = '$1';

const NOUNS = 'domain/(?!money/|calendar/)';

/** @type {import('dependency-cruiser').IForbiddenRuleType[]} */
const forbidden = [
  {
    name: 'no-cycles',
    comment: 'Two modules that need each other are one module, or miss a third.',
    severity: 'error',
    from: {},
    to: { circular: true },
  },
  {
    name: 'no-unresolvable',
    comment: 'An import that cannot be found.',
    severity: 'error',
    from: {},
    to: { couldNotResolve: true },
  },
  {
    name: 'no-undeclared-package',
    comment:
      'Every package is in the dependencies of the workspace that uses it. Tests and tools may use them all.',
    severity: 'error',
    from: { pathNot: '^(tests|tools)/' },
    to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
  },
  {
    name: 'no-dev-package-in-product',
    comment: 'What runs for people is a dependency, not a development dependency.',
    severity: 'error',
    from: { path: '^(domain|contracts|server/src|web/src)/', pathNot: TEST },
    to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: '^node_modules/@types/' },
  },
  {
    name: 'product-imports-no-tests',
    comment: 'Product code never needs a test, a tool or a test helper.',
    severity: 'error',
    from: { path: '^(domain|contracts|server/src|web/src)/', pathNot: TEST },
    to: { path: ['^tests/', '^tools/', TEST] },
  },

  // The domain: pure, for Node and the browser alike.
  {
    name: 'domain-is-pure',
    comment: 'domain does no I/O: no Node module, and only the packages named here.',
    severity: 'error',
    from: { path: '^domain/', pathNot: TEST },
    to: {
      path: '.',
      pathNot: ['^domain/', '^node_modules/(decimal\\.js|csv-parse|fast-xml-parser|fflate|saxes)/'],
    },
  },
  {
    name: 'money-and-calendar-are-the-floor',
    comment: 'domain/money and domain/calendar stand on nothing of ours.',
    severity: 'error',
    from: { path: '^domain/(money|calendar)/', pathNot: TEST },
    to: { path: '^(domain|contracts|server|web)/', pathNot: `^domain/${HERE}/` },
  },
  {
    name: 'domain-folders-in-layers',
    comment: 'Domain folders stand on each other in one direction.',
    severity: 'error',
    scope: 'folder',
    from: { path: '^domain/' },
    to: { circular: true, path: '^domain/' },
  },
  {
    name: 'domain-through-the-front-door',
    comment:
      'Another domain folder is used through its index.ts, the only thing @pm/domain/<folder> exports.',
    severity: 'error',
    from: { path: '^domain/([^/]+)/', pathNot: TEST },
    to: { path: '^domain/', pathNot: [`^domain/${HERE}/`, '^domain/[^/]+/index\\.ts$'] },
  },

  // The contracts: what crosses the wire.
  {
    name: 'contracts-know-only-the-domain',
    comment: 'Contracts import domain types and TypeBox, nothing else.',
    severity: 'error',
    from: { path: '^contracts/', pathNot: TEST },
    to: { path: '.', pathNot: ['^contracts/', '^domain/', '^node_modules/typebox/'] },
  },

  // The server, room by room.
  {
    name: 'platform-knows-no-feature',
    comment:
      'The platform serves features and knows none of them: contracts, domain money and calendar, npm.',
    severity: 'error',
    from: { path: '^server/src/platform/', pathNot: TEST },
    to: { path: ['^server/src/(features|entry)/', '^web/', `^${NOUNS}`] },
  },
  {
    name: 'queries-only-query',
    comment:
      'queries.ts: the database types of the platform, domain types, contracts, Kysely. No service, no HTTP, no pool.',
    severity: 'error',
    from: { path: '^server/src/features/([^/]+)/[a-z/-]*queries\\.ts$' },
    to: {
      path: '.',
      pathNot: [
        '^server/src/platform/(database/|errors\\.ts|clock\\.ts)',
        `^server/src/features/${HERE}/`,
        '^domain/',
        '^contracts/',
        '^node_modules/(kysely|typebox)/',
        '^(node:)?crypto$',
      ],
    },
  },
  {
    name: 'queries-call-nobody-back',
    comment: 'A query is called by its service, never the other way round.',
    severity: 'error',
    from: { path: '^server/src/features/.*queries\\.ts$' },
    to: { path: '^server/src/features/.*(service|routes|jobs)\\.ts$' },
  },
  {
    name: 'services-know-no-http',
    comment: 'service.ts tells the story; HTTP stays in routes.ts and the web framework in platform/http.',
    severity: 'error',
    from: { path: '^server/src/features/', pathNot: ['(routes|/index)\\.ts$', TEST] },
    to: { path: ['^server/src/platform/http/', '^node_modules/(@fastify/[^/]+|fastify)/', 'routes\\.ts$'] },
  },
  {
    name: 'routes-and-jobs-ask-the-service',
    comment: 'routes.ts and jobs.ts call their own service; they never query.',
    severity: 'error',
    from: { path: '^server/src/features/([^/]+)/[a-z/-]*(routes|jobs)\\.ts$' },
    to: { path: ['queries\\.ts$', '^node_modules/(kysely|pg)/'], dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'routes-open-no-transaction',
    comment: 'The wrapper in platform/http opens the one transaction of a request. A job opens its own.',
    severity: 'error',
    from: { path: '^server/src/features/([^/]+)/[a-z/-]*routes\\.ts$' },
    to: { path: '^server/src/platform/database/', dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'features-through-the-front-door',
    comment: 'Another feature is used through its index.ts only.',
    severity: 'error',
    from: { path: '^server/src/features/([^/]+)/', pathNot: TEST },
    to: { path: '^server/src/features/', pathNot: [`^server/src/features/${HERE}/`, '/index\\.ts$'] },
  },
  {
    name: 'only-entry-assembles',
    comment: 'server/src/entry puts the parts together; nothing imports it but tests and tools.',
    severity: 'error',
    from: { path: '^(domain|contracts|server/src/(platform|features)|web)/', pathNot: TEST },
    to: { path: '^server/src/entry/' },
  },
  {
    name: 'entry-through-the-front-door',
    comment: 'Even the entry uses a feature through its index.ts.',
    severity: 'error',
    from: { path: '^server/src/entry/', pathNot: TEST },
    to: { path: '^server/src/features/', pathNot: '/index\\.ts$' },
  },

  // The browser.
  {
    name: 'web-never-imports-server',
    comment: 'The browser knows contracts and domain.',
    severity: 'error',
    from: { path: '^web/' },
    to: { path: '^(server|tools|tests)/' },
  },
  {
    name: 'web-takes-only-types-from-contracts',
    comment:
      'The schemas stay on the server: the browser imports their types, so that no validator is shipped.',
    severity: 'error',
    from: { path: '^web/src/', pathNot: TEST },
    to: { path: ['^contracts/', '^node_modules/typebox/'], dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'web-lib-and-ui-are-below-features',
    comment: 'Shared components and helpers know no feature and no page.',
    severity: 'error',
    from: { path: '^web/src/(lib|ui)/', pathNot: TEST },
    to: { path: '^web/src/(app|features)/' },
  },

  // The oracles judge us, so they may not lean on us.
  {
    name: 'oracles-import-nothing-of-ours',
    comment: 'An oracle that calls the code under test proves nothing.',
    severity: 'error',
    from: { path: '^tests/oracles/', pathNot: TEST },
    to: { path: '^(domain|contracts|server|web|tools)/' },
  },
];

module.exports = {
  forbidden,
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['^web/dist/', '^docs/', '/fixtures/', '\\.(css|svg|woff2|json|po|html)$'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    combinedDependencies: true,
    preserveSymlinks: false,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.cjs', '.d.ts'],
      mainFields: ['module', 'main', 'types'],
    },
  },
};
