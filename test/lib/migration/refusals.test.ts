import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { StreamViewType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Cohort, Deployment, Goal, Stage, type StagedMigrationProps, Trigger } from '../../../lib';
import { aMigration, aStack, aTable } from '../fixture';

const stack = aStack();
const source = aTable(stack, 'Legacy');
const target = aTable(stack, 'Target');
let count = 0;

/** Every refusal comes before anything is made, names the migration and the prop, and says what was received. */
function refused(props: () => Partial<StagedMigrationProps>): string {
  const scope = aStack();
  try {
    aMigration(scope, { source, target, ...props() });
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('It was not refused.');
}

const alarm = () =>
  new cloudwatch.Metric({ namespace: 'Shop', metricName: 'Errors' }).createAlarm(stack, `A${count++}`, {
    threshold: 1,
    evaluationPeriods: 1,
  });

test.each<[string, () => Partial<StagedMigrationProps>, string]>([
  ['no stages', () => ({ stages: [] }), "StagedMigration 'Shop/Orders': stages must hold at least one stage. Received: 0."],
  ['stages after full', () => ({ stages: [Stage.full(), Stage.percent(5)] }), 'stages[1] must not follow Stage.full()'],
  [
    'names twice',
    () => ({ stages: [Stage.percent(5, { name: 'a' }), Stage.full({ name: 'a' })] }),
    "stages[1].name must be a name that no other stage has. Received: 'a'.",
  ],
  [
    'percents that fall',
    () => ({ stages: [Stage.percent(50), Stage.percent(5)] }),
    'stages[1] must not move a smaller share than the 50 percent before it. Received: 5.',
  ],
  [
    'percents that stay',
    () => ({ stages: [Stage.percent(5), Stage.percent(5, { name: 'again' })] }),
    'stages[1] must move more than the 5 percent before it, or have a further goal. Received: 5.',
  ],
  [
    'a stage that moves nobody',
    () => ({
      stages: [
        Stage.percent(5),
        Stage.pilot({ cohort: Cohort.percent(5), goal: Goal.target() }),
        Stage.shadow(),
        Stage.shadow({ name: 'again' }),
      ],
    }),
    "stages[3] must move somebody: whom it names is already in 'shadow' or further. Received: 'again'.",
  ],
  ['a share of nothing', () => ({ stages: [Stage.percent(0)] }), 'percent must be above 0'],
  ['a share of too much', () => ({ stages: [Stage.percent(101)] }), 'Received: 101.'],
  ['no number', () => ({ stages: [Stage.percent(Number.NaN)] }), 'percent must be above 0'],
  [
    'a cohort of nobody',
    () => ({ stages: [Stage.pilot({ cohort: Cohort.keys([]) })] }),
    'keys must hold 1 to 100 routing keys. Received: 0.',
  ],
  ['a cohort of too many', () => ({ stages: [Stage.pilot({ cohort: Cohort.keys(Array(101).fill('a')) })] }), 'Received: 101.'],
  ['an empty key', () => ({ stages: [Stage.pilot({ cohort: Cohort.keys(['']) })] }), 'keys must not hold an empty text'],
  ['a name that no state can have', () => ({ stages: [Stage.full({ name: 'a/b' })] }), "Received: 'a/b'."],
  [
    'a sample of too much',
    () => ({ stages: [Stage.shadow({ sample: 200 })] }),
    "Stage 'shadow': sample must be between 0 and 100. Received: 200.",
  ],
  ['a negative bake', () => ({ stages: [Stage.full({ bake: Duration.seconds(-1) })] }), 'negative'],
  [
    'a growth of nothing',
    () => ({ stages: [Stage.full({ deployment: Deployment.linear({ growth: 0 }) })] }),
    'Deployment.linear(): growth must be between 1 and 100. Received: 0.',
  ],
  [
    'a deployment of seconds',
    () => ({ stages: [Stage.full({ deployment: Deployment.exponential({ duration: Duration.seconds(90) }) })] }),
    'duration must be whole minutes from 0 to 24 hours',
  ],
  [
    'a deployment of days',
    () => ({ stages: [Stage.full({ deployment: Deployment.linear({ duration: Duration.days(2) }) })] }),
    'duration must be whole minutes from 0 to 24 hours',
  ],
  ['one table', () => ({ target: source }), "target must be another table than source. Received: 'Shop/Legacy'."],
  [
    'a source without a stream',
    () => ({ source: aTable(aStack(), 'None', { stream: undefined }) }),
    "source must have a stream with NEW_AND_OLD_IMAGES, which forward replication reads. Received: 'Shop/None without a stream'.",
  ],
  [
    'a source with half a stream',
    () => ({ source: aTable(aStack(), 'Half', { stream: StreamViewType.KEYS_ONLY }) }),
    "Received: 'Shop/Half with KEYS_ONLY'.",
  ],
  [
    'a target without a stream',
    () => ({ target: aTable(aStack(), 'None', { stream: undefined }) }),
    'target must have a stream with NEW_AND_OLD_IMAGES, which reverse replication reads',
  ],
  ['an imported table without its keys', () => ({ source: imported() }), 'sourceKeys must name the key attributes of source'],
  [
    'too many keys',
    () => ({ source: imported(), sourceKeys: ['a', 'b', 'c'] }),
    'sourceKeys must hold the partition key and, if there is one, the sort key. Received: ["a","b","c"].',
  ],
  [
    'sixteen triggers',
    () => ({ triggers: Array.from({ length: 16 }, () => Trigger.alarm(alarm())) }),
    'triggers must be at most 15. Join alarms of yours in a composite alarm',
  ],
  [
    'a trigger twice',
    () => ({ triggers: [Trigger.divergence(), Trigger.divergence()] }),
    "triggers[1] must not be there twice: give one of them another id. Received: 'Divergence'.",
  ],
  [
    'a lag of nothing',
    () => ({ triggers: [Trigger.replicationLag({ max: Duration.seconds(0) })] }),
    'max must be at least one second',
  ],
  [
    'no write units',
    () => ({ backfill: { maxWriteUnits: 0 } }),
    'backfill.maxWriteUnits must be between 1 and 1000000. Received: 0.',
  ],
  [
    'half a worker',
    () => ({ backfill: { maxConcurrency: 0.5 } }),
    'backfill.maxConcurrency must be a whole number from 1 to 1000. Received: 0.5.',
  ],
  [
    'less than a write unit a second for each worker',
    () => ({ backfill: { maxWriteUnits: 10, maxConcurrency: 20 } }),
    'backfill cannot be: maxWriteUnits is 10 for 20 workers',
  ],
  [
    'tiny slices',
    () => ({ backfill: { itemsPerSlice: 1 } }),
    'backfill.itemsPerSlice must be between 100 and 10000000. Received: 1.',
  ],
])('%s', (_, props, text) => {
  expect(refused(props)).toContain(text);
});

function imported() {
  return Table.fromTableAttributes(aStack(), `Imported${count++}`, {
    tableArn: 'arn:aws:dynamodb:eu-west-1:111122223333:table/orders',
    tableStreamArn: 'arn:aws:dynamodb:eu-west-1:111122223333:table/orders/stream/1',
  });
}
