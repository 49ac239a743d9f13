import type { Event } from '../../../lambda/core/ledger';
import { plain } from './cause';
import { type Run, stageName, timeOf } from './run';

/** What a person, or an alarm in their place, decided. */
export interface Decision {
  readonly at: number;
  readonly what: string;
  readonly tone: 'good' | 'bad' | 'neutral';
  /** Who decided; undefined where that is not on record. */
  readonly who?: string;
  readonly reason: string;
  /** Milliseconds that the run had waited for it. */
  readonly waited?: number;
}

/** All decisions of a run, in their order. */
export function decisionsOf(run: Run): Decision[] {
  return run.events.flatMap((event) => decisionOf(run, event) ?? []);
}

function decisionOf(run: Run, event: Event): Decision | undefined {
  const { kind, data } = event;
  const common = { at: timeOf(event), who: whoOf(event), reason: plain(String(data.reason ?? '')) };
  switch (kind) {
    case 'begun':
      return { ...common, what: 'Started the run', tone: 'neutral' };
    case 'approval-decided': {
      const isYes = data.decision === 'approve';
      const what = `${isYes ? 'Approved' : 'Rejected'} stage ${stageName(run, data.stage)}`;
      return { ...common, what, tone: isYes ? 'good' : 'bad', waited: waitedFor(run, event, 'approval-asked') };
    }
    case 'paused':
      return { ...common, what: 'Paused', tone: 'bad' };
    case 'resumed':
      return { ...common, what: 'Resumed', tone: 'good', waited: waitedFor(run, event, 'paused') };
    case 'rollback-begun':
      return { ...common, what: `Took traffic back (${data.mode})`, tone: 'bad' };
    default:
      return undefined;
  }
}

/** The identity that AWS has verified, before what somebody said of themselves. */
export function whoOf({ who, data }: Event): string | undefined {
  if (data.alarm !== undefined) return `alarm ${data.alarm}`;
  const said = [data.approver, data.by].find((name) => typeof name === 'string' && name !== who);
  if (who !== undefined) return said === undefined ? who : `${who} (${said})`;
  return said as string | undefined;
}

/** Since the last question of this kind about the same stage. */
function waitedFor({ events }: Run, { seq, at, data }: Event, kind: string): number | undefined {
  const asked = events.findLast(
    (event) => event.kind === kind && event.seq < seq && (data.stage === undefined || event.data.stage === data.stage),
  );
  return asked && Date.parse(at) - timeOf(asked);
}
