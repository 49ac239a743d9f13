/** One operation on one key of a history: what it does to the value, and whether its answer fits. */
export interface Operation {
  readonly name: string;
  readonly began: number;
  readonly ended: number;
  /** The value afterwards, or `impossible` when the operation cannot have given its answer on this value. */
  readonly apply: (value: string | undefined) => string | undefined | typeof impossible;
}

export const impossible = Symbol('impossible');

/**
 * True when the operations can be put in one order that a single copy would allow: each between its beginning and its
 * end (Herlihy and Wing, "Linearizability", 1990). Tries the orders, so a history may have some ten operations.
 */
export function isLinearizable(initial: string | undefined, history: readonly Operation[], final: string | undefined): boolean {
  if (history.length === 0) return initial === final;
  const firstEnd = Math.min(...history.map(({ ended }) => ended));
  return history.some((operation, index) => {
    if (operation.began > firstEnd) return false;
    const next = operation.apply(initial);
    return next !== impossible && isLinearizable(next, history.toSpliced(index, 1), final);
  });
}
