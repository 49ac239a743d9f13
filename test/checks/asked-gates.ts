import type { Decision } from '../../lambda/core/approval';
import type { Calendars } from '../../lambda/core/control';
import type { Found as FoundCertificate, Wanted } from '../../lambda/core/promotion';
import { differences } from '../../lambda/differences/differences';
import { prove } from '../../lambda/prove/prove';
import { window } from '../../lambda/window/window';
import type { Gate } from '../../lib';
import { asked as approval } from '../approve/asked';
import { scene as compatibilityScene } from '../compatibility/scene';
import { scene as comparisonScene, RUN, SLICES, scan } from '../differences/scene';
import { filled as indexScene, pass } from '../index-coherence/scene';
import { MemoryLedger } from '../memory/memory-ledger';
import { scene as promotionScene } from '../promotion/scene';
import { ReplicatedWorld } from '../prove/replicated-world';
import { scene as queriesScene } from '../queries/scene';
import { definitionsOf } from '../simulation/definitions';
import { PLANS } from '../simulation/settings';
import { holds } from '../simulation/state-machine';
import { asked, type Found, type Run } from './check';

/** What a function that makes a scene makes. */
type Scene<T extends (...given: never[]) => unknown> = Awaited<ReturnType<T>>;

/** `Gate.compatibility()` over so many people, after something has happened to them. */
export function fits(gate: Gate, people: number, happens: (scene: Scene<typeof compatibilityScene>) => void = () => {}): Run {
  return async () => {
    const scene = await compatibilityScene(people);
    happens(scene);
    return asked(() => scene.look({}, gate._parts.compatibility))();
  };
}

/** `Gate.queries()` over ten residents, after something has happened to them. */
export function answers(gate: Gate, happens: (scene: Scene<typeof queriesScene>) => void = () => {}): Run {
  return async () => {
    const scene = await queriesScene();
    happens(scene);
    const { names = [], sample } = gate._parts.queries ?? {};
    return asked(() => scene.ask([...names], { sample }))();
  };
}

/** `Gate.approval()` with what was said by whom, one after the other. */
export function decided(gate: Gate, ...said: readonly (readonly [by: string, decision: Decision['decision']])[]): Run {
  return async () => {
    const { ask, decide } = await approval();
    await ask('token-1', 'full', gate._parts.approval);
    let found: Found = { verdict: 'inconclusive' };
    for (const [by, decision] of said) {
      found = await decide(by, { decision }).then(
        ({ outcome, missing }) => OUTCOMES[outcome](missing),
        ({ name, message }: Error) => ({ verdict: 'error', reason: `${name}: ${message}` }),
      );
    }
    return found;
  };
}

const OUTCOMES: Readonly<Record<'approved' | 'rejected' | 'open', (missing: number) => Found>> = {
  approved: () => ({ verdict: 'successful' }),
  rejected: () => ({ verdict: 'failed', reason: 'rejected' }),
  open: (missing) => ({ verdict: 'inconclusive', reason: `${missing} missing` }),
};

/** `Gate.promotion()` with what is found in the place of the certificate. */
export function promoted(gate: Gate, find?: (wanted: Wanted) => Promise<FoundCertificate>): Run {
  return async () => {
    const { look } = await promotionScene(find);
    const promotion = gate._parts.promotion?.spec;
    return asked(() => look({ promotion }))();
  };
}

/** `Gate.window()` at a time. A stage that has to wait is not decided. */
export function at(gate: Gate, time: string, calendars: Calendars['states'] = async () => []): Run {
  return async () => {
    const ledger = new MemoryLedger(() => 0);
    const { generation } = await ledger.acquire('run-1', 'execution-1');
    const clock = { now: () => Date.parse(time), sleep: async () => {} };
    const spec = gate._parts.window;
    if (!spec) throw new Error('It has no window.');
    let wait = 0;
    const found = await asked(async () => {
      ({ wait } = await window(
        { ledger, clock, calendars: { states: calendars } },
        { run: 'run-1', generation, stage: 0, window: spec },
      ));
    })();
    return wait > 0 ? { verdict: 'inconclusive', reason: `${wait} seconds` } : found;
  };
}

/** What the workflow of a comparison makes of its last pass, by the state that follows. */
const NEXT: Readonly<Record<string, Found['verdict']>> = {
  Reconciled: 'successful',
  'Tables differ': 'failed',
  'No pass was clean': 'inconclusive',
};

/** `Gate.reconciliation()` over both sides of so many people, after something has happened to them. */
export function equal(gate: Gate, people: number, happens: (scene: Scene<typeof comparisonScene>) => void = () => {}): Run {
  return async () => {
    const scene = await comparisonScene(people, 'target');
    happens(scene);
    let found: Found = { verdict: 'error' };
    const error = await asked(async () => {
      await scan(scene.ports, 'one');
      const { observeOnly } = gate._parts.comparison ?? {};
      const sum = await differences(scene.ports, { ...RUN, phase: 'one', slices: SLICES, repair: false, observeOnly });
      found = { verdict: NEXT[lastNext(sum)] ?? 'error', reason: JSON.stringify(sum) };
    })();
    return error.verdict === 'successful' ? found : error;
  };
}

/** `Gate.indexCoherence()` over an index of fifty inhabitants, after something has happened to it. */
export function coherent(happens: (scene: Scene<typeof indexScene>) => void = () => {}): Run {
  return async () => {
    const scene = await indexScene();
    happens(scene);
    let found: Found = { verdict: 'error' };
    const error = await asked(async () => {
      const sum = await pass(scene.ports);
      found = { verdict: NEXT[lastNext(sum)] ?? 'error', reason: JSON.stringify(sum) };
    })();
    return error.verdict === 'successful' ? found : error;
  };
}

/** The state after the last pass of all, as the workflow is synthesised. */
function lastNext(sum: object): string {
  const { comparison } = definitionsOf(PLANS.full as NonNullable<(typeof PLANS)['full']>);
  const clean = comparison.States['Clean?'];
  const rule = clean?.Choices?.find((choice) => holds(choice, { sum, pass: { n: 5 } }, {}));
  return rule?.Next ?? clean?.Default ?? '';
}

/** The proof with canaries that the way forward and back is open, after something has happened to replication. */
export function proved(happens: (world: ReplicatedWorld) => void = () => {}, tail?: () => Promise<never>): Run {
  return async () => {
    const world = new ReplicatedWorld();
    await world.ledger.acquire('run-1', 'execution-1');
    happens(world);
    const ports = { ...world.ports, ...(tail ? { openTail: tail } : {}) };
    return asked(() => prove(ports, { run: 'run-1', generation: 1, lane: 'scout' }), 'ReplicationNotProved')();
  };
}
