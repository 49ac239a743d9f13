import type { Clock, Deployed } from '../core/control';
import type { Canary, Ledger } from '../core/ledger';
import { authorityOf, type Side } from '../core/position';
import { furthest } from '../core/routing-table';
import { type CanaryPorts, followerOf, freshNumber, hasCanary, lacksCanary, writeCanary } from '../prove/canaries';
import { remember, removeEverywhere } from '../prove/sweep';

export interface HeartbeatPorts extends CanaryPorts {
  readonly ledger: Ledger;
  readonly clock: Clock;
}

/** A heartbeat that has not arrived yet. */
interface Heartbeat {
  readonly n: number;
  /** Milliseconds since 1970: when it was remembered, and since when none has arrived. */
  readonly at: number;
  readonly since: number;
  readonly deployment: number;
}

/** How long one call waits for its heartbeat, and how often it looks, in milliseconds. */
export const PATIENCE = 5000;
const LOOK_EVERY = 250;

/** Seconds that are told where somebody was in the way, so that nothing shows that replication is prompt. */
const NOT_PROMPT = PATIENCE / 1000;

const DIRECTIONS = { legacy: 'forward', target: 'reverse' } as const;

/**
 * Writes a canary to the side in authority and waits a little for it on the other side. The answer is the age in seconds
 * of the oldest heartbeat that has not arrived, or how long this one took.
 * `quiet` is false while a table spreads: replicators may act on another one and rightly ignore the canary, so none is sent.
 * `by` keeps those who measure side by side apart.
 */
export async function heartbeat(
  ports: HeartbeatPorts,
  deployed: Deployed,
  quiet: boolean,
  by: string,
): Promise<number | undefined> {
  const from = authorityOf(furthest(deployed.table));
  await retire(ports, followerOf(from), by);
  const waiting = (await ports.ledger.note(noteName(from, by))) as Heartbeat | undefined;
  if (!quiet || waiting?.deployment !== deployed.deployment) await retire(ports, from, by);
  else {
    const late = await pulse(ports, from, waiting);
    if (typeof late === 'number') return late;
    await retire(ports, from, by);
    // Somebody swept it away before it arrived: the next one waits in its place, and is as old.
    if (late === 'gone') return send(ports, from, deployed.deployment, by, waiting.since);
  }
  return quiet ? send(ports, from, deployed.deployment, by) : undefined;
}

async function send(ports: HeartbeatPorts, from: Side, deployment: number, by: string, since?: number): Promise<number> {
  const { ledger, clock, random } = ports;
  const n = freshNumber('lead', random);
  const [{ at }] = (await remember(ports, [n])) as [Canary];
  const beat: Heartbeat = { n, at, since: since ?? at, deployment };
  await ledger.saveNote(noteName(from, by), { ...beat });
  if (!(await writeCanary(ports, from, beat.n))) return NOT_PROMPT;
  for (;;) {
    const late = await pulse(ports, from, beat);
    if (late === 'gone') return NOT_PROMPT;
    if (late === 'arrived') break;
    if (late * 1000 >= PATIENCE) return late;
    await clock.sleep(LOOK_EVERY);
  }
  const seconds = (clock.now() - beat.since) / 1000;
  await retire(ports, from, by);
  return seconds;
}

/** Age in seconds of a heartbeat that has not arrived. One that somebody has taken away meanwhile says nothing any more. */
async function pulse(ports: HeartbeatPorts, from: Side, beat: Heartbeat): Promise<number | 'arrived' | 'gone'> {
  if (await hasCanary(ports, followerOf(from), beat.n)) return 'arrived';
  if (await lacksCanary(ports, from, beat.n)) return 'gone';
  // One of an older version of this function says nothing of `since`.
  return (ports.clock.now() - (beat.since ?? beat.at)) / 1000;
}

/** Deletes the heartbeats of whoever measures no more. */
export async function retireAll(ports: HeartbeatPorts, from: Side, by: string): Promise<void> {
  await retire(ports, followerOf(from), by);
  await retire(ports, from, by);
}

/** Deletes the heartbeat of a direction, if there is one. What the other side has of it goes, too. */
async function retire(ports: HeartbeatPorts, from: Side, by: string): Promise<void> {
  const note = (await ports.ledger.note(noteName(from, by))) as Heartbeat | undefined;
  if (!note || note.n < 0) return;
  if (!(await removeEverywhere(ports, from, note.n))) return;
  await ports.ledger.removeCanaries([note]);
  await ports.ledger.saveNote(noteName(from, by), { n: -1, at: note.at, since: note.at, deployment: -1 });
}

function noteName(from: Side, by: string): string {
  return `heartbeat#${DIRECTIONS[from]}#${by}`;
}
