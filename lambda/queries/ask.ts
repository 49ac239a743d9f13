import type { AccessPattern } from '../core/access-pattern';
import { type Disagreements, disagreementsOf, persisting } from '../core/answers';
import type { Clock } from '../core/control';
import { type ErrorName, RolloutError } from '../core/errors';
import { inParallel } from '../core/pace';
import { type Asking, answerOf } from '../core/pattern-answer';
import { isOpen, MOST_LOOKS, type Standing } from '../core/query-gate';

export interface AskPorts extends Asking {
  readonly clock: Clock;
  /** Milliseconds until the process ends. */
  readonly remaining: () => number;
}

/** Questions at a time, each to both sides. */
const AT_A_TIME = 4;
/** Milliseconds between the first two looks at a difference; twice as long each time, so that all take over two and a half minutes. */
const FIRST_PAUSE = 5000;
/** Milliseconds before the end of the process from which on nothing more is asked. */
const SPARE = 60_000;
/** Disagreements that are kept from the first looks of all questions: enough where little differs, and where all does. */
const MOST_KEPT = 50_000;

/** Errors of the user's query: another try meets them again. */
const LASTING: readonly ErrorName[] = ['QueryFailed', 'TransformFailed', 'TransformImpure'];

/**
 * Asks each question on both sides. The two answers are not of one moment, changes may be on their way to the other table or to an
 * index, so what differs is looked at again, and only what stands at every look counts.
 */
export async function askUntilSettled(
  ports: AskPorts,
  patterns: ReadonlyMap<string, AccessPattern>,
  questions: readonly Standing[],
): Promise<Standing[]> {
  const { clock, remaining } = ports;
  const kept = Math.ceil(MOST_KEPT / questions.length);
  const ask = (standing: Standing) => look(ports, patterns.get(standing.pattern) as AccessPattern, standing, kept);
  let standings = await inParallel(AT_A_TIME, questions, ask);
  for (let n = 1; n < MOST_LOOKS && standings.some(isOpen); n++) {
    const pause = FIRST_PAUSE * 2 ** (n - 1);
    if (remaining() < pause + SPARE) break;
    await clock.sleep(pause);
    standings = await inParallel(AT_A_TIME, standings, async (one) => (isOpen(one) ? ask(one) : one));
  }
  return standings;
}

/** Why a question cannot be asked. @throws what may pass */
export function whyNot(error: unknown): string {
  if (error instanceof RolloutError && LASTING.some((name) => name === error.name)) return error.message;
  throw error;
}

async function look(ports: AskPorts, pattern: AccessPattern, standing: Standing, kept: number): Promise<Standing> {
  const { params, looks, open } = standing;
  if (!params || ports.remaining() < SPARE) return standing;
  try {
    const [legacy, target] = await Promise.all([
      answerOf(ports, 'legacy', pattern, params),
      answerOf(ports, 'target', pattern, params),
    ]);
    const found = disagreementsOf(legacy, target, pattern.ordered);
    return { ...standing, looks: looks + 1, open: looks === 0 ? first(found, kept) : persisting(open, found) };
  } catch (error) {
    return { ...standing, failure: whyNot(error) };
  }
}

function first(found: Disagreements, most: number): Disagreements {
  return new Map([...found].slice(0, most));
}
