import type { EventKind } from '../../../lambda/core/event-kinds';
import type { Event } from '../../../lambda/core/ledger';
import { bytes, count, duration, percent, shortArn } from '../format';
import { plain } from './cause';
import { whoOf } from './decisions';
import { type Run, stageName, timeOf } from './run';

export type Tone = 'good' | 'bad' | 'wait' | 'neutral';

/** Something that happened, in words. */
export interface Moment {
  readonly at: number;
  /** How many entries of the ledger it stands for, and when the last of them came. */
  readonly times: number;
  readonly until: number;
  readonly what: string;
  readonly details: string;
  readonly tone: Tone;
}

/** What a person reads of an entry. */
type Told = readonly [what: string, details: string, tone: Tone];
type Data = Readonly<Record<string, unknown>>;

/** The entries of a run in words. What comes by the thousand is told once for each stretch of it. */
export function momentsOf(run: Run): Moment[] {
  const moments: (Moment & { readonly kind: string })[] = [];
  for (const event of run.events) {
    const last = moments.at(-1);
    const at = timeOf(event);
    if (last?.kind === event.kind && MANY.includes(event.kind)) {
      moments[moments.length - 1] = { ...last, times: last.times + 1, until: at };
      continue;
    }
    const [what, details, tone] = tell(run, event);
    moments.push({ kind: event.kind, at, until: at, times: 1, what, details, tone });
  }
  return moments;
}

/** Kinds of which data can make any number. */
const MANY = [
  'poison',
  'foreign-write',
  'salvaged',
  'divergence',
  'divergence-sampled',
  'slice-failed',
  'comparison-failed',
  'reconciliation-needed',
];

function tell(run: Run, event: Event): Told {
  const telling = Object.hasOwn(TELLINGS, event.kind) ? TELLINGS[event.kind as EventKind] : undefined;
  // A later version of the project may write what this one does not know: it is shown as it is.
  return telling ? telling(event.data, run, event) : [event.kind, JSON.stringify(event.data), 'neutral'];
}

/** Every kind of entry that there is. */
export const TELLINGS: Readonly<Record<EventKind, (data: Data, run: Run, event: Event) => Told>> = {
  begun: (data, _, event) => ['Run begun', by(event, data.reason), 'neutral'],
  preflight: ({ items, bytes: size, slices, backup }) => [
    'Preflight passed',
    `${count(items as number, 'item')}, ${bytes(size as number)}, ${count(slices as number, 'slice')}; ${backup ? `backup ${shortArn(String(backup))}` : 'no backup'}`,
    'good',
  ],
  'index-awaited': ({ index, status }) => ['Index is being built', `${index}: ${status}`, 'wait'],
  'index-built': ({ index }) => ['Index is filled', String(index), 'good'],
  'adoption-awaited': ({ count: n }) => ['Waits for writers', `${count(n as number, 'write')} came without the client`, 'wait'],
  adopted: ({ quiet }) => ['Every writer uses the client', `none without it for ${duration((quiet as number) * 1000)}`, 'good'],
  'window-awaited': ({ stage, opensAt, calendars = [] }, run) => [
    `${stageName(run, stage)}: waits for its window`,
    `opens ${opensAt}${(calendars as string[]).length > 0 ? `; shut: ${(calendars as string[]).map(shortArn).join(', ')}` : ''}`,
    'wait',
  ],
  'approval-asked': ({ stage, approvers, atLeast }, run) => [
    `${stageName(run, stage)}: asks for approval`,
    `${atLeast} of ${(approvers as string[]).join(', ')}`,
    'wait',
  ],
  'approval-decided': ({ stage, decision, reason }, run, event) => [
    `${stageName(run, stage)}: ${decision === 'approve' ? 'approved' : 'rejected'}`,
    by(event, reason),
    decision === 'approve' ? 'good' : 'bad',
  ],
  promotion: ({ stage, objection }, run) => [
    `${stageName(run, stage)}: certificate ${objection === undefined ? 'accepted' : 'refused'}`,
    String(objection ?? ''),
    objection === undefined ? 'good' : 'bad',
  ],
  compatibility: ({ stage, findings }, run) => {
    const { examined, incompatible } = findings as { examined: number; incompatible: number };
    const told = `${incompatible} of ${count(examined, 'item')} do not fit the transform`;
    return [`${stageName(run, stage)}: items looked at`, told, incompatible === 0 ? 'good' : 'bad'];
  },
  queries: ({ stage, findings }, run) => {
    const all = findings as { verdict: string }[];
    const good = all.filter(({ verdict }) => verdict === 'successful').length;
    return [
      `${stageName(run, stage)}: queries compared`,
      `${good} of ${all.length} answer the same`,
      good === all.length ? 'good' : 'bad',
    ];
  },
  released: ({ to }) => ['Release began to spread', places(to as Places), 'neutral'],
  arrived: (_, run, event) => ['Every client has it', places(releaseOf(run, event)?.data.to as Places | undefined), 'good'],
  reverted: ({ reason }) => ['AppConfig took the release back', String(reason ?? 'no reason given'), 'bad'],
  'stage-passed': ({ stage, observed }, run) => {
    const { observations = 0, inconclusive = 0 } = (observed ?? {}) as { observations?: number; inconclusive?: number };
    const doubts = inconclusive > 0 ? `, ${inconclusive} inconclusive` : '';
    return [`${stageName(run, stage)}: passed`, `${count(observations, 'observation')}${doubts}`, 'good'];
  },
  'stage-failed': ({ stage, reasons = [] }, run) => [`${stageName(run, stage)}: failed`, (reasons as string[]).join(' '), 'bad'],
  compared: ({ phase, checked, diverged }) => [
    'Both tables compared in full',
    `${phase}: ${diverged} of ${count(checked as number, 'item')} differ`,
    diverged === 0 ? 'good' : 'bad',
  ],
  'comparison-failed': ({ key, error, message }) => ['Comparison failed', `${key ?? ''} ${error}: ${message}`, 'bad'],
  divergence: ({ groups = [], more = 0 }) => {
    const told = groups as { legacyKey: string }[];
    const keys = told.map(({ legacyKey }) => legacyKey);
    return ['Items differ for good', `${count(told.length + (more as number), 'group')}: ${keys.slice(0, 3).join('; ')}`, 'bad'];
  },
  'divergence-sampled': ({ checked, diverged, side }) => [
    'A sample differs',
    `${diverged} of ${count(checked as number, 'group')}, ${side} side`,
    'bad',
  ],
  'slice-failed': ({ phase, slice, error, message, key }) => [
    `${phase}: slice ${slice} stopped`,
    `${key ?? 'unknown key'}; ${error}: ${message}`,
    'bad',
  ],
  poison: ({ key, error, cause, direction }) => [
    'A change could not be carried over',
    `${direction}: ${key}; ${error}: ${cause}`,
    'bad',
  ],
  'foreign-write': ({ keys = [], more = 0 }) => [
    'Writes to the target did not use the client',
    `${count((keys as string[]).length + (more as number), 'key')}: ${(keys as string[]).slice(0, 3).join('; ')}`,
    'bad',
  ],
  salvaged: ({ key, deleted }) => ['An image was kept', `${key}${deleted ? ' (a deletion)' : ''}`, 'wait'],
  'reconciliation-needed': (data) => ['Changes are out of the stream', JSON.stringify(data), 'bad'],
  redriven: ({ settled, remaining, reason }, _, event) => [
    `${count(settled as number, 'key')} settled again`,
    `${remaining} still waiting; ${by(event, reason)}`,
    remaining === 0 ? 'good' : 'wait',
  ],
  paused: (data, _, event) => ['Paused', by(event, data.reason), 'wait'],
  resumed: (data, _, event) => ['Resumed', by(event, data.reason), 'good'],
  'settings-changed': (data, _, event) => [
    data.maxWriteUnits === 0 ? 'Write units without a limit' : `${data.maxWriteUnits} write units a second`,
    `${data.maxConcurrency} workers; ${by(event, data.reason)}`,
    'neutral',
  ],
  'hook-allowed': (data, run) => [`${hooked(data, run)} lets it begin`, String(data.reason ?? ''), 'good'],
  'hook-refused': (data, run) => [`${hooked(data, run)} refuses`, String(data.reason ?? 'no reason given'), 'bad'],
  'hook-failed': (data, run) => [
    `${hooked(data, run)} gave no answer`,
    `${data.error}; ${data.onFailure === 'proceed' ? 'gone on without one' : 'refused'}`,
    data.onFailure === 'proceed' ? 'wait' : 'bad',
  ],
  'rollback-begun': ({ mode, reason }, _, event) => [`Rollback begun (${mode})`, by(event, plain(String(reason ?? ''))), 'bad'],
  'rolled-back': ({ left, reason }) => [
    'Rolled back',
    [reason, left]
      .filter(Boolean)
      .map((text) => plain(String(text)))
      .join('; '),
    'good',
  ],
  failed: ({ reason }) => ['Rollback did not arrive', plain(String(reason ?? '')), 'bad'],
  'health-restored': ({ seconds }) => ['All is well again', `${duration((seconds as number) * 1000)} after the rollback`, 'good'],
  'health-not-restored': ({ complaints = [] }) => ['All is not well again', (complaints as string[]).join(' '), 'bad'],
  hypotheses: ({ outcomes = [] }) => [
    'Hypotheses concluded',
    count((outcomes as unknown[]).length, 'hypothesis', 'hypotheses'),
    'neutral',
  ],
  completed: () => ['Completed', 'every key stands in the target', 'good'],
  certified: ({ name }) => ['Certified', String(name), 'good'],
  closed: (data, _, event) => ['Closed for good', by(event, data.reason), 'neutral'],
};

function hooked({ before, stage, hook }: Data, run: Run): string {
  return `${before === 'stage' ? stageName(run, stage) : 'completion'}: hook ${hook}`;
}

type Places = { readonly shares: Readonly<Record<string, number>>; readonly pinned?: Readonly<Record<string, number>> };

/** Where the keys stand, in words. */
export function places(of: Places | undefined): string {
  if (!of) return '';
  const ranges = Object.entries(of.shares).filter(([, share]) => share > 0);
  const pins = Object.entries(of.pinned ?? {}).map(([position, n]) => `${count(n, 'pinned key')} in ${position}`);
  return [...ranges.map(([position, share]) => `${percent(share)} ${position}`), ...pins].join(', ');
}

function releaseOf({ events }: Run, { data }: Event): Event | undefined {
  return events.find((event) => event.kind === 'released' && event.data.deployment === data.deployment);
}

function by(event: Event, reason: unknown): string {
  const who = whoOf(event);
  return [who && shortArn(who), reason].filter(Boolean).join(': ');
}
