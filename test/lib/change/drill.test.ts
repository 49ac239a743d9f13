import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Duration, NestedStack, Stack, type StackProps } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Deployment, Gate, Risk, RolloutLedger, Stage, type StagedChange } from '../../../lib';
import { DRILL_CONTEXT, DRILL_PARAMETER } from '../../../lib/change/drill-context';
import { type Manifest, manifestFile } from '../../../lib/operations/manifest';
import { aMigration, anAmendment, aReindex } from '../fixture';

const LATENCY = new Metric({ namespace: 'Shop', metricName: 'Latency', period: Duration.minutes(1) });

function synthesised(make: (stack: Stack) => StagedChange, context: Record<string, unknown>, props: StackProps = {}) {
  const app = new App({ context, outdir: mkdtempSync(join(tmpdir(), 'rollout-drill-')) });
  const stack = new Stack(app, 'Shop', props);
  const { migrationId } = make(stack);
  const { directory } = app.synth();
  const manifest: Manifest = JSON.parse(readFileSync(join(directory, manifestFile(migrationId)), 'utf8'));
  return { manifest, template: Template.fromStack(stack) };
}

const DRILL = { [DRILL_CONTEXT]: 'true' };

describe('a change that is synthesised for a drill', () => {
  test.each([aMigration, anAmendment, aReindex])('hurries, whatever kind it is', (make) => {
    const { manifest, template } = synthesised((stack) => make(stack), DRILL);
    expect(manifest.drill).toEqual({ leftOut: [] });
    expect(manifest.plan).toMatchObject({ lease: 6, poll: 1, inFlight: 2 });
    expect(manifest.tick).toBe(2);
    for (const { bake, deployment } of manifest.stages) {
      expect(bake).toBe(6);
      expect(deployment.minutes).toBe(0);
    }
    expect(Object.keys(template.findParameters(DRILL_PARAMETER))).toHaveLength(1);
  });

  test('cannot be deployed by whoever does not say that the place is local AWS', () => {
    const { template } = synthesised((stack) => aMigration(stack), DRILL);
    const { Default, AllowedValues } = template.findParameters(DRILL_PARAMETER)[DRILL_PARAMETER] as Record<string, unknown>;
    expect(Default).toBeUndefined();
    expect(AllowedValues).toEqual(['yes']);
  });

  test('asks once in a stack, and in the one that is deployed', () => {
    const { template } = synthesised((stack) => {
      anAmendment(new NestedStack(stack, 'Inner'), {}, 'Second');
      return aMigration(stack);
    }, DRILL);
    expect(Object.keys(template.findParameters('*')).filter((name) => name === DRILL_PARAMETER)).toHaveLength(1);
  });

  test('is refused in a real account, and not in that of local AWS', () => {
    const inAccount = (account: string) =>
      synthesised((stack) => aMigration(stack), DRILL, { env: { account, region: 'eu-central-1' } });
    expect(() => inAccount('123456789012')).toThrow(
      /StagedMigration 'Shop\/Orders': the context key cdk-dynamodb-rollout:drill is for local AWS only.*Received: '123456789012'/,
    );
    expect(inAccount('000000000000').manifest.drill).toBeDefined();
  });

  test('leaves out what local AWS does not have, by name, and keeps the rest', () => {
    const { manifest } = synthesised((stack) => {
      const certificateKey = new kms.Key(stack, 'Signing', {
        keySpec: kms.KeySpec.ECC_NIST_P256,
        keyUsage: kms.KeyUsage.SIGN_VERIFY,
      });
      const { archive } = new RolloutLedger(stack, 'Elsewhere');
      return aMigration(stack, {
        certificateKey,
        stages: [
          Stage.shadow({
            gates: [
              Gate.promotion({ certificates: archive, key: certificateKey }),
              Gate.window(),
              Gate.compatibility(),
              Gate.shadowReads(),
            ],
          }),
          Stage.full({
            bake: Duration.days(7),
            gates: [Gate.approval({ approvers: ['dba'] }), Gate.reconciliation(), Gate.metric(LATENCY, { atMost: 1 })],
          }),
        ],
        risks: [Risk.hypothesis('Pages stay fast.', { id: 'slow', metric: LATENCY, owner: 'Team Shop', atMost: 500 })],
      });
    }, DRILL);
    expect(manifest.drill?.leftOut.map(({ what }) => what)).toEqual([
      "gate 'promotion' of stage 'shadow'",
      "gate 'window' of stage 'shadow'",
      "gate 'shadow reads' of stage 'shadow'",
      "gate 'Latency' of stage 'full'",
      "the gate of hypothesis 'slow'",
      'the certificate of a completed run',
    ]);
    const [shadow, full] = manifest.stages.map(({ checks }) => checks);
    expect(shadow).toMatchObject({ compatibility: { sample: 1000 }, gates: [] });
    expect(shadow?.window ?? shadow?.promotion).toBeUndefined();
    expect(full).toMatchObject({ approval: { approvers: ['dba'] }, comparison: { observeOnly: false }, gates: [] });
  });
});

test('a change is not synthesised for a drill unless it is asked for', () => {
  for (const context of [{}, { [DRILL_CONTEXT]: 'false' }]) {
    const { manifest, template } = synthesised(
      (stack) => aMigration(stack, { stages: [Stage.full({ bake: Duration.days(1), deployment: Deployment.linear() })] }),
      context,
      { env: { account: '123456789012', region: 'eu-central-1' } },
    );
    expect(manifest.drill).toBeUndefined();
    expect(manifest.plan).toMatchObject({ lease: 60, inFlight: 15 });
    expect(manifest.stages[0]).toMatchObject({ bake: 86_400, deployment: { minutes: 10 } });
    expect(template.findParameters(DRILL_PARAMETER)).toEqual({});
  }
});
