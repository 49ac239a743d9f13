/** Tests run from source; `pretest` has built the handlers that the synthesis tests need. */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  transform: { '^.+\\.[tj]s$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } } }] },
  moduleNameMapper: {
    // What users import, for the recipes that they copy.
    '^cdk-dynamodb-rollout$': '<rootDir>/lib/index.ts',
    '^cdk-dynamodb-rollout/client$': '<rootDir>/lambda/client/index.ts',
    // Their entries are modules that Jest cannot require; these are the same as one file each.
    '^vega$': '<rootDir>/node_modules/vega/build/vega.min.js',
    '^vega-lite$': '<rootDir>/node_modules/vega-lite/build/vega-lite.min.js',
  },
  transformIgnorePatterns: ['/node_modules/(?!(p-limit|yocto-queue)/)'],
  testTimeout: 30_000,
  // Most of the time is synthesis, which one processor does alone.
  maxWorkers: '100%',
};
