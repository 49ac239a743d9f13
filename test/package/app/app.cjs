const { App, Stack } = require('aws-cdk-lib');
const dynamodb = require('aws-cdk-lib/aws-dynamodb');
const { StagedMigration, Stage, Transform } = require('cdk-dynamodb-rollout');

const S = dynamodb.AttributeType.STRING;
const app = new App();
const stack = new Stack(app, 'Stack');
const table = (id) =>
  new dynamodb.Table(stack, id, {
    partitionKey: { name: 'id', type: S },
    stream: dynamodb.StreamViewType.NEW_AND_OLD_IMAGES,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
  });
new StagedMigration(stack, 'Migration', {
  source: table('Source'),
  target: table('Target'),
  transform: Transform.fromBundle(`${__dirname}/transform.mjs`),
  stages: [Stage.shadow(), Stage.full()],
});
const template = app.synth().getStackByName('Stack').template;
const stateMachines = Object.values(template.Resources).filter((r) => r.Type === 'AWS::StepFunctions::StateMachine').length;
let esbuild = true;
try {
  require.resolve('esbuild');
} catch {
  esbuild = false;
}
console.log(JSON.stringify({ stateMachines, esbuild }));
