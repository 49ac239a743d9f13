import { Duration } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Risk, Rollback, Stage, Trigger } from '../../../lib';
import { aMigration, aStack, templateOf } from '../fixture';
import { definitionsOf } from '../workflow/definitions';

const latency = new Metric({ namespace: 'App', metricName: 'Latency', statistic: 'p99', period: Duration.minutes(1) });
const risk = Risk.hypothesis('Pages show cities within 200 ms', {
  metric: latency,
  atMost: 200,
  owner: 'web',
  rollback: Rollback.fenced(),
});

describe('a hypothesis', () => {
  const stages = [Stage.shadow({ bake: Duration.minutes(1) }), Stage.full()];

  it('is a trigger, after those that are given, which says whose it is', () => {
    const stack = aStack();
    const migration = aMigration(stack, { stages, triggers: [Trigger.divergence()], risks: [risk] });
    expect(migration.alarms).toHaveLength(2);
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'Latency',
      Threshold: 200,
      AlarmDescription:
        'Latency is beyond its bound. It was expected: Pages show cities within 200 ms (web). Takes traffic back to the legacy table.',
    });
    expect(JSON.stringify(template.toJSON())).toContain('"TRIGGER_MODES":"fenced,fenced"');
  });

  it('is a gate of each stage that bakes long enough for it, and of no other', () => {
    const { States } = definitionsOf(templateOf({ stages, risks: [risk] })).rollout;
    const gates = (state: string) => {
      const input = States[state]?.Parameters?.Input as { gates: { id: string }[] } | undefined;
      return input?.gates.map(({ id }) => id);
    };
    expect([gates('shadow: bake'), gates('full: bake')]).toEqual([[], ['Risk-Latency']]);
  });

  it('that only pauses the rollout fails no stage', () => {
    const pausing = Risk.hypothesis('Orders keep coming', {
      ...{ metric: latency, atMost: 200, owner: 'web', rollback: Rollback.pause() },
    });
    const template = templateOf({ stages, risks: [pausing] });
    const input = definitionsOf(template).rollout.States['full: bake']?.Parameters?.Input as { gates: unknown[] };
    expect(input.gates).toEqual([expect.objectContaining({ id: 'Risk-Latency', observeOnly: true })]);
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'Latency',
      AlarmDescription: 'Latency is beyond its bound. It was expected: Orders keep coming (web). Pauses the rollout.',
    });
  });

  it('is concluded at the end, forwards and backwards, by its alarm', () => {
    const stack = aStack();
    const migration = aMigration(stack, { stages, risks: [risk] });
    const { rollout, rollback } = definitionsOf(Template.fromStack(stack));
    const told = { id: 'Risk-Latency', statement: 'Pages show cities within 200 ms', owner: 'web', alarm: expect.anything() };
    for (const state of [rollout.States.Complete, rollback.States.Finish]) {
      expect(state?.Parameters).toMatchObject({ expected: { stages: 2, hypotheses: [told] } });
    }
    expect(migration.alarms).toHaveLength(3);
  });

  const REFUSED: readonly [what: string, make: () => unknown, told: RegExp][] = [
    [
      'that says nothing',
      () => Risk.hypothesis(' ', { metric: latency, atMost: 1, owner: 'web' }),
      /statement must be a text of 1 to 300/,
    ],
    [
      'of nobody',
      () => Risk.hypothesis('x', { metric: latency, atMost: 1, owner: '' }),
      /owner must be a text of 1 to 100 characters/,
    ],
    [
      'without a bound',
      () => Risk.hypothesis('x', { metric: latency, owner: 'web' }),
      /the bound must be one of atMost and atLeast/,
    ],
    [
      'with an id that is none',
      () => Risk.hypothesis('x', { metric: latency, atMost: 1, owner: 'web', id: 'a b' }),
      /Risk 'a b': id must be/,
    ],
    ['that is there twice', () => templateOf({ risks: [risk, risk] }), /must not be there twice/],
  ];

  it.each(REFUSED)('%s is refused', (_, make, told) => {
    expect(make).toThrow(told);
  });
});
