import { templateOf } from '../fixture';

interface Statement {
  readonly Action: string | string[];
  readonly Resource: unknown;
}

/** What may be done on everything, because AWS has no permissions per resource for it. */
const ON_EVERYTHING = [
  'cloudwatch:DescribeAlarms',
  'dynamodb:ListBackups',
  ...[
    'logs:CreateLogDelivery',
    'logs:DeleteLogDelivery',
    'logs:DescribeLogGroups',
    'logs:DescribeResourcePolicies',
    'logs:GetLogDelivery',
  ],
  ...['logs:ListLogDeliveries', 'logs:PutResourcePolicy', 'logs:UpdateLogDelivery'],
  ...['xray:GetSamplingRules', 'xray:GetSamplingTargets', 'xray:PutTelemetryRecords', 'xray:PutTraceSegments'],
];

const template = templateOf();
const statements = Object.values(template.findResources('AWS::IAM::Policy')).flatMap(
  ({ Properties }) => Properties.PolicyDocument.Statement as Statement[],
);
const actionsOf = ({ Action }: Statement) => [Action].flat();

test('no role may do anything on everything but what has no permissions per resource', () => {
  const wide = statements.filter(({ Resource }) => [Resource].flat().includes('*')).flatMap(actionsOf);
  expect([...new Set(wide)].sort()).toEqual([...ON_EVERYTHING].sort());
});

test('no action is a wildcard but those of a key and of the trigger', () => {
  const wild = statements.flatMap(actionsOf).filter((action) => action.includes('*'));
  expect([...new Set(wild)].sort()).toEqual(['kms:GenerateDataKey*', 'kms:ReEncrypt*'].filter((action) => wild.includes(action)));
});

test('no function may delete a table, an item history or a key', () => {
  const forbidden = ['dynamodb:DeleteTable', 'dynamodb:DeleteBackup', 'kms:ScheduleKeyDeletion', 'dynamodb:UpdateTable'];
  expect(statements.flatMap(actionsOf).filter((action) => forbidden.includes(action))).toEqual([]);
});

test('each task may do what it was given', () => {
  const byTask = Object.entries(template.findResources('AWS::IAM::Policy'))
    .filter(([id]) => id.includes('Tasks') && id.includes('Role'))
    .map(([id, { Properties }]) => [
      id.replace(/^OrdersTasks(.*)RoleDefaultPolicy.*$/, '$1'),
      [...new Set((Properties.PolicyDocument.Statement as Statement[]).flatMap(actionsOf))]
        .filter((action) => !/^(logs|xray|kms):/.test(action))
        .sort(),
    ]);
  expect(Object.fromEntries(byTask)).toMatchSnapshot();
});
