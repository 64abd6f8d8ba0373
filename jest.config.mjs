// Rooms without Nest run straight from their TypeScript, turned into CommonJS; the e2e suites start the built server.
const transform = {
  '\\.[mc]?[tj]s$': [
    '@swc/jest',
    {
      jsc: {
        parser: { syntax: 'typescript', decorators: true },
        transform: { legacyDecorator: true, decoratorMetadata: true },
        target: 'es2023',
      },
      module: { type: 'commonjs' },
    },
  ],
};
const shared = {
  testEnvironment: '<rootDir>/test/support/quick-environment.ts',
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'require', 'default'] },
  transform,
  transformIgnorePatterns: [
    '/node_modules/(?!(zod|@electric-sql|@seriousme|@nestjs|pg-boss|jose|openid-client|oauth4webapi|serialize-error|non-error|hyparquet|hyparquet-writer)/)',
  ],
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
};
// Test processes compile the embedded database once and quickly, as servers do: half the processor time of each opening.
process.execArgv.push('--liftoff-only');

export default {
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testMatch: ['<rootDir>/libs/**/*.spec.ts', '<rootDir>/apps/**/*.spec.ts', '<rootDir>/scripts/**/*.spec.ts'],
    },
    { ...shared, displayName: 'architecture', testMatch: ['<rootDir>/test/architecture/**/*.spec.ts'] },
    {
      ...shared,
      displayName: 'e2e',
      testMatch: ['<rootDir>/test/e2e/**/*.e2e-spec.ts'],
      globalSetup: '<rootDir>/test/support/template.ts',
    },
    {
      ...shared,
      displayName: 'commands',
      testMatch: ['<rootDir>/test/commands/**/*.e2e-spec.ts'],
      globalSetup: '<rootDir>/test/support/template.ts',
    },
    {
      ...shared,
      displayName: 'runbook',
      testMatch: ['<rootDir>/test/runbook/**/*.spec.ts'],
      globalSetup: '<rootDir>/test/support/template.ts',
    },
    { ...shared, displayName: 'faults', testMatch: ['<rootDir>/test/faults/**/*.fault-spec.ts'] },
    { ...shared, displayName: 'large', testMatch: ['<rootDir>/test/large/**/*.e2e-spec.ts'] },
    { ...shared, displayName: 'browser', testMatch: ['<rootDir>/test/browser/**/*.e2e-spec.ts'] },
  ],
  testTimeout: 120_000,
  // A process that has run many files holds what each of them has loaded: a new one takes over in time.
  maxWorkers: 2,
  workerIdleMemoryLimit: '800MB',
};
