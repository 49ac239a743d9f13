import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Duration, NestedStack, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Alarm, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Gate, Risk, Rollback, Stage, Trigger } from '../../../lib';
import { type Manifest, manifestFile } from '../../../lib/operations/manifest';
import { aMigration, anAmendment, aReindex } from '../fixture';

const LATENCY = new Metric({ namespace: 'Shop', metricName: 'Latency', period: Duration.minutes(1) });

function synthesised(make: (stack: Stack) => string): { stack: Stack; manifest: Manifest } {
  const app = new App({ outdir: mkdtempSync(join(tmpdir(), 'rollout-assembly-')) });
  const stack = new Stack(app, 'Shop');
  const id = make(stack);
  const assembly = app.synth();
  return { stack, manifest: JSON.parse(readFileSync(join(assembly.directory, manifestFile(id)), 'utf8')) };
}

describe('operations', () => {
  test('the command line finds a change by its parameter, whatever kind it is', () => {
    for (const make of [aMigration, anAmendment, aReindex]) {
      const stack = new Stack(new App(), 'Shop');
      const { migrationId } = make(stack);
      Template.fromStack(stack).hasResourceProperties('AWS::SSM::Parameter', {
        Name: `/cdk-dynamodb-rollout/${migrationId}`,
        Tier: 'Intelligent-Tiering',
        Value: Match.anyValue(),
      });
    }
  });

  test('the manifest says who answers, what decides a stage, and what takes it back', () => {
    const { manifest } = synthesised((stack) => {
      const { migrationId } = aMigration(stack, {
        owner: 'Team Shop',
        stages: [
          Stage.shadow({ gates: [Gate.approval({ approvers: ['board'] })] }),
          Stage.full({ owner: 'Team Night', gates: [Gate.reconciliation()] }),
        ],
        triggers: [
          Trigger.divergence(),
          Trigger.alarm(
            new Alarm(stack, 'Own', { metric: LATENCY, threshold: 2, evaluationPeriods: 4, alarmDescription: 'Slow.' }),
            {
              rollback: Rollback.pause(),
            },
          ),
        ],
        risks: [Risk.hypothesis('Pages stay fast.', { metric: LATENCY, atMost: 200, owner: 'Team Web' })],
      });
      return migrationId;
    });
    expect(manifest).toMatchObject({ format: 1, kind: 'rehydrate', owner: 'Team Shop', stack: 'Shop' });
    expect(manifest.stages.map(({ name, owner }) => [name, owner])).toEqual([
      ['shadow', undefined],
      ['full', 'Team Night'],
    ]);
    expect(manifest.stages[0]?.checks.approval).toEqual({ approvers: ['board'], atLeast: 1, expiresAfter: expect.any(Number) });
    expect(manifest.stages[1]?.checks.comparison).toEqual({ observeOnly: false });
    expect(manifest.triggers).toMatchObject([
      { id: 'Divergence', rollback: 'fenced', threshold: 0, windows: 1, breaching: 1 },
      { rollback: 'pause', description: 'Slow.', threshold: 2, windows: 4, breaching: 4 },
      { id: 'Risk-Latency', rollback: 'soft', threshold: 200, comparison: 'GreaterThanThreshold' },
    ]);
    expect(manifest.risks).toEqual([{ id: 'Risk-Latency', statement: 'Pages stay fast.', owner: 'Team Web', rollback: 'soft' }]);
    expect(manifest.tables.legacy).toEqual({ name: { Ref: expect.stringContaining('Legacy') }, keys: ['pk'] });
  });

  test('a change that is amended or reindexed has a manifest, too', () => {
    for (const make of [anAmendment, aReindex]) {
      const { manifest } = synthesised((stack) => make(stack).migrationId);
      expect(manifest.stages.length).toBeGreaterThan(1);
      expect(manifest.kind).toBe(manifest.plan.kind);
    }
  });

  test('an owner is a name', () => {
    const stack = new Stack(new App(), 'Shop');
    expect(() => Stage.full({ owner: ' ' })).toThrow("Stage 'full': owner must be a text of 1 to 100 characters. Received: ' '.");
    expect(() => aMigration(stack, { owner: 'x'.repeat(101) })).toThrow(/owner must be a text of 1 to 100 characters/);
  });
});

test('a change in a nested stack is found by the stack that is deployed', () => {
  const { manifest } = synthesised((stack) => aMigration(new NestedStack(stack, 'Inner')).migrationId);
  expect(manifest.stack).toBe('Shop');
});
