import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { APPROVER, PILOTS } from '../../examples/cities/stages';
import { manifestIn } from '../operator/manifests';
import type { Operator } from './operator';
import { RunbookCommands } from './runbook-commands';
import { RehearsalError } from './shell';

/** What an operator has in hand. */
export interface Desk {
  readonly operator: Operator;
  /** The runbook of the change: its commands are given as they stand there. */
  readonly book: RunbookCommands;
  /** Where the cloud assembly is. */
  readonly assembly: string;
  /** Where the review is written. */
  readonly folder: string;
}

/** What is said with a decision, and that it is meant. */
function because(reason: string): string[] {
  return ['--reason', reason, '--yes'];
}

const YES = '--yes';

/** Id of the change of the cities. */
const CITIES = 'CitiesRollout-CitiesV2-EA1DBD3C';

/** What is at hand for the change of the cities. */
export function deskOf(operator: Operator, assembly: string, folder: string): Desk {
  return { operator, book: new RunbookCommands(manifestIn(assembly, CITIES)), assembly, folder };
}

/**
 * A whole migration with the command line alone, by the runbook: mistakes that change nothing, a run that is rejected, one that is taken
 * back in every way, one that completes, and the day after. Answers where the keys are then.
 */
export async function session(desk: Desk): Promise<string> {
  const { operator } = desk;
  await before(desk);
  await rejected(desk);
  await takenBack(desk);
  await completed(desk);
  await reviewed(desk);
  return positionOf(await operator.run(['status', '--json']));
}

/** The end, after which nothing is carried over any more. @throws RehearsalError where a command of the runbook was not given */
export async function ending({ operator, book }: Desk): Promise<void> {
  await operator.run([...book.take('complete --reason', 'The window is over.'), YES], { says: /is closed for good/ });
  await operator.run(['status'], { says: /closed/ });
  await operator.run(['start', ...because('Once more?')], { exit: 3, says: /The change is closed/ });
  await operator.run(['rollback', '--soft', ...because('Too late.')], { exit: 3, says: /The change is closed/ });
  if (book.missing().length > 0) throw new RehearsalError(`Nobody gave ${book.missing().join('; ')} of the runbook.`);
}

async function before({ operator, book, assembly }: Desk): Promise<void> {
  await operator.run(book.take('list'), { says: /CitiesV2/ });
  await operator.run(book.take('status'), { says: /idle/ });
  await operator.run([...book.take('plan'), '--app', assembly, '--tables'], { says: /In all at least .*In all about \$/s });
  await operator.run(['runbook', '--app', assembly, '--migration', CITIES], {
    says: /rollback --soft/,
  });
  await operator.run(['report'], { exit: 3, says: /There was no run yet/ });
  await operator.run(['status', '--migration', 'Cities'], { exit: 3, says: /There is no change Cities/ });
  await operator.run(['pause', ...because('Too early.')], { exit: 3, says: /There is no rollout to pause/ });
  await operator.run(['rollback', '--soft', ...because('Too early.')], { exit: 3, says: /nothing to take back/ });
  await operator.run(['complete', ...because('Too early.')], { exit: 3, says: /Only a change whose run has completed/ });
}

/** A run that is slowed down, paused, resumed, looked into, and rejected. */
async function rejected({ operator, book }: Desk): Promise<void> {
  await operator.run([...book.take('start --reason', 'The board said yes.'), '--run', 'first', YES], {
    says: /Run first has begun/,
  });
  await operator.run(['start', ...because('Again?')], { exit: 3, says: /Run first is at work/ });
  await operator.run(book.take('set --write-units --concurrency --reason', 'The table is busy.'), { says: /200 write units/ });
  await operator.run(book.take('pause --reason', 'The shop has a sale.'), { says: /is paused/ });
  await operator.run(['status'], { says: /paused .*The shop has a sale/s });
  await operator.run(book.take('resume --reason', 'The sale is over.'), { says: /goes on/ });
  await operator.run(['status', '--watch', '--until', 'waiting-for-approval'], { says: /waiting-for-approval/ });
  await operator.run(book.take('trace', JSON.stringify({ id: PILOTS[0] })), { says: /dual-target/ });
  const decide = (stage: string, as: string) => ['approve', '--stage', stage, '--as', as, ...because('Good.')];
  await operator.run(decide('everything', APPROVER), { exit: 3, says: /There is no stage everything/ });
  await operator.run(decide('full', 'nobody'), { exit: 3, says: /There is no approver nobody/ });
  await operator.run(decide('shadow', APPROVER), { exit: 3, says: /Stage shadow does not wait/ });
  await operator.run([...book.take('reject --stage --as --reason', 'Nobody is there to watch.'), YES], { says: /is rejected/ });
  await operator.run(['status', '--watch', '--until', 'rolled-back'], { says: /rolled-back/ });
  await operator.run(['rollback', '--soft', ...because('Once more.')], { exit: 3, says: /nothing to take back/ });
}

/** Each way back takes over from a milder one. */
async function takenBack({ operator, book }: Desk): Promise<void> {
  await operator.run(['start', '--run', 'first', ...because('The same name.')], {
    exit: 3,
    says: /There was a run first before/,
  });
  await operator.run(['start', '--run', 'second', ...because('Somebody is there now.')]);
  await operator.run(['status', '--watch', '--until', 'waiting-for-approval']);
  await operator.run([...book.take('rollback --soft --reason', 'Checkout is slow.'), YES], { says: /soft rollback has started/ });
  await operator.run(['status', '--watch', '--until', 'rolling-back']);
  await operator.run([...book.take('rollback --hard --reason', 'The data is wrong.'), YES], {
    says: /fenced rollback has started/,
  });
  await operator.run([...book.take('rollback --hard --immediate --reason', 'It is down.'), YES], {
    says: /immediate rollback has started/,
  });
  await operator.run(book.take('status --watch'), { says: /rolled-back/ });
}

async function completed({ operator, book }: Desk): Promise<void> {
  await operator.run(['start', '--run', 'third', ...because('It is mended.')]);
  await operator.run(['status', '--watch', '--until', 'waiting-for-approval']);
  await operator.run(book.take('reconcile'), { says: /The tables are equal/ });
  await operator.run([...book.take('approve --stage --as --reason', 'The figures are good.'), YES], { says: /begins/ });
  await operator.run(['status', '--watch', '--until', 'complete'], { says: /complete/ });
}

/** The day after. */
async function reviewed({ operator, book, folder }: Desk): Promise<void> {
  await operator.run(book.take('redrive'), { says: /0 settled, 0 still waiting/ });
  const review = join(folder, 'review.html');
  await operator.run([...book.take('report'), '--out', review], { says: /The review of run third/ });
  if (!existsSync(review) || !/<svg/.test(readFileSync(review, 'utf8'))) throw new RehearsalError('The review has no charts.');
  await operator.run(book.take('verify-ledger'), { says: /Whole/ });
  await operator.run(['verify-ledger', '--expect', 'a hash that was never there'], { exit: 5, says: /Tampered with/ });
  await operator.run([...book.take('restore --as', 'cities-before'), '--wait', YES], { says: /cities-before is restored/ });
  await operator.run([...book.take('restore --as --run', 'cities-before-first', 'first'), YES], {
    says: /cities-before-first is being restored/,
  });
}

function positionOf(json: string): string {
  const { positions } = JSON.parse(json) as { positions: Record<string, number> };
  const names = Object.keys(positions);
  if (names.length === 1) return names[0] as string;
  throw new RehearsalError(`The keys are in ${names.join(' and ')}.`);
}
