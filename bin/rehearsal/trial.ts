import { AMENDMENT, type Change, MIGRATION, REINDEX } from './change';
import { Chaos } from './chaos';
import { type Fault, INJECTIONS, type Injection } from './faults';

/** One thing to rehearse, on a local AWS of its own. */
export interface Trial {
  readonly name: string;
  readonly change: Change;
  readonly injection: Injection;
  /** Trouble from all sides. */
  readonly chaos?: Chaos;
  /** What is rehearsed in place of one rollout: all changes of the cities in one plan, or a night of an operator. */
  readonly instead?: 'plan' | 'operator';
  /** Many clients write, and how long each has to wait is judged. */
  readonly probe: boolean;
}

/** A rollout with a fault, or with none. */
export function trialOf(fault: Fault, probe = false): Trial {
  return { name: probe ? 'probe' : fault, change: fault === 'index' ? REINDEX : MIGRATION, injection: INJECTIONS[fault], probe };
}

/** The amendment of the cities, and one that is taken back. */
export function amendmentTrials(): Trial[] {
  const back: Injection = {
    expected: 'legacy',
    ready: ({ phase, shares }) => /bake/i.test(phase) && (shares.get('target') ?? 0) > 0.2,
    inject: async ({ migration }) => {
      await migration.startRollback('soft', 'Rehearsal: the amendment is taken back.');
      return 'rollback started while keys are written in the new form';
    },
  };
  const trial = (name: string, injection: Injection): Trial => ({ name, change: AMENDMENT, injection, probe: false });
  return [trial('amendment', INJECTIONS.none), trial('amendment taken back', back)];
}

/** The queries of the cities move to another index. */
export function reindexTrials(): Trial[] {
  return [{ name: 'reindex', change: REINDEX, injection: INJECTIONS.none, probe: false }];
}

/** All three changes of the cities, one after the other. */
export function planTrials(): Trial[] {
  return [{ name: 'plan', change: MIGRATION, injection: INJECTIONS.none, instead: 'plan', probe: false }];
}

/** A migration with the command line alone. */
export function operatorTrial(): Trial {
  return { name: 'operator', change: MIGRATION, injection: INJECTIONS.none, instead: 'operator', probe: false };
}

/** Faults that are a rollback, by the way back. */
export const ROLLBACKS = ['soft', 'hard', 'immediate'] as const satisfies readonly Fault[];

/** A rollback that starts when the rollout workflow is seen in a state, wherever the keys stand by then. */
export function rollbackTrial(fault: (typeof ROLLBACKS)[number], state: string): Trial {
  const mode = fault === 'hard' ? 'fenced' : fault;
  const injection: Injection = {
    ...INJECTIONS[fault],
    ready: ({ phase }) => phase === state,
    inject: async ({ migration }) => {
      await migration.startRollback(mode, `Rehearsal: ${mode} rollback in the state ${state}.`);
      return `${mode} rollback started in the state ${state}`;
    },
  };
  return { name: `${fault} at ${state}`, change: MIGRATION, injection, probe: false };
}

/** A rollout in everything that a seed does. */
export function chaosTrial(seed: number): Trial {
  const chaos = new Chaos(seed);
  return { name: chaos.name, change: MIGRATION, injection: chaos.injection, chaos, probe: false };
}
