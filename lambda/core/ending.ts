import type { Counter } from './ledger';
import type { CounterName } from './names';

/** What is known of a change that somebody wants to end. Times in milliseconds since 1970. */
export interface EndingFacts {
  readonly now: number;
  readonly completedAt: number;
  /** Where there are two tables: when the comparison began that found them equal; undefined where there was none. */
  readonly comparedAt?: number;
  readonly compares: boolean;
  readonly counters: Readonly<Record<CounterName, Counter>>;
  /** Changes that could never be carried over, and batches that were given up, as they wait in their queues. */
  readonly poison: number;
  readonly givenUp: number;
}

/** A comparison says nothing about what came long after it. */
export const PROOF_HOURS = 24;

const HOUR = 3_600_000;

/**
 * What stands in the way of an ending, each with what to do; nothing when both sides say the same and nobody but the clients writes.
 * What was counted before the comparison began is settled by it: the tables are equal.
 */
export function obstaclesToEnding(facts: EndingFacts): string[] {
  const { now, comparedAt, completedAt, compares, counters, poison, givenUp } = facts;
  const age = comparedAt === undefined ? undefined : now - comparedAt;
  const proved = !compares || (comparedAt !== undefined && comparedAt >= completedAt && (age as number) <= PROOF_HOURS * HOUR);
  const since = compares && comparedAt !== undefined ? comparedAt : Math.max(completedAt, now - PROOF_HOURS * HOUR);
  const counted = (name: CounterName) => counters[name].count > 0 && Date.parse(counters[name].lastAt ?? '') > since;
  const at = (name: CounterName) => counters[name].lastAt;
  return [
    ...told(
      !proved,
      `The tables were not found equal within the last ${PROOF_HOURS} hours, after the run completed. Start the ending workflow: it compares them.`,
    ),
    ...told(
      counted('unadopted'),
      `Code without the client wrote to the legacy table, last at ${at('unadopted')}. Nothing carries its writes over: they would be lost. ` +
        'Find the writer (CloudTrail data events of the table name the principal) and take its permission away.',
    ),
    ...told(
      counted('divergence'),
      `The tables were found to differ, last at ${at('divergence')}. The ledger says where; mend it, then end the change again.`,
    ),
    ...told(counted('poison'), `A change could not be carried over, last at ${at('poison')}. Settle it with the redrive.`),
    ...told(poison > 0, `${poison} changes wait in the poison queue. Settle them with the redrive.`),
    ...told(givenUp > 0, `${givenUp} batches of the streams were given up. Settle them with the redrive.`),
  ];
}

function told(wrong: boolean, text: string): string[] {
  return wrong ? [text] : [];
}
