import { setTimeout as wait } from 'node:timers/promises';
import { type Audit, audit, type Contents, isClean } from './audit';
import type { History } from './history';
import type { Terminal } from './terminal';

/** Where it is told that something takes long. */
export type Live = Pick<Terminal, 'live'>;

/** Seconds without an answer until a rehearsal is given up. */
const PATIENCE = 60;
/** Seconds that streams have to drain. */
const DRAIN = 60;

/** Looks again when a look fails: a local AWS with much to do answers late. Fails when none has worked for a minute. */
export function patiently<T>(look: () => Promise<T>, terminal: Live): () => Promise<T | undefined> {
  let worked = performance.now();
  return async () => {
    try {
      const seen = await look();
      worked = performance.now();
      return seen;
    } catch (error) {
      if (performance.now() - worked > PATIENCE * 1000) throw error;
      terminal.live('waiting', `local AWS is busy (${error instanceof Error ? error.name : error})`);
      return undefined;
    }
  };
}

/** Looks until it has worked. */
export async function insisted<T>(look: () => Promise<T>, terminal: Live, signal: AbortSignal): Promise<T> {
  const patient = patiently(look, terminal);
  for (;;) {
    const seen = await patient();
    if (seen !== undefined) return seen;
    await wait(500, undefined, { signal });
  }
}

/** Audits until everything is right twice in a row, or the time for it is over: then whatever is wrong stays wrong. */
export async function drained(
  history: History,
  contents: () => Promise<Contents>,
  kept: ReadonlySet<string>,
  terminal: Live,
  signal: AbortSignal,
): Promise<Audit> {
  const until = performance.now() + DRAIN * 1000;
  let clean = 0;
  for (;;) {
    await wait(2000, undefined, { signal });
    const result = audit(history, await insisted(contents, terminal, signal), kept);
    clean = isClean(result) ? clean + 1 : 0;
    if (clean === 2 || performance.now() > until) return result;
  }
}
