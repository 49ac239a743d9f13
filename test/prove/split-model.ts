import { modelFrom } from '../../lambda/adapters/model';
import type { Model } from '../../lambda/core/model';

/** A model that splits one legacy item in two, either of which may be missing. Canaries have ids of their own. */
export const splitModel: Model = modelFrom(
  {
    version: 'split-1',
    up: (legacy: Record<string, unknown>) => [
      ...(legacy.name === undefined ? [] : [{ place: legacy.id, part: 'name', name: legacy.name }]),
      ...(legacy.size === undefined ? [] : [{ place: legacy.id, part: 'size', size: legacy.size }]),
    ],
    down: (targets: Record<string, unknown>[]) => ({
      id: targets[0]?.place,
      name: targets.find(({ part }) => part === 'name')?.name,
      size: targets.find(({ part }) => part === 'size')?.size,
    }),
    legacyKey: (key: Record<string, unknown>) => ({ id: key.place }),
    canary: {
      item: (n: number) => ({ id: `canary ${n}`, name: 'canary', size: n }),
      number: (key: Record<string, unknown>) => {
        const [word, n] = String(key.id).split(' ');
        return word === 'canary' ? Number(n) : undefined;
      },
    },
  },
  { legacy: ['id'], target: ['place', 'part'] },
);
