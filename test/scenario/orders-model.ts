import { modelFrom } from '../../lambda/adapters/model';
import type { PlainItem } from '../../lambda/client/transform';
import { defineTransform } from '../../lambda/client/transform';

/** An order of the old model: its lines are a map inside it. `inflate` makes `up` blow it up. */
export interface LegacyOrder extends PlainItem {
  readonly id: string;
  readonly status?: string;
  readonly lines?: Readonly<Record<string, unknown>>;
}

/** The new model: a head whose key has the status in it, and an item for each line. */
export const orders = modelFrom(
  defineTransform({
    version: 'orders-1',
    up: ({ id, status, lines = {}, inflate, ...rest }) => [
      ...(status === undefined
        ? []
        : [{ pk: `O#${id}`, sk: `HEAD#${status}`, ...rest, ...(inflate ? { inflate: 'x'.repeat(Number(inflate)) } : {}) }]),
      ...Object.entries(lines as object).map(([name, line]) => ({ pk: `O#${id}`, sk: `LINE#${name}`, line })),
    ],
    down: (items) => {
      const [first] = items;
      if (!first) return undefined;
      const head = items.find(({ sk }) => String(sk).startsWith('HEAD#'));
      const { pk: _, sk: __, inflate, ...rest } = head ?? {};
      const lines = items.filter(({ sk }) => String(sk).startsWith('LINE#')).map(({ sk, line }) => [String(sk).slice(5), line]);
      return {
        id: String(first.pk).slice(2),
        ...rest,
        ...(head ? { status: String(head.sk).slice(5) } : {}),
        ...(inflate ? { inflate: String(inflate).length } : {}),
        ...(lines.length > 0 ? { lines: Object.fromEntries(lines) } : {}),
      };
    },
    legacyKey: ({ pk }) => ({ id: String(pk).slice(2) }),
    legacyPartition: ({ pk }) => ({ id: String(pk).slice(2) }),
    canary: {
      item: (n) => ({ id: `canary-${n}`, status: 'new' }),
      number: ({ id }) => (String(id).startsWith('canary-') ? Number(String(id).slice(7)) : undefined),
    },
  }),
  { legacy: ['id'], target: ['pk', 'sk'] },
);
