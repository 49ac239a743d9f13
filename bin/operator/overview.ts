import pc from 'picocolors';
import { paceOf } from './progress';
import type { Standing } from './standing';

/** Characters of a bar. */
const BAR = 24;
/** Characters of a reason that are shown. */
const REASON = 100;

/** Two looks at a change, the earlier one to know how fast something goes. */
export interface Looks {
  readonly now: Standing;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly before?: { readonly standing: Standing; readonly at: number };
}

/** One screen. */
export function overview({ now, at, before }: Looks): string[] {
  return [
    `${pc.bold(now.migration)}  ${stateText(now)}`,
    ...(now.run ? [pc.dim(`run ${now.run}${now.since ? `, since ${now.since}` : ''}`)] : []),
    ...(now.workflowState ? [`step        ${now.workflowState}`] : []),
    ...positions(now),
    ...backfill(now, at, before),
    ...measures(now),
    ...now.gates.map(({ id, verdict, reason, observeOnly }) => {
      return `gate        ${colour(verdict)(verdict.padEnd(12))} ${id}${observeOnly ? ' (only observes)' : ''}${reason ? pc.dim(`  ${cut(reason)}`) : ''}`;
    }),
    ...alarms(now),
    ...now.pauses.map((pause) => pc.yellow(`paused      ${cut(pause)}`)),
    ...(now.approval
      ? [
          pc.yellow(
            `approval    stage ${now.approval.stage}: ${now.approval.missing} more of ${now.approval.approvers.join(', ')}`,
          ),
        ]
      : []),
    ...now.recent.map(({ at: when, kind, data }) => pc.dim(`${when.slice(11, 19)}    ${kind}${reasonOf(data)}`)),
    `next        ${now.next}`,
  ];
}

function stateText({ state, stage }: Standing): string {
  const paint = {
    died: pc.red,
    paused: pc.yellow,
    'waiting-for-approval': pc.yellow,
    'rolling-back': pc.yellow,
    complete: pc.green,
  }[state as string];
  return `${(paint ?? pc.cyan)(state)}${stage ? `, stage ${stage}` : ''}`;
}

function positions({ positions: shares, spreading, revision }: Standing): string[] {
  const rows = Object.entries(shares).map(
    ([position, share]) => `            ${position.padEnd(12)} ${bar(share)} ${percent(share)}`,
  );
  if (rows.length === 0) return ['keys        no routing table yet'];
  rows[0] = `keys${(rows[0] as string).slice(4)}`;
  return [...rows, ...(spreading ? [pc.dim(`            a release spreads (after revision ${revision})`)] : [])];
}

function backfill(now: Standing, at: number, before: Looks['before']): string[] {
  if (!now.backfill) return [];
  const { counts, items: all, slices, slicesDone } = now.backfill;
  const items = counts.items ?? 0;
  const share = slicesDone === slices ? 1 : Math.min(1, items / Math.max(1, all));
  const earlier = before?.standing.backfill && { at: before.at, items: before.standing.backfill.counts.items ?? 0 };
  const pace = earlier && share < 1 ? paceOf(earlier, { at, items }, all) : undefined;
  const left = pace ? `, ${Math.round(pace.perSecond)} items/s, ${duration(pace.secondsLeft)} left` : '';
  return [
    `backfill    ${bar(share)} ${percent(share)}  ${items} of about ${Math.max(all, items)} items, ${slicesDone} of ${slices} slices${left}`,
  ];
}

function measures({ lagSeconds, divergence, writesWithoutClient, poison, setAside, kind }: Standing): string[] {
  const parts = [
    ...(kind === 'rehydrate' ? [`lag ${lagSeconds === undefined ? 'not measured' : `${lagSeconds.toFixed(1)} s`}`] : []),
    bad(`divergence ${divergence}`, divergence),
    ...(kind === 'reindex' ? [] : [bad(`writes without the client ${writesWithoutClient}`, writesWithoutClient)]),
    ...(kind === 'rehydrate' ? [bad(`poison ${poison}`, poison)] : []),
    ...(setAside === undefined ? [] : [bad(`set aside ${setAside}`, setAside)]),
  ];
  return [`measured    ${parts.join('  ')}`];
}

function alarms({ alarms: all }: Standing): string[] {
  const loud = all.filter(({ state }) => state !== 'OK');
  if (all.length === 0) return [];
  if (loud.length === 0) return [`alarms      ${pc.green(`all ${all.length} OK`)}`];
  return loud.map(({ name, state, reason }) => pc.red(`alarm       ${state} ${name}${reason ? `: ${cut(reason)}` : ''}`));
}

function reasonOf(data: Readonly<Record<string, unknown>>): string {
  const { stage, reason } = data;
  return `${stage === undefined ? '' : `  stage ${stage}`}${reason ? `  ${cut(String(reason))}` : ''}`;
}

function bar(share: number): string {
  const full = Math.round(share * BAR);
  return `${'█'.repeat(full)}${'░'.repeat(BAR - full)}`;
}

function percent(share: number): string {
  if (share === 0) return 'pinned keys';
  const number = share * 100;
  return `${number >= 10 || Number.isInteger(number) ? Math.round(number) : number.toFixed(2)} %`;
}

/** Seconds as people say them. */
export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return seconds < 48 * 3600 ? `${(seconds / 3600).toFixed(1)} h` : `${(seconds / 86_400).toFixed(1)} days`;
}

function colour(verdict: string) {
  return { successful: pc.green, failed: pc.red, error: pc.red }[verdict] ?? pc.yellow;
}

function bad(text: string, count: number): string {
  return count > 0 ? pc.red(text) : text;
}

function cut(text: string): string {
  return text.length > REASON ? `${text.slice(0, REASON - 3)}...` : text;
}
