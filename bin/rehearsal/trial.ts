import { Chaos } from './chaos';
import { type Fault, INJECTIONS, type Injection } from './faults';

/** One thing to rehearse, on a local AWS of its own. */
export interface Trial {
  readonly name: string;
  readonly injection: Injection;
  /** Trouble from all sides. */
  readonly chaos?: Chaos;
  /** Many clients write, and how long each has to wait is judged. */
  readonly probe: boolean;
}

/** A rollout with a fault, or with none. */
export function trialOf(fault: Fault, probe = false): Trial {
  return { name: probe ? 'probe' : fault, injection: INJECTIONS[fault], probe };
}

/** A rollout in everything that a seed does. */
export function chaosTrial(seed: number): Trial {
  const chaos = new Chaos(seed);
  return { name: chaos.name, injection: chaos.injection, chaos, probe: false };
}
