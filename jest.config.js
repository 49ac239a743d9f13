/** Tests run from source; `pretest` has built the handlers that the synthesis tests need. */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  transform: { '^.+\\.[tj]s$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } } }] },
  // What users import, for the recipes that they copy.
  moduleNameMapper: {
    '^cdk-dynamodb-rollout$': '<rootDir>/lib/index.ts',
    '^cdk-dynamodb-rollout/client$': '<rootDir>/lambda/client/index.ts',
  },
  transformIgnorePatterns: ['/node_modules/(?!(p-limit|yocto-queue)/)'],
  testTimeout: 30_000,
};
