import { App, Stack, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { aMigration, aTable } from './fixture';

/** Whatever is found and has no reason beside it in the constructs stops synthesis. */
function synthesise(build: (stack: Stack) => unknown): void {
  const app = new App();
  build(new Stack(app, 'Shop'));
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  app.synth();
}

test('a default stack breaks no rule of AWS Solutions without a reason', () => {
  expect(() => synthesise((stack) => aMigration(stack))).not.toThrow();
});

test('the rules are looked at', () => {
  expect(() => synthesise((stack) => aTable(stack, 'Bare', { pointInTimeRecoverySpecification: undefined }))).toThrow(
    'AwsSolutions-DDB3',
  );
});
