import { type App, type Stack, Validations } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { AwsSolutionsChecks } from 'cdk-nag';
import { Gate, RolloutRoles, type RolloutRolesProps, Stage, type StagedChange } from '../../../lib';
import { aMigration, anAmendment, aStack } from '../fixture';
import { aStackWithPaths, permissionsIn } from './statements';

const PEOPLE = new iam.AccountPrincipal('111122223333');
const APPROVERS = ['dba', 'owner'];

function approved(stack: Stack) {
  return aMigration(stack, { stages: [Stage.full({ gates: [Gate.approval({ approvers: APPROVERS })] })] });
}

function rolesOf(stack: Stack, changes: StagedChange[], props: Partial<RolloutRolesProps> = {}) {
  const everybody = { operator: PEOPLE, approvers: { dba: PEOPLE, owner: PEOPLE }, auditor: PEOPLE };
  return new RolloutRoles(stack, 'Roles', { changes, ...everybody, ...props });
}

const stack = aStackWithPaths();
rolesOf(stack, [approved(stack)]);
const permissions = permissionsIn(stack, 'Orders/');
/** Resources on which a role may do something. */
const may = (role: string, action: string) =>
  (permissions.get(`Roles/${role}`) ?? []).filter(({ actions }) => actions.includes(action)).map(({ on }) => on);

test('nobody but the operator starts anything', () => {
  expect(may('Operator', 'states:StartExecution')).toEqual([
    'Ending/Machine',
    'Workflows/Comparison/Machine',
    'Workflows/Rollback/Machine',
    'Workflows/Rollout/Machine',
  ]);
  for (const role of ['Approver-dba', 'Approver-owner', 'Auditor']) expect(may(role, 'states:StartExecution')).toEqual([]);
});

test('each calls the functions that are theirs: nobody decides for somebody else', () => {
  const called = (role: string) => may(role, 'lambda:InvokeFunction');
  expect(called('Operator')).toEqual(['Tasks/Pause', 'Tasks/Redrive', 'Tasks/Resume', 'Tasks/Set', 'Tasks/Trace']);
  expect(called('Approver-dba')).toEqual(['Tasks/Approve-dba']);
  expect(called('Approver-owner')).toEqual(['Tasks/Approve-owner']);
  expect(called('Auditor')).toEqual([]);
});

test('no role writes anything by itself, nor reads an item of a table: the function of the trace does that', () => {
  const all = [...permissions].filter(([role]) => role.startsWith('Roles/')).flatMap(([, each]) => each);
  const actions = [...new Set(all.flatMap((each) => each.actions))];
  const changing = actions.filter((action) => !/:(Get|BatchGet|Describe|List|Query|Decrypt)/.test(action));
  expect(changing.sort()).toEqual(['kms:GenerateDataKey', 'lambda:InvokeFunction', 'states:StartExecution']);
  expect(
    all.filter(({ on, actions }) => /Legacy|Target/.test(on) && !actions.every((each) => each.includes(':Describe'))),
  ).toEqual([]);
});

test('the auditor reads the archive of the change and its dashboard', () => {
  expect(may('Auditor', 's3:GetObject')).toHaveLength(3);
  expect(may('Auditor', 'cloudwatch:GetDashboard')).toHaveLength(1);
  expect(may('Approver-dba', 's3:GetObject')).toEqual([]);
});

test('everybody sees how it stands', () => {
  for (const role of ['Operator', 'Approver-dba', 'Auditor']) {
    expect(may(role, 'ssm:GetParameter')).toHaveLength(2);
    expect(may(role, 'dynamodb:Query')).toContain('Ledger/Table');
    expect(may(role, 'states:DescribeExecution').length).toBeGreaterThan(3);
    expect(may(role, 'cloudwatch:DescribeAlarms')).toEqual(['everything']);
  }
});

test('breaks no rule of AWS Solutions without a reason, nor do grants to a managed policy', () => {
  const compliant = aStack();
  const change = approved(compliant);
  rolesOf(compliant, [change]);
  const policy = new iam.ManagedPolicy(compliant, 'Operators', { managedPolicyName: 'RolloutOperators' });
  change.grants.operate(policy);
  change.grants.audit(policy);
  Validations.of(compliant).addPlugins(new AwsSolutionsChecks(compliant.node.root as App));
  expect(() => (compliant.node.root as App).synth()).not.toThrow();
});

test('only the roles that somebody may take are there; an approver counts where a change has the name', () => {
  const several = aStack();
  const changes = [approved(several), anAmendment(several, {}, 'Prices')];
  const roles = new RolloutRoles(several, 'Roles', { changes, approvers: { dba: PEOPLE } });
  expect([roles.operator, roles.auditor]).toEqual([undefined, undefined]);
  expect(Object.keys(roles.approvers)).toEqual(['dba']);
  const made = Object.keys(Template.fromStack(several).findResources('AWS::IAM::Role')).filter((id) => id.startsWith('Roles'));
  expect(made).toHaveLength(1);
});

test.each<[string, Partial<RolloutRolesProps>, string]>([
  ['no change', { changes: [], approvers: {} }, "RolloutRoles 'Shop/Roles': changes must hold at least one. Received: 0."],
  [
    'an approver that no stage asks',
    { approvers: { intern: PEOPLE } },
    "must be approvers of some stage: dba, owner. Received: 'intern'.",
  ],
])('%s is refused', (_, props, told) => {
  const refusing = aStack();
  expect(() => rolesOf(refusing, [approved(refusing)], props)).toThrow(told);
});
