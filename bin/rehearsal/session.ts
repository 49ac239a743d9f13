import { APPROVER } from '../../examples/cities/stages';
import type { Operator } from './operator';
import type { Prepared } from './prepare';
import { RehearsalError } from './shell';

/** What is said with a decision, and that it is meant. */
function because(reason: string): string[] {
  return ['--reason', reason, '--yes'];
}

/**
 * A night with the command line: a run that is paused, resumed and taken back, mistakes that change nothing, and a second run that
 * completes. Answers where the keys are then.
 */
export async function session(operator: Operator, _prepared: Prepared): Promise<string> {
  await operator.run(['list'], { says: /CitiesV2/ });
  await operator.run(['status'], { says: /idle/ });
  await mistakesBefore(operator);
  await operator.run(['start', '--run', 'first', ...because('The board said yes.')], { says: /Run first has begun/ });
  await operator.run(['start', ...because('Again?')], { exit: 3, says: /Run first is at work/ });
  await operator.run(['pause', ...because('The shop has a sale.')], { says: /is paused/ });
  await operator.run(['status'], { says: /paused .*The shop has a sale/s });
  await operator.run(['resume', ...because('The sale is over.')], { says: /goes on/ });
  await operator.run(['status', '--watch', '--until', 'waiting-for-approval'], { says: /waiting-for-approval/ });
  await mistakesWhileItWaits(operator);
  await operator.run(['rollback', '--soft', ...because('Nobody is there to watch it.')], { says: /soft rollback has started/ });
  await operator.run(['status', '--watch', '--until', 'rolled-back'], { says: /rolled-back/ });
  await operator.run(['rollback', '--soft', ...because('Once more.')], { exit: 3, says: /nothing to take back/ });
  await operator.run(['start', '--run', 'first', ...because('The same name.')], {
    exit: 3,
    says: /There was a run first before/,
  });
  await operator.run(['start', '--run', 'second', ...because('Everybody is here now.')]);
  await operator.run(['status', '--watch', '--until', 'waiting-for-approval']);
  await operator.run(['approve', '--stage', 'full', '--as', APPROVER, ...because('The figures are good.')], { says: /begins/ });
  await operator.run(['status', '--watch', '--until', 'complete'], { says: /complete/ });
  await operator.run(['redrive'], { says: /0 settled, 0 still waiting/ });
  await operator.run(['verify-ledger'], { says: /Whole/ });
  return positionOf(await operator.run(['status', '--json']));
}

async function mistakesBefore(operator: Operator): Promise<void> {
  await operator.run(['status', '--migration', 'Cities'], { exit: 3, says: /There is no change Cities/ });
  await operator.run(['pause', ...because('Too early.')], { exit: 3, says: /There is no rollout to pause/ });
  await operator.run(['rollback', '--soft', ...because('Too early.')], { exit: 3, says: /nothing to take back/ });
}

async function mistakesWhileItWaits(operator: Operator): Promise<void> {
  const decide = (stage: string, as: string) => ['approve', '--stage', stage, '--as', as, ...because('Good.')];
  await operator.run(decide('everything', APPROVER), { exit: 3, says: /There is no stage everything/ });
  await operator.run(decide('full', 'nobody'), { exit: 3, says: /There is no approver nobody/ });
  await operator.run(decide('shadow', APPROVER), { exit: 3, says: /Stage shadow does not wait/ });
}

function positionOf(json: string): string {
  const { positions } = JSON.parse(json) as { positions: Record<string, number> };
  const names = Object.keys(positions);
  if (names.length === 1) return names[0] as string;
  throw new RehearsalError(`The keys are in ${names.join(' and ')}.`);
}
