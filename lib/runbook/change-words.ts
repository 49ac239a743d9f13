import type { CohortSpec } from '../../lambda/core/plan';
import type { Kind, Position } from '../../lambda/core/position';
import type { Manifest, ManifestTable } from '../operations/manifest';
import type { Place } from './command';
import type { Inline, Text } from './document';

/** What a change of each kind does. */
export const DOES: Readonly<Record<Kind, string>> = {
  rehydrate: 'Moves items from one table to another, under a new model',
  amend: 'Changes the items of one table in place',
  reindex: 'Moves queries from one index of a table to another',
};

/** What a key in a position means, for each kind. */
export const POSITIONS: Readonly<Record<Kind, readonly (readonly [position: Position, reads: string, writes: string])[]>> = {
  rehydrate: [
    ['legacy', 'legacy', 'legacy'],
    ['shadow', 'legacy; a sample is compared with the target', 'legacy'],
    ['dual-legacy', 'legacy', 'both, in one transaction'],
    ['dual-target', 'target; a sample is compared with legacy', 'both, in one transaction'],
    ['target', 'target', 'target; replication keeps legacy up for the way back'],
    ['fenced', 'target', 'refused, until it has drained: only in a fenced rollback'],
  ],
  amend: [
    ['legacy', 'either form', 'in the old form'],
    ['target', 'either form', 'in the new form'],
  ],
  reindex: [
    ['legacy', 'the old index', 'as ever'],
    ['shadow', 'the old index; a sample is asked of the new one, too', 'as ever'],
    ['target', 'the new index', 'as ever'],
  ],
};

/** Where the commands of a change act. */
export function placeOf({ migration, region }: Manifest): Place {
  return { migration, region };
}

/** The name of a table, or what CloudFormation makes one of. */
export function tableName({ name }: ManifestTable): Inline {
  if (typeof name === 'string') return { code: name };
  const [ref] = name !== null && typeof name === 'object' ? Object.values(name) : [];
  return typeof ref === 'string' ? { code: ref } : 'named when the stack is deployed';
}

/** True where both sides are one table. */
export function isOneTable({ kind }: Manifest): boolean {
  return kind !== 'rehydrate';
}

/** Whose keys a stage moves. */
export function cohortWords(cohort: CohortSpec): Text {
  switch (cohort.kind) {
    case 'all':
      return ['every key'];
    case 'percent':
      return [
        `${cohort.percent} percent of all keys, by a hash of the routing key: always the same ones, those of a smaller share among them`,
      ];
    case 'keys':
      return [
        ...cohort.keys.flatMap((key, index): Inline[] => [...(index > 0 ? [', '] : []), { code: key }]),
        ` (${cohort.keys.length} routing keys)`,
      ];
  }
}
