import { RolloutError } from '../core/errors';

/** Where a transform could find a clock or chance, and what it did if it looks there. */
const SOURCES: readonly { readonly of: object; readonly name: string; readonly told: string }[] = [
  { of: globalThis, name: 'Date', told: 'read the clock (Date)' },
  { of: globalThis, name: 'performance', told: 'read the clock (performance)' },
  { of: globalThis, name: 'crypto', told: 'used randomness (crypto)' },
  { of: Math, name: 'random', told: 'used randomness (Math.random)' },
];

/**
 * Runs a function of the user's transform with clocks and randomness out of its reach, and gives them back afterwards.
 * `new Date(value)` and `Date.parse` of given values are pure and stay. A guard against mistakes, not against cunning:
 * what the file took hold of while it was loaded, or imports from `node:crypto`, is not seen.
 * @throws TransformImpure when it reached for one, even if it caught the error itself
 */
export function pure<T>(run: () => T): T {
  let impure: RolloutError | undefined;
  const refuse = (told: string): never => {
    impure ??= new RolloutError('TransformImpure', told);
    throw impure;
  };
  const restore = SOURCES.map(({ of, name, told }) => guard(of, name, () => refuse(told)));
  try {
    const result = run();
    if (impure) throw impure;
    return result;
  } finally {
    for (const give of restore) give();
  }
}

function guard(of: object, name: string, refuse: () => never): () => void {
  const original = Object.getOwnPropertyDescriptor(of, name);
  if (!original) return () => {};
  const { enumerable } = original;
  const shown: PropertyDescriptor =
    name === 'Date' ? { value: timeless(refuse) } : name === 'random' ? { value: refuse } : { get: refuse };
  Object.defineProperty(of, name, { ...shown, enumerable, configurable: true });
  return () => Object.defineProperty(of, name, original);
}

function timeless(refuse: () => never): DateConstructor {
  return new Proxy(Date, {
    construct: (date, args, target) => (args.length === 0 ? refuse() : Reflect.construct(date, args, target)),
    apply: refuse,
    get: (date, property) => (property === 'now' ? refuse : Reflect.get(date, property)),
  });
}
