import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { Alarm } from '../../lambda/core/control';
import { judge, MEASURING_BUDGET, spend } from '../../lambda/core/verdict';
import type { Trigger } from '../../lib';
import { aMigration, aStack } from '../lib/fixture';
import type { Found, Run } from './check';
import { alarmsOf, type Series } from './cloudwatch-model';

const NAME = 'trigger';

/** A trigger of a migration: its alarm as it is synthesised, and what an observation makes of it. */
export class Watching {
  private synthesised: Template | undefined;

  constructor(private readonly make: (stack: Stack) => Trigger) {}

  /** The trigger over some minutes of metrics. The reason is in which of them it goes off. */
  over(series: Series, minutes: number): Run {
    return async () => {
      const alarms = [...alarmsOf(this.template, series, minutes)].filter(([id]) => isOfTrigger(id));
      expect(alarms).toHaveLength(1);
      const fired = alarms[0]?.[1] as number[];
      const { verdict } = seen([{ name: NAME, state: fired.length > 0 ? 'ALARM' : 'OK', actionsEnabled: true }]);
      return { verdict, ...(fired.length > 0 ? { reason: fired.join(', ') } : {}) };
    };
  }

  /** Without data the alarm says something in any case: good, or bad. */
  readonly hasNoThirdState = (): void => {
    const alarms = Object.values(this.template.findResources('AWS::CloudWatch::Alarm'));
    for (const { Properties } of alarms) expect(['breaching', 'notBreaching']).toContain(Properties.TreatMissingData);
  };

  private get template(): Template {
    if (this.synthesised) return this.synthesised;
    const stack = aStack();
    aMigration(stack, { triggers: [this.make(stack)] });
    this.synthesised = Template.fromStack(stack);
    return this.synthesised;
  }
}

/** Alarms of `Triggers`, without what they are composed of; the user's own are named so. */
function isOfTrigger(id: string): boolean {
  return (id.includes('Triggers') && !id.includes('Parts')) || id.startsWith('Own');
}

/** An observation of an alarm that is in a state. */
export function inState(state: Alarm['state']): Run {
  return async () => seen([{ name: NAME, state, actionsEnabled: true }]);
}

/** As many observations as the budget has, and one more, of an alarm that is not there. */
export const alarmGone: Run = async () => {
  let missed = 0;
  let found: Found = { verdict: 'inconclusive' };
  for (let n = 0; n <= MEASURING_BUDGET; n++) {
    const spent = spend(missed, { verdict: 'inconclusive', reasons: [seen([]).reason as string] });
    missed = spent.missed;
    found = { verdict: spent.judgement.verdict, reason: spent.judgement.reasons.join(' ') };
  }
  return found;
};

function seen(alarms: readonly Alarm[]): Found {
  const nothing = { checked: 0, diverged: 0, givenUp: 0, grown: { divergence: 0, unadopted: 0, poison: 0 }, unknown: [] };
  const { verdict, reasons } = judge({ ...nothing, triggers: [NAME], alarms, furthest: 'legacy' });
  return { verdict, reason: reasons.join(' ') };
}

/** A value for so many minutes, then another, and so on; undefined for no data. */
export const during = (...parts: readonly (readonly [minutes: number, value: number | undefined])[]) =>
  parts.flatMap(([minutes, value]) => Array.from({ length: minutes }, () => value));

/** The same for as long as anybody looks. */
export const always = (value: number | undefined) => during([1000, value]);

/** The reason of a trigger that goes off in these minutes. */
export function inMinutes(...minutes: number[]): RegExp {
  return new RegExp(`^${minutes.join(', ')}$`);
}
