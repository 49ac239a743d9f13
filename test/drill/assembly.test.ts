import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack, Stage } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import { changeIn, readAssembly, stacksFor, transformOf } from '../../bin/drill/assembly';
import { keepsPointsInTime, tableIn } from '../../bin/drill/tables';
import { importModule } from '../import-module';
import { aMigration, aReindex, aTable } from '../lib/fixture';

function anApp(): App {
  return new App({ outdir: mkdtempSync(join(tmpdir(), 'rollout-assembly-')) });
}

/** Data in one stack, what it needs in another, the change in a third, and a fourth that nobody asked for. */
function shop(app: App) {
  const [network, data, change, other] = ['Network', 'Data', 'Change', 'Other'].map((id) => new Stack(app, id)) as Stack[];
  data?.addStackDependency(network as Stack);
  aTable(other as Stack, 'Unrelated');
  const source = aTable(data as Stack, 'Legacy');
  aMigration(change as Stack, { source });
  return readAssembly(app.synth().directory);
}

describe('an assembly', () => {
  const assembly = shop(anApp());
  const manifest = changeIn(assembly, undefined);

  test('a drill deploys the stack of the change after those that it needs, and no others', () => {
    expect(stacksFor(assembly, manifest).map(({ path }) => path)).toEqual(['Network', 'Data', 'Change']);
  });

  test('the tables of a change are found in its own stack and in another one', () => {
    const stacks = stacksFor(assembly, manifest);
    const own = stacks.at(-1) as (typeof stacks)[number];
    for (const { name } of [manifest.tables.legacy, manifest.tables.target]) {
      expect(tableIn(stacks, own, name)).toMatchObject({ StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' } });
    }
    expect(tableIn(stacks, own, 'orders-of-production')).toBe('elsewhere');
    expect(tableIn(stacks, own, { 'Fn::Sub': 'x' })).toBeUndefined();
  });

  test('the transform is the one that the functions of the change have', async () => {
    const { model } = await transformOf(assembly, manifest, importModule);
    expect(model.version).toBe('plain');
    await expect(transformOf(assembly, { ...manifest, transformSha256: 'other' }, importModule)).rejects.toThrow(/No asset/);
  });

  test('a change is the only one, or the one that is named', () => {
    const app = anApp();
    const stack = new Stack(app, 'Shop');
    aMigration(stack);
    const { migrationId } = aReindex(stack, {}, 'Queries');
    const two = readAssembly(app.synth().directory);
    expect(() => changeIn(two, undefined)).toThrow(/2 changes: say which with --migration/);
    expect(changeIn(two, migrationId).kind).toBe('reindex');
    expect(() => changeIn(two, 'Nothing')).toThrow(/no change Nothing\. It has/);
    const none = anApp();
    new Stack(none, 'Empty');
    expect(() => changeIn(readAssembly(none.synth().directory), undefined)).toThrow(/no staged change/);
  });

  test('stacks of a stage are known by their path, and their region is told', () => {
    const app = anApp();
    const stage = new Stage(app, 'Local', { env: { region: 'eu-central-1' } });
    aMigration(new Stack(stage, 'Shop'));
    const staged = readAssembly(app.synth().directory);
    expect(stacksFor(staged, changeIn(staged, undefined))).toMatchObject([{ path: 'Local/Shop', region: 'eu-central-1' }]);
  });
});

describe('points in time', () => {
  const on = { PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } };

  test('are kept where the template says so, or cannot be read', () => {
    expect(keepsPointsInTime(on)).toBe(true);
    expect(keepsPointsInTime({})).toBe(false);
    expect(keepsPointsInTime(undefined)).toBe(true);
    expect(keepsPointsInTime({ Replicas: [on, {}] })).toBe(false);
    expect(keepsPointsInTime({ Replicas: [on] })).toBe(true);
  });

  test('are read from what the CDK writes', () => {
    const app = anApp();
    const stack = new Stack(app, 'Shop');
    const source = new dynamodb.Table(stack, 'Off', {
      tableName: 'off',
      partitionKey: { name: 'pk', type: dynamodb.AttributeType.STRING },
      stream: dynamodb.StreamViewType.NEW_AND_OLD_IMAGES,
    });
    aMigration(stack, { source });
    const { stacks } = readAssembly(app.synth().directory);
    const own = stacks[0] as (typeof stacks)[number];
    expect(keepsPointsInTime(tableIn(stacks, own, 'off') as Record<string, unknown>)).toBe(false);
  });
});
