import type { Kind } from '../../lambda/core/position';
import type { ManifestStage } from '../operations/manifest';

/** A state of a workflow, and what happens in it. */
export type StateInWords = readonly [state: string, does: string];

/** States of the rollout before the first stage. */
export const STATES_BEFORE: Readonly<Record<Kind, readonly StateInWords[]>> = {
  rehydrate: [
    ['Begin', 'takes the lease, arms AppConfig with the alarms'],
    ['Preflight', 'looks for everything that would stop the rollout later, and takes a backup of legacy'],
    ['Prove forward replication', 'canaries must come out of the target'],
    ['Backfill', 'copies what is absent in the target, slice by slice'],
    ['Let writes land', 'until no request of a worker can still arrive'],
    ['Sketch', 'scans both tables'],
    ['List differences', 'makes the target equal to legacy; a pass that found any is followed by another, five at most'],
    ['Reconciled', 'a pass found nothing'],
  ],
  amend: [
    ['Begin', 'takes the lease, arms AppConfig with the alarms'],
    ['Preflight', 'looks for everything that would stop the rollout later, and takes a backup'],
    ['Examine', 'tries every item: it must come back from the new form as it was'],
    ['Look for writers without the client', 'waits until none has written for a while'],
    ['Adopted', 'nobody writes without the client'],
  ],
  reindex: [
    ['Begin', 'takes the lease, arms AppConfig with the alarms'],
    ['Preflight', 'looks for everything that would stop the rollout later'],
    ['Look for the index', 'waits until it is there and filled'],
    ['Index is filled', 'DynamoDB says ACTIVE'],
    ['Compare index and table', 'in full: no query moves to an index that lacks an entry'],
  ],
};

/** States of the rollout after the last stage. */
export const STATES_AFTER: Readonly<Record<Kind, readonly StateInWords[]>> = {
  rehydrate: [['Complete', 'takes canaries away, gives the lease up']],
  amend: [
    ['Store the new form', 'stores what nobody has written since, each item on the condition that it is as it was read'],
    ['Complete', 'gives the lease up'],
  ],
  reindex: [['Complete', 'gives the lease up']],
};

/** States of the workflow that moves keys, which the shift of a stage runs. */
export const STATES_OF_SHIFT: readonly StateInWords[] = [
  ['Next', 'which routing table comes next'],
  ['Release', 'starts its deployment; waits in `Wait for resume` while the run is paused'],
  ['Let it spread', 'AppConfig brings it to a growing share of clients'],
  ['Check', 'whether AppConfig took it back'],
  ['Barrier', 'until everybody has it'],
  ['Arrived', 'every key of the stage is where it should be'],
];

/** States of a stage, in order. */
export function statesOfStage({ name, checks }: Pick<ManifestStage, 'name' | 'checks'>): StateInWords[] {
  const { promotion, compatibility, approval, window, queries, indexes = [], comparison } = checks;
  const states: (StateInWords | undefined | false)[] = [
    promotion && ['promotion', 'reads the certificate of the other environment'],
    compatibility && ['compatibility', 'looks at a sample of legacy items'],
    approval && ['approval', 'waits for those who decide'],
    window && ['window', 'looks whether it is open, and waits'],
    ['shift', 'moves the keys of the stage, position by position'],
    ['bake', 'observes, again and again'],
    queries && ['queries', 'asks both sides'],
    ...indexes.map(({ index }): StateInWords => [`index ${index}`, 'compares it with its table']),
    comparison && ['compare', 'compares both tables in full'],
    ['evidence', 'writes down what was seen'],
  ];
  return states.filter((state) => !!state).map(([state, does]) => [`${name}: ${state}`, does]);
}
