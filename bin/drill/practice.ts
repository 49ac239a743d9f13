import { setTimeout as wait } from 'node:timers/promises';
import type { PlainItem } from '../../lambda/client';
import type { Item } from '../../lambda/core/item';
import type { Event } from '../../lambda/core/ledger';
import type { Manifest } from '../../lib/operations/manifest';
import type { Connection } from '../local-aws';
import type { Change } from '../operator/change';
import { look } from '../operator/look';
import { type Standing, standing } from '../operator/standing';
import { startRun } from '../operator/start-run';
import { type Audit, type Contents, isClean, keptWrites } from '../rehearsal/audit';
import { History } from '../rehearsal/history';
import { drained, insisted, type Live, patiently } from '../rehearsal/patience';
import { startTraffic, type Traffic, type Work, type WrongRead } from '../rehearsal/traffic';
import { calm, setAlarm } from './alarms';
import { Approver } from './approver';
import { Clients, clientConfigurationOf, type Transformed } from './clients';
import { isReady, type Practice, placeOf, triggerOf } from './rollbacks';

/** What all rollbacks of a drill share. */
export interface Scene {
  readonly manifest: Manifest;
  readonly change: Change;
  readonly connection: Connection;
  readonly transformed: Transformed;
  /** Items of the sample. */
  readonly sample: readonly Item[];
  readonly work: Work<PlainItem, PlainItem>;
  /** What both sides hold now. */
  readonly contents: () => Promise<Contents>;
  readonly signal: AbortSignal;
  readonly live: Live;
  readonly tell: (line: string) => void;
}

/** What came of a rollback. */
export interface Practised extends Practice {
  readonly place: string;
  /** From its beginning until every key was back and nothing ran any more; undefined where that did not come. */
  readonly seconds?: number;
  /** The longest time in seconds that a client waited for an operation meanwhile. */
  readonly longestPause: number;
  /** Why it did not arrive. */
  readonly trouble?: string;
  readonly writes: ReturnType<History['counts']>;
  readonly wrongReads: readonly WrongRead[];
  readonly audit: Audit;
}

const TRAFFIC = { writers: 2, readers: 1, rest: 200, leadIn: 2 };
/** Milliseconds between two looks. */
const EVERY = 700;
/** Seconds until a run or a rollback is given up, and items of the sample for each second more. */
const LIMIT = 480;
const ITEMS_A_SECOND = 50;

/** True when traffic came back and everything that was acknowledged is there. Only an immediate rollback lets reads lag. */
export function isGood({ way, trouble, wrongReads, audit }: Practised): boolean {
  return !trouble && isClean(audit) && (way === 'immediate' || wrongReads.length === 0);
}

/** A run with traffic, taken back, and audited. Both tables are left for the next one. */
export async function practise(scene: Scene, practice: Practice, run: string): Promise<Practised> {
  const { change, connection, transformed, sample, work, live, signal, manifest } = scene;
  const history = new History();
  for (const [key, state] of (await scene.contents()).states.legacy) history.loaded(key, state);
  const clients = new Clients(clientConfigurationOf(change.configuration, manifest), connection, transformed, sample);
  const metrics = { operation: () => {} };
  const before = (await change.ledger.events()).at(-1)?.seq ?? 0;
  const traffic = await startTraffic({ ...TRAFFIC, history, work, metrics, connect: () => clients.connect() });
  try {
    await wait(TRAFFIC.leadIn * 1000, undefined, { signal });
    const set = await calm(change);
    if (set.length > 0) scene.tell(`alarms without data of yours, set to OK by hand: ${set.join(', ')}`);
    await startRun(change, run, `Drill: ${practice.way} rollback from ${placeOf(practice, manifest)}.`, signal);
    const way = await follow(scene, practice, traffic, before);
    await traffic.stop();
    live.live('audit', 'traffic has stopped; comparing every item');
    const events = (await insisted(() => change.ledger.events(), live, signal)).filter(({ seq }) => seq > before);
    const audit = await drained(history, scene.contents, keptWrites(transformed.model, events), live, signal);
    return {
      ...{ ...practice, place: placeOf(practice, manifest), ...way, audit },
      ...{ writes: history.counts(), wrongReads: traffic.wrongReads },
    };
  } finally {
    await traffic.stop();
    clients.close();
  }
}

/** Follows a run to where the rollback begins, and the rollback to its end. */
async function follow(
  { change, manifest, live, signal, sample }: Scene,
  practice: Practice,
  traffic: Traffic,
  before: number,
): Promise<Pick<Practised, 'seconds' | 'trouble' | 'longestPause'>> {
  const approver = new Approver(change);
  const limit = (LIMIT + sample.length / ITEMS_A_SECOND) * 1000;
  const looking = patiently(() => look(change), live);
  let since = performance.now();
  let begun = false;
  const pause = () => Math.max(0, ...traffic.clients.map(({ longestPause }) => longestPause)) / 1000;
  while (performance.now() - since < limit) {
    await wait(EVERY, undefined, { signal });
    const facts = await looking();
    if (!facts) continue;
    const now = standing(facts);
    live.live(now.workflowState ?? now.state, positionsOf(now));
    const ended = facts.lease ? undefined : endOf(facts.events, before);
    if (ended?.kind === 'rolled-back') {
      const seconds = (performance.now() - since) / 1000;
      if (begun) return { seconds, longestPause: pause() };
      return { trouble: `it was taken back before the drill did so: ${reasonOf(facts.events, before)}`, longestPause: pause() };
    }
    if (begun) continue;
    await approver.decide(now);
    if (!isReady(practice, manifest, now)) continue;
    begun = true;
    since = performance.now();
    for (const client of traffic.clients) client.longestPause = 0;
    await begin(practice, change, manifest);
  }
  const what = begun ? 'traffic was not back' : 'the run had not come to where the rollback begins';
  return { trouble: `${what} after ${Math.round(limit / 1000)} s`, longestPause: pause() };
}

async function begin({ way }: Practice, change: Change, { triggers }: Manifest): Promise<void> {
  if (way === 'alarm') {
    await setAlarm(change, change.configuration.alarms.triggers[triggerOf(triggers)] as string, 'ALARM');
    return;
  }
  const mode = way === 'hard' ? 'fenced' : way;
  const statement = await change.statement(`Drill: ${way} rollback.`, 'rollback');
  await change.start(change.configuration.workflows.rollback, undefined, { ...statement, mode });
}

/** How the run of now ended. */
function endOf(events: readonly Event[], before: number): Event | undefined {
  return events.findLast(({ kind, seq }) => seq > before && (kind === 'completed' || kind === 'rolled-back'));
}

function reasonOf(events: readonly Event[], before: number): string {
  const begun = events.find(({ kind, seq }) => seq > before && kind === 'rollback-begun');
  return String(begun?.data.reason ?? 'no reason is in the ledger');
}

function positionsOf({ positions }: Standing): string {
  return Object.entries(positions)
    .map(([position, share]) => `${position} ${Math.round(share * 100)} %`)
    .join(', ');
}
