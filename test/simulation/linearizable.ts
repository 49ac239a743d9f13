import type { Effect, Operation } from './history';

/** Effects that no order explains are searched for at most so long. */
const MOST_STATES = 200_000;

/**
 * True when the operations on one key can be put in one order that a single copy would allow, each between its beginning
 * and its end; one without an end may be left out (Herlihy and Wing, "Linearizability", 1990; the search with a memory of
 * visited states is Lowe's, "Testing for linearizability", 2017).
 */
export function isLinearizable(initial: string | undefined, all: readonly Operation[]): boolean {
  const operations = relevant(all).sort((a, b) => a.began - b.began);
  const ends = operations.map(({ ended }) => ended ?? Number.POSITIVE_INFINITY);
  const seen = new Set<string>();
  const search = (done: bigint, value: string | undefined, left: number): boolean => {
    if (left === 0) return true;
    const state = `${done} ${value}`;
    if (seen.has(state)) return false;
    seen.add(state);
    if (seen.size > MOST_STATES) throw new Error('The history of one key is too long to be judged');
    let firstEnd = Number.POSITIVE_INFINITY;
    operations.forEach((_, n) => {
      if (!(done & (1n << BigInt(n)))) firstEnd = Math.min(firstEnd, ends[n] as number);
    });
    for (let n = 0; n < operations.length; n++) {
      const operation = operations[n] as Operation;
      if (done & (1n << BigInt(n))) continue;
      if (operation.began > firstEnd) break;
      const next = done | (1n << BigInt(n));
      const open = operation.ended === undefined;
      for (const effect of operation.effects) {
        if (fits(effect, value) && search(next, after(effect, value), open ? left : left - 1)) return true;
      }
    }
    return false;
  };
  return search(0n, initial, operations.filter(({ ended }) => ended !== undefined).length);
}

/** An open write whose value nobody has seen explains nothing, and an open read neither. */
function relevant(operations: readonly Operation[]): Operation[] {
  const seen = new Set<string | undefined>();
  for (const { effects } of operations) {
    for (const effect of effects) {
      if (effect.kind === 'read') seen.add(effect.value);
      if (effect.kind === 'change') seen.add(effect.from);
    }
  }
  return operations.flatMap((operation) => {
    if (operation.ended !== undefined) return [operation];
    const effects = operation.effects.filter((effect) => effect.kind !== 'read' && seen.has(effect.value));
    return effects.length === 0 ? [] : [{ ...operation, effects }];
  });
}

function fits(effect: Effect, value: string | undefined): boolean {
  if (effect.kind === 'write') return true;
  return (effect.kind === 'read' ? effect.value : effect.from) === value;
}

function after(effect: Effect, value: string | undefined): string | undefined {
  return effect.kind === 'read' ? value : effect.value;
}
