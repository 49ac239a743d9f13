import type { Item } from '../../lambda/core/item';
import type { Event } from '../../lambda/core/ledger';
import { standingPauses } from '../../lambda/core/pause';
import { generationOf } from './app-config';
import { isBroken, isCanary, partsByKey, textIn } from './parts-model';
import { registers, type Violation } from './registers';
import type { World } from './world';

/** How a run ended: by the ledger's last word, or not at all. */
export type Ending = 'completed' | 'soft' | 'fenced' | 'immediate' | 'refused';

export interface Outcome {
  readonly ended: Ending;
  readonly violations: readonly Violation[];
}

/** Everything that must hold when a run has come to rest. */
export async function judge(world: World): Promise<Outcome> {
  const events = await world.ledger.events();
  const end = endOf(events);
  const violations = [
    ...registers(world, events),
    ...(isReconciled(events) ? [...sidesAgree(world, end), ...(await canariesGone(world, events))] : []),
    ...(await hasEnded(world, events)),
    ...takesTurns(world),
    ...staysPaused(world, events),
  ];
  return { ended: end, violations };
}

/** A run that was refused has not filled the target, and a rollback that could not reconcile says so, with its reason. */
function isReconciled(events: readonly Event[]): boolean {
  const last = events.findLast(({ kind }) => kind === 'completed' || kind === 'rolled-back');
  return last !== undefined && last.data.reason === undefined;
}

/** I3: the target is `up` of legacy, item for item. What is broken in a legacy table that nobody uses any more stays so. */
function sidesAgree({ model, tables: { memory } }: World, end: Ending): Violation[] {
  const isRetired = (item: Item) => end === 'completed' && isBroken(item);
  const retired = memory
    .items('legacy')
    .filter(isRetired)
    .map(({ id }) => `${textIn(id)}/`);
  const legacy = partsByKey(model, memory.items('legacy'));
  const target = partsByKey(model, memory.items('target'));
  const differing = [...new Set([...legacy.keys(), ...target.keys()])].filter((key) => legacy.get(key) !== target.get(key));
  return differing
    .filter((key) => !isCanary(key) && !retired.some((group) => key.startsWith(group)))
    .map((key) => ({ invariant: 'I3', what: `${key}: legacy has ${legacy.get(key)}, target has ${target.get(key)}` }));
}

/** Our own items are gone, or the ledger names them, so that the next run removes them. */
async function canariesGone({ model, tables: { memory }, ledger }: World, events: readonly Event[]): Promise<Violation[]> {
  if (events.some(({ data }) => data.left !== undefined)) return [];
  const known = (await ledger.canaries()).map(({ n }) => `canary-${n}`);
  const ids = [
    ...memory.items('legacy').map(({ id }) => textIn(id)),
    ...memory.items('target').map((item) => model.place(item)[0]),
  ];
  const left = [...new Set(ids)].filter((id) => isCanary(id) && !known.includes(id));
  return left.map((id) => ({ invariant: 'canaries', what: `${id} was left behind` }));
}

/** I4, and that what a run says of its end is so. */
async function hasEnded({ ledger, appConfig }: World, events: readonly Event[]): Promise<Violation[]> {
  const lease = await ledger.lease();
  const { table } = appConfig.delivered;
  const positions = [...new Set([...table.ranges, ...table.pins, { position: table.scout }].map(({ position }) => position))];
  const end = endOf(events);
  const expected = end === 'completed' ? 'target' : 'legacy';
  const stray = positions.filter((position) => position !== expected && !(end === 'completed' && position === table.scout));
  return [
    ...(lease ? [{ invariant: 'I4', what: `the lease is still with ${lease.holder}` }] : []),
    ...stray.map((position) => ({ invariant: 'I4', what: `the run ended ${end}, but keys stand in ${position}` })),
  ];
}

/** I6: nothing is released by a generation after a later one has released. */
function takesTurns({ appConfig }: World): Violation[] {
  const generations = appConfig.deployments.slice(1).map(({ label }) => generationOf(label));
  return generations.flatMap((generation, n) => {
    const before = generations[n - 1];
    if (before === undefined || generation >= before) return [];
    return [{ invariant: 'I6', what: `deployment ${n + 2} is of generation ${generation}, after one of ${before}` }];
  });
}

/** Milliseconds for which a release that was begun before a pause may still start: the function's time, and the request's. */
const UNDER_WAY = 30_000;

/** While a run is paused, no key of the user moves further forward. */
function staysPaused({ appConfig }: World, events: readonly Event[]): Violation[] {
  const begun = events.find(({ kind }) => kind === 'begun');
  if (!begun) return [];
  const holder = { run: begun.run, generation: begun.data.generation as number };
  const at = (time: number) =>
    standingPauses(
      events.filter((event) => Date.parse(event.at) <= time),
      holder,
    );
  const ours = appConfig.deployments.filter(({ label }) => generationOf(label) === holder.generation);
  return ours.flatMap(({ number, table, startedAt }, n) => {
    if (table.step === (ours[n - 1]?.table.step ?? 0)) return [];
    const still = at(startedAt);
    const pause = at(startedAt - UNDER_WAY).find(({ seq }) => still.some((other) => other.seq === seq));
    return pause
      ? [{ invariant: 'pause', what: `deployment ${number} moves keys though the run is paused since ${pause.at}` }]
      : [];
  });
}

function endOf(events: readonly Event[]): Ending {
  const last = events.findLast(({ kind }) => kind === 'completed' || kind === 'rolled-back');
  if (!last) return 'refused';
  if (last.kind === 'completed') return 'completed';
  const begun = events.findLast(({ kind, data }) => kind === 'rollback-begun' && data.generation === last.data.generation);
  return (begun?.data.mode as Ending | undefined) ?? 'soft';
}
