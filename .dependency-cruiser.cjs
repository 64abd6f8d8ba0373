// The map of the rooms, as rules. Both tables are data: a new room is a row, a new package with one home is a row.

/** Which rooms a room may import; downhill only. Whatever is not here is refused, also a room without a row. */
const MAY_IMPORT = {
  kernel: [],
  config: ['kernel'],
  crypto: ['kernel'],
  storage: ['kernel'],
  workers: ['kernel'],
  metrics: ['kernel'],
  tracing: ['kernel'],
  throttling: ['kernel'],
  pii: ['kernel'],
  rest: ['kernel'],
  database: ['kernel'],
  queue: ['kernel', 'database'],
  'audit-chain': ['kernel'],
  audit: ['kernel', 'database'],
  auth: ['kernel', 'rest', 'database', 'crypto', 'audit'],
  'pii-rules': ['kernel', 'rest', 'database', 'crypto', 'pii', 'audit', 'auth'],
  detection: ['kernel', 'rest', 'crypto', 'pii', 'pii-rules', 'workers', 'auth'],
  'audit-trail': ['kernel', 'rest', 'database', 'crypto', 'storage', 'audit', 'audit-chain', 'auth'],
  idempotency: ['kernel', 'rest', 'database', 'crypto', 'auth'],
  datasets: [
    'kernel',
    'rest',
    'database',
    'crypto',
    'storage',
    'pii',
    'pii-rules',
    'workers',
    'audit',
    'audit-chain',
    'queue',
    'auth',
  ],
  maintenance: ['kernel', 'rest', 'database', 'audit', 'auth'],
  'key-rotation': ['kernel', 'database', 'crypto', 'audit'],
  backup: ['kernel', 'database', 'crypto', 'storage', 'audit'],
  verification: ['kernel', 'database', 'crypto', 'storage'],
  health: ['kernel', 'database', 'storage', 'crypto', 'throttling', 'auth', 'maintenance'],
};

/** The same for an app that must run on any laptop, without a server's packages. An app without a row may import every room. */
const APP_MAY_IMPORT = {
  ldv: ['kernel', 'audit-chain', 'pii'],
};

const APPS = '^apps/';
const ADAPTERS = '/adapters/';
const HTTP = '/http/';

/** Where a package may be named: so one place has to change when the package does. */
const KEPT_IN = {
  typeorm: ['[.](entity|repository)[.]ts$', '^libs/database/'],
  'pg|pg-copy-streams|@electric-sql/pglite': ['^libs/database/'],
  'pg-boss': ['^libs/queue/'],
  'ioredis|@aws-sdk/[^/]+': [ADAPTERS],
  'fastify|@nestjs/swagger': [HTTP, '^libs/(auth|rest)/', APPS],
  '@nestjs/jwt|@node-rs/argon2': ['^libs/auth/'],
  'openid-client|jose': ['^libs/auth/src/oidc/'],
  '@nestjs/throttler': ['^libs/throttling/'],
  '@nestjs/terminus': ['^libs/health/'],
  'prom-client|@willsoto/nestjs-prometheus': ['^libs/metrics/'],
  'smol-toml': ['^libs/config/'],
  'libphonenumber-js': ['^libs/pii/'],
  ajv: ['^libs/datasets/src/schemas/'],
  'csv-parse': ['^apps/ldv/', '^libs/datasets/src/formats/csv/'],
  'hyparquet|hyparquet-writer': ['^libs/datasets/src/formats/parquet/'],
  'commander|pino|pino-http|nestjs-pino|@fastify/static': [APPS],
};

const TESTS = '[.](spec|contract|e2e-spec|bench)[.]ts$';
const CODE = '^(libs|apps)/';

const roomRules = Object.entries(MAY_IMPORT).map(([room, rooms]) => ({
  name: `${room}-imports-downhill`,
  comment: `${room} may import ${rooms.join(', ') || 'no other room'}`,
  severity: 'error',
  from: { path: `^libs/${room}/` },
  to: { path: '^libs/', pathNot: `^libs/(${[room, ...rooms].join('|')})/` },
}));

const appRules = Object.entries(APP_MAY_IMPORT).map(([app, rooms]) => ({
  name: `${app}-imports-downhill`,
  comment: `${app} may import ${rooms.join(', ')}`,
  severity: 'error',
  from: { path: `^apps/${app}/` },
  to: { path: '^libs/', pathNot: `^libs/(${rooms.join('|')})/` },
}));

const packageRules = Object.entries(KEPT_IN).map(([names, homes]) => ({
  name: `${names
    .split('|')[0]
    .replace(/^@/, '')
    .replaceAll(/[^a-z0-9]+/g, '-')}-is-kept-in-its-place`,
  comment: `${names.replaceAll('|', ', ')} may be named in: ${homes.join(' ')}`,
  severity: 'error',
  from: { path: CODE, pathNot: [...homes, TESTS] },
  to: { path: `^(node_modules/)?(@types/)?(${names})(/|$)` },
}));

const shapeRules = [
  {
    name: 'room-has-a-row',
    comment: 'a room that is not in MAY_IMPORT may be imported by nobody and import nothing',
    from: { path: '^libs/', pathNot: `^libs/(${Object.keys(MAY_IMPORT).join('|')})/` },
    to: { path: CODE },
  },
  {
    name: 'rooms-by-the-door',
    comment: 'what a room keeps behind its door can change without anyone outside noticing',
    from: { path: '^libs/([^/]+)/' },
    to: { path: '^libs/', pathNot: ['^libs/$1/', '^libs/[^/]+/src/index[.]ts$'] },
  },
  {
    name: 'rooms-by-the-door-from-outside',
    from: { path: '^(apps|test|scripts)/' },
    to: { path: '^libs/', pathNot: '^libs/[^/]+/src/index[.]ts$' },
  },
  {
    name: 'not-out-by-the-own-door',
    comment: 'inside a room imports are relative: by its own door it would wait for itself',
    from: { path: '^libs/([^/]+)/', pathNot: TESTS },
    to: { path: '^libs/$1/src/index[.]ts$' },
  },
  { name: 'apps-are-imported-by-nobody', from: { path: '^(libs|scripts)/' }, to: { path: APPS } },
  {
    name: 'apps-do-not-know-each-other',
    from: { path: '^apps/([^/]+)/' },
    to: { path: APPS, pathNot: '^apps/$1/' },
  },
  {
    name: 'only-the-module-imports-http',
    comment: 'the domain does not know that it is asked over HTTP',
    from: { path: '^libs/', pathNot: [HTTP, '[.]module[.]ts$', '/src/index[.]ts$', TESTS] },
    to: { path: '^libs/.*/http/' },
  },
  {
    name: 'controllers-hand-over',
    comment: 'a controller that reads a table has no rule, no audit row and no transaction around it',
    from: { path: '[.]controller[.]ts$' },
    to: { path: '[.](repository|entity)[.]ts$' },
  },
  {
    name: 'adapters-are-chosen-in-one-place',
    comment: 'everyone else asks for the port',
    from: {
      path: '^libs/',
      pathNot: [ADAPTERS, '[.]module[.]ts$', '/(create|open)-[a-z-]+[.]ts$', '/src/index[.]ts$', TESTS],
    },
    to: { path: '^libs/.*/adapters/' },
  },
  {
    name: 'kernel-imports-no-package',
    from: { path: '^libs/(kernel|audit-chain)/', pathNot: TESTS },
    to: { dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'npm-unknown'] },
  },
  {
    name: 'kernel-does-no-io',
    from: { path: '^libs/(kernel|audit-chain)/', pathNot: TESTS },
    to: { dependencyTypes: ['core'], pathNot: '^(node:)?(async_hooks|buffer|crypto)$' },
  },
  {
    name: 'no-circles',
    comment: 'files in a circle can only be read, tested and changed together',
    from: {},
    to: { circular: true },
  },
  {
    name: 'no-orphans',
    comment: 'nothing imports it and it imports nothing: forgotten, or not wired in yet',
    from: { orphan: true, path: CODE, pathNot: ['/src/(index|main)[.]ts$', '[.]worker[.]ts$', TESTS] },
    to: {},
  },
  {
    name: 'no-drawers',
    comment: 'a name that says nothing collects everything',
    from: {},
    to: { path: '/(utils?|helpers?|common|shared|types|interfaces|constants)([.]ts$|/)', pathNot: 'node_modules' },
  },
  {
    name: 'no-test-code-in-the-product',
    from: { path: CODE, pathNot: TESTS },
    to: { path: TESTS },
  },
  {
    name: 'no-development-packages-in-the-product',
    comment: 'they are not there in production',
    from: { path: CODE, pathNot: TESTS },
    to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
  },
  { name: 'everything-resolves', from: {}, to: { couldNotResolve: true } },
].map((rule) => ({ severity: 'error', ...rule }));

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [...roomRules, ...appRules, ...packageRules, ...shapeRules],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['^dist/', '^test/[.]tmp/'] },
    enhancedResolveOptions: {
      conditionNames: ['source', 'types', 'import', 'node', 'default'],
      exportsFields: ['exports'],
      extensions: ['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs', '.json', '.node', '.d.ts'],
    },
  },
};
