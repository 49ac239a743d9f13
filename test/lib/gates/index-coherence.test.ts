import type { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import { Gate, Stage } from '../../../lib';
import { aMigration, anAmendment, anIndexedTable, aStack } from '../fixture';
import { definitionOf } from '../workflow/definitions';

const stages = (...indexes: string[]) => [Stage.full({ gates: indexes.map((index) => Gate.indexCoherence(index)) })];

describe.each([
  ['migration', (stack: Stack, target: dynamodb.Table) => aMigration(stack, { target, stages: stages('byTown', 'byName') })],
  ['amendment', (stack: Stack, table: dynamodb.Table) => anAmendment(stack, { table, stages: stages('byTown', 'byName') })],
])('in a staged %s', (_, make) => {
  const stack = aStack();
  make(stack, anIndexedTable(stack, 'Indexed', 'byTown', 'byName'));
  const template = Template.fromStack(stack);

  it('compares one index after the other, before the stage is evidence', () => {
    const rollout = definitionOf(template, 'Rolls') ?? definitionOf(template, 'Amends');
    const next = (name: string) => rollout.States[name]?.Next as string;
    expect(next('full: bake')).toBe('full: index byTown');
    expect(next('full: index byTown')).toBe('full: index byName');
    expect(next('full: index byName')).toBe('full: evidence');
    expect(rollout.States['full: index byName']?.Parameters?.Input).toMatchObject({
      stage: 0,
      index: 'byName',
      observeOnly: false,
    });
  });

  it('may read the table and those indexes, and write neither', () => {
    const policies = Object.entries(template.findResources('AWS::IAM::Policy'));
    const [, policy] = policies.find(([id]) => id.includes('IndexCoherence') && id.includes('RoleDefaultPolicy')) ?? [];
    const text = JSON.stringify(policy);
    expect(text).toMatch(/index\/byTown/);
    expect(text).toMatch(/index\/byName/);
    expect(text).not.toMatch(/index\/\*/);
    const table = stack.getLogicalId(stack.node.findChild('Indexed').node.defaultChild as dynamodb.CfnTable);
    const statements: string[] = policy?.Properties.PolicyDocument.Statement.map((each: object) => JSON.stringify(each)) ?? [];
    const onTable = statements.filter((each) => each.includes(table));
    expect(onTable).not.toHaveLength(0);
    expect(onTable.some((each) => /PutItem|DeleteItem|UpdateItem/.test(each))).toBe(false);
  });

  it('has names that do not change', () => {
    expect(Object.keys(definitionOf(template, 'an index with its').States).sort()).toMatchSnapshot();
  });
});

test('without such a gate there is neither function nor workflow', () => {
  const stack = aStack();
  aMigration(stack);
  const template = Template.fromStack(stack);
  expect(definitionOf(template, 'an index with its')).toBeUndefined();
  template.resourcePropertiesCountIs('AWS::Lambda::Function', { Description: Match.stringLikeRegexp('slice of an index') }, 0);
});

test('an index that the table does not have is refused by name, whatever is added until synth', () => {
  const stack = aStack();
  const table = anIndexedTable(stack, 'Indexed', 'byTown');
  aMigration(stack, { target: table, stages: stages('byTwon', 'late') });
  table.addGlobalSecondaryIndex({ indexName: 'late', partitionKey: { name: 'late', type: dynamodb.AttributeType.STRING } });
  const synth = () => (stack.node.root as App).synth();
  expect(synth).toThrow(
    "Gate.indexCoherence('byTwon') names no index of Shop/Indexed: it has byTown, late. Mend the name, or add the index.",
  );
  expect(synth).not.toThrow("Gate.indexCoherence('late')");
});

test('nothing is known of the indexes of an imported table', () => {
  const stack = aStack();
  const target = dynamodb.Table.fromTableAttributes(stack, 'Imported', {
    tableName: 'imported',
    tableStreamArn: 'arn:aws:dynamodb:eu-west-1:111122223333:table/imported/stream/1',
  });
  aMigration(stack, { target, targetKeys: ['pk'], stages: stages('byTown') });
  expect(() => (stack.node.root as App).synth()).not.toThrow();
});

test.each(['', 'by town', 'x'.repeat(256)])("a name that no index has is refused: '%s'", (name) => {
  expect(() => Gate.indexCoherence(name)).toThrow('Gate.indexCoherence(): index must be the name of an index');
});
