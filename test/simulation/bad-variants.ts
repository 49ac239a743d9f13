import type { RoutingControl } from '../../lambda/core/control';
import { expected } from '../../lambda/core/group';
import { keyOf } from '../../lambda/core/item';
import { compile, type Plan } from '../../lambda/core/plan';
import type { Database, Write } from '../../lambda/core/ports';
import type { Position } from '../../lambda/core/position';
import type { StreamRecord } from '../../lambda/core/replicate';
import type { PollRouting } from '../../lambda/core/routing-source';
import { decodeFlag, encodeFlag, mapPositions, type RoutingTable } from '../../lambda/core/routing-table';
import { stamped } from '../../lambda/core/stamp';
import { traffic } from '../../lambda/traffic/traffic';
import type { Process } from './process';
import type { Settings } from './settings';
import type { Ports } from './tasks';
import type { Variant } from './variant';

/** A world without one of the protocol's rules, and the seeds within which some invariant must be seen broken. */
export interface BadVariant extends Variant {
  readonly within: number;
}

/** Each leaves out one rule and nothing else; faults only make it show sooner. */
export const BAD_VARIANTS: Readonly<Record<string, BadVariant>> = {
  'no-barrier': { within: 60, control: withoutBarrier, rates: { partition: 3 }, settings: softBack },
  'replicators-outside-barrier': { within: 80, poll: onlyFor(['forward', 'reverse'], withoutLease), settings: softBack },
  'no-lease': { within: 130, poll: onlyFor(['c'], withoutLease), rates: { partition: 6 } },
  'no-authority': { within: 10, poll: bothDirections },
  'blind-images': { within: 80, handlers: { forward: applyImages }, rates: { redelivered: 3 } },
  'two-positions': { within: 80, control: skipPositions, rates: { partition: 3 }, settings: softBack },
  'no-reconciliation': {
    within: 60,
    handlers: { differences: nothingToRepair },
    rates: { 'stale-scan': 3 },
    settings: (settings) => ({ ...settings, brakes: [], nativeWrites: 12, nativeUntil: 60_000 }),
  },
  'unprotected-absence': { within: 250, database: withoutAbsence, settings: churn },
  'latest-without-proof': {
    within: 20,
    startsAt: 'LATEST',
    startsAfter: 60_000,
    handlers: { prove: proved, differences: nothingToRepair },
    settings: onlyAtFirst,
  },
  'no-in-flight-time': { within: 60, database: landingLate, settings: churnAtFirst },
  'drained-too-early': { within: 60, handlers: { prove: proved }, rates: { stalled: 15 }, settings: softBack },
  'repeated-inserts': { within: 200, repeats: true, rates: { resent: 60 }, settings: oneKey },
  'pause-not-asked': { within: 20, handlers: { traffic: unpaused }, settings: pausedOften },
  'hidden-doubt': { within: 130, hidesDoubt: true, rates: { resent: 3 } },
};

/** What changed last changed long ago, so that nobody waits. */
function withoutBarrier(control: RoutingControl): RoutingControl {
  return {
    ...control,
    deployed: async () => {
      const deployed = await control.deployed();
      return deployed && { ...deployed, recent: deployed.recent.map((deployment) => ({ ...deployment, changedAt: 0 })) };
    },
  };
}

/** The release into `dual-legacy` takes the step after it along. */
function skipPositions(control: RoutingControl, plan: Plan): RoutingControl {
  const steps = compile(plan.stages);
  return {
    ...control,
    release: (table, label, strategy, after) => {
      const further = steps[table.step];
      const skips = table.trial === 'none' && further && table.ranges.some(({ position }) => position === 'dual-legacy');
      return control.release(skips ? { ...table, ranges: further.ranges, pins: further.pins } : table, label, strategy, after);
    },
  };
}

function onlyFor(names: readonly string[], change: (table: RoutingTable) => RoutingTable) {
  return (poll: PollRouting, process: string): PollRouting =>
    names.some((name) => process.startsWith(name)) ? changed(poll, change) : poll;
}

function changed(poll: PollRouting, change: (table: RoutingTable) => RoutingTable): PollRouting {
  return async () => {
    const text = await poll();
    return text && encodeFlag(change(decodeFlag(text)));
  };
}

function withoutLease(table: RoutingTable): RoutingTable {
  return { ...table, lease: 100_000, poll: 1500 };
}

/** Each replicator takes its own side for the one in authority. */
function bothDirections(poll: PollRouting, process: string): PollRouting {
  const own: Record<string, Position> = { forward: 'legacy', reverse: 'target' };
  const position = own[process.split('#')[0] as string];
  return position ? changed(poll, (table) => mapPositions(table, () => position)) : poll;
}

/** Forward replication that writes what the stream says. */
async function applyImages({ database, tokens, model }: Ports, records: readonly StreamRecord[]): Promise<undefined> {
  for (const { change } of records) {
    const after = expected(model, change.after);
    const gone = [...expected(model, change.before)].filter(([key]) => !after.has(key));
    const token = tokens();
    const puts = [...after.values()].map((item): Write => ({ do: 'put', side: 'target', item: stamped(item, token, 'forward') }));
    const deletes = gone.map(([, item]): Write => ({ do: 'delete', side: 'target', key: keyOf(item, model.schemas.target) }));
    for (const write of [...puts, ...deletes]) await database.write([write]);
  }
}

/** Inserts land once more, long after the workflow has waited for them. */
function landingLate(database: Database, { around: { scheduler } }: Process): Database {
  const insertAbsent: Database['insertAbsent'] = (side, items) => {
    scheduler.after(30_000 + (items.length % 4) * 30_000, () => void database.insertAbsent(side, items).catch(() => {}));
    return database.insertAbsent(side, items);
  };
  return { ...database, insertAbsent };
}

/** What asks for absence asks for nothing, and requests of forward replication land once more while they may. */
function withoutAbsence(database: Database, { name, around: { scheduler } }: Process): Database {
  const asks = ({ when }: Write) => when !== undefined && when.is !== 'absent';
  const withoutConditions = (write: Write): Write[] => {
    if (asks(write)) return [write];
    return write.do === 'check' ? [] : [{ ...write, when: undefined }];
  };
  const write = (writes: Write[]) => {
    const kept = writes.flatMap(withoutConditions).filter((one) => one.do !== 'check' || one.side !== 'legacy');
    if (name.startsWith('forward'))
      scheduler.after(4000 + (scheduler.now % 10_000), () => void database.write(kept).catch(() => {}));
    return database.write(kept);
  };
  return { ...database, write };
}

/** All keys reach `target`, are written there, and somebody takes traffic back softly. */
function softBack(settings: Settings): Settings {
  const at = 1_300_000 + (settings.seed % 10) * 30_000;
  return {
    ...settings,
    plan: 'full',
    nativeWrites: 0,
    busy: [0, 11, 12, 14, 15, 16],
    // The brake is pulled when the keys have arrived: a pause would hold them up.
    pauses: [],
    brakes: [{ at, mode: 'soft', by: 'operator' }],
  };
}

/** Items come and go all the time. */
function churn(settings: Settings): Settings {
  const clients = settings.clients.map((intentions) =>
    intentions.map((intention, n) => ({
      ...intention,
      kind: n % 3 === 2 ? ('get' as const) : n % 3 ? ('put' as const) : ('delete' as const),
    })),
  );
  return { ...settings, clients };
}

/** The same item comes and goes all the time. */
function oneKey(settings: Settings): Settings {
  const clients = churn(settings).clients.map((intentions) => intentions.map((one) => ({ ...one, group: 'g2', part: 'a' })));
  return { ...settings, groups: ['g0', 'g1', 'g2'], clients, nativeWrites: 0, busy: [0], brakes: [] };
}

/** Items come and go while the target is being filled, and are read when it is in authority. */
function churnAtFirst(settings: Settings): Settings {
  const clients = churn(settings).clients.map((intentions) =>
    intentions.slice(0, 20).map((intention, n) => (n < 8 ? intention : { ...intention, kind: 'get' as const })),
  );
  return { ...settings, clients, plan: 'full', busy: [0, 0, 10, 11, 12], brakes: [], nativeWrites: 0 };
}

/** Nobody writes later what was missed at first. */
function onlyAtFirst(settings: Settings): Settings {
  return { ...settings, busy: [0], clients: settings.clients.map((intentions) => intentions.slice(0, 8)) };
}

async function nothingToRepair(): Promise<unknown> {
  return { listed: true, checked: 0, repaired: 0, diverged: 0, lagging: 0, failed: 0, list: '' };
}

async function proved(): Promise<unknown> {
  return { direction: 'forward', seconds: 0, canaries: 0 };
}

/** Releases that know of no pause. */
function unpaused(ports: Ports, event: never): Promise<unknown> {
  const events = async () => (await ports.ledger.events()).filter(({ kind }) => kind !== 'paused');
  return traffic({ ...ports, ledger: { ...ports.ledger, events } }, event);
}

/** Paused for minutes, while keys would move. */
function pausedOften(settings: Settings): Settings {
  const pauses = [5, 15].map((minutes) => ({ at: minutes * 60_000, by: 'operator' as const, lasts: 400_000 }));
  return { ...settings, brakes: [], pauses };
}
