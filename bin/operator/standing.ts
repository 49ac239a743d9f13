import { type Decision, type Question, standingOf } from '../../lambda/core/approval';
import type { Alarm, Deployed } from '../../lambda/core/control';
import type { GateRecord } from '../../lambda/core/gate';
import type { Event, Lease, Vacancy } from '../../lambda/core/ledger';
import type { Counts } from '../../lambda/core/marks';
import type { OperatorConfiguration } from '../../lambda/core/operator-configuration';
import { standingPauses, tell } from '../../lambda/core/pause';
import { usersInLegacy } from '../../lambda/core/routing-table';
import type { Verdict } from '../../lambda/core/verdict';
import type { SliceProgress } from './progress';
import { sharesOf } from './shares';

/** What was found out about a change at one moment. */
export interface Facts {
  readonly configuration: OperatorConfiguration;
  readonly deployed?: Deployed;
  readonly lease?: Lease;
  /** The state that the workflow with the lease is in; undefined where it does not run any more. */
  readonly workflowState?: string;
  readonly vacancy?: Vacancy;
  readonly events: readonly Event[];
  /** By how much the counters have grown in this run. */
  readonly grown: Counts;
  /** Of the backfill, where there is one. */
  readonly backfill?: SliceProgress & { readonly items: number };
  /** Of the stage that the workflow is in. */
  readonly gates: readonly GateRecord[];
  readonly question?: Question;
  readonly decisions: readonly Decision[];
  readonly alarms: readonly Alarm[];
  /** Seconds, within the last minutes. */
  readonly lag?: number;
  /** Messages in the queues of what was not carried over. */
  readonly setAside?: number;
}

/** How a change stands, in one word. */
export type State =
  | 'idle'
  | 'rolling-out'
  | 'paused'
  | 'waiting-for-approval'
  | 'rolling-back'
  | 'died'
  | 'complete'
  | 'rolled-back'
  | 'closed';

/** What `status` says: contract of its JSON. */
export interface Standing {
  readonly migration: string;
  readonly kind: string;
  readonly state: State;
  /** What an operator may do about it. */
  readonly next: string;
  readonly run?: string;
  readonly since?: string;
  /** Name of the stage, where the workflow is in one. */
  readonly stage?: string;
  readonly workflowState?: string;
  /** Share of all keys by position, 0 to 1, and whether pinned keys stand elsewhere. */
  readonly positions: Readonly<Record<string, number>>;
  readonly revision?: number;
  /** A release that spreads now. */
  readonly spreading?: number;
  readonly backfill?: Facts['backfill'];
  readonly lagSeconds?: number;
  readonly divergence: number;
  readonly writesWithoutClient: number;
  readonly poison: number;
  readonly setAside?: number;
  readonly gates: readonly {
    readonly id: string;
    readonly verdict: Verdict;
    readonly reason?: string;
    readonly observeOnly: boolean;
  }[];
  readonly alarms: readonly { readonly name: string; readonly state: Alarm['state']; readonly reason?: string }[];
  readonly pauses: readonly string[];
  readonly approval?: {
    readonly stage: string;
    readonly approvers: readonly string[];
    readonly approved: readonly string[];
    readonly missing: number;
  };
  /** The newest entries of the ledger, newest first. */
  readonly recent: readonly Event[];
}

/** Entries of the ledger that are told. */
const RECENT = 6;

/** How a change stands by what was found out. */
export function standing(facts: Facts): Standing {
  const { configuration, deployed, lease, workflowState, events, grown, backfill, alarms, lag, setAside } = facts;
  const { migration, kind } = configuration;
  const pauses = lease?.kind === 'rollout' ? standingPauses(events, lease).map(tell) : [];
  const approval = approvalOf(facts);
  const state = stateOf(facts, pauses.length > 0, approval !== undefined);
  const run = lease?.run ?? events.at(-1)?.run;
  const stage = stageOf(facts);
  return {
    ...{ migration, kind, state, next: NEXT[state] },
    ...(run ? { run } : {}),
    ...(lease ? { since: lease.since } : {}),
    ...(stage ? { stage } : {}),
    ...(workflowState ? { workflowState } : {}),
    positions: deployed ? Object.fromEntries(sharesOf(deployed.table)) : {},
    ...(deployed ? { revision: deployed.table.revision } : {}),
    ...(deployed?.inProgress ? { spreading: deployed.inProgress.number } : {}),
    ...(backfill ? { backfill } : {}),
    ...(lag === undefined ? {} : { lagSeconds: lag }),
    ...{ divergence: grown.divergence, writesWithoutClient: grown.unadopted, poison: grown.poison },
    ...(setAside === undefined ? {} : { setAside }),
    gates: facts.gates.map(({ id, verdict, reason, observeOnly }) => ({
      id,
      verdict,
      ...(reason ? { reason } : {}),
      observeOnly,
    })),
    alarms: alarms.map(({ name, state: alarmState, reason }) => ({ name, state: alarmState, ...(reason ? { reason } : {}) })),
    pauses,
    ...(approval ? { approval } : {}),
    recent: events.slice(-RECENT).reverse(),
  };
}

/** What an operator may do, by state. */
const NEXT: Readonly<Record<State, string>> = {
  idle: 'start --reason ...',
  'rolling-out': 'pause --reason ..., or rollback --soft --reason ...',
  paused: 'resume --reason ..., or rollback --soft --reason ...',
  'waiting-for-approval': 'approve --stage ... --as ... --reason ..., or reject',
  'rolling-back': 'wait: status --watch',
  died: 'the brake takes it back within a minute; at once: rollback --soft --reason ...',
  complete: 'report; rollback --soft while the window is open; complete when it is over',
  'rolled-back': 'report; mend the cause, then start --reason ...',
  closed: 'nothing: the change is closed',
};

function stateOf({ deployed, lease, workflowState, vacancy, events }: Facts, isPaused: boolean, isAsked: boolean): State {
  if (lease) {
    if (!workflowState) return 'died';
    if (lease.kind === 'rollback') return 'rolling-back';
    if (isPaused) return 'paused';
    return isAsked ? 'waiting-for-approval' : 'rolling-out';
  }
  if (vacancy?.closed) return 'closed';
  const ended = events.findLast(({ kind }) => kind === 'completed' || kind === 'rolled-back');
  if (!deployed || usersInLegacy(deployed.table)) return ended ? 'rolled-back' : 'idle';
  return ended?.kind === 'completed' ? 'complete' : 'died';
}

/** The stage whose state the rollout workflow is in: states are named after stages (`lib/workflow/stage.ts`). */
export function stageOf({ configuration, lease, workflowState }: Pick<Facts, 'configuration' | 'lease' | 'workflowState'>) {
  if (lease?.kind !== 'rollout' || !workflowState) return undefined;
  return configuration.stages.map(({ name }) => name).find((name) => workflowState.startsWith(`${name}: `));
}

function approvalOf(facts: Facts): Standing['approval'] {
  const { question, decisions, lease, workflowState } = facts;
  if (!question || lease?.kind !== 'rollout' || question.run !== lease.run) return undefined;
  if (workflowState !== `${question.stage}: approval`) return undefined;
  const { approved } = standingOf(question, decisions);
  const { stage, approvers, atLeast } = question;
  return { stage, approvers, approved, missing: Math.max(0, atLeast - approved.length) };
}
