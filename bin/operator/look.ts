import { decisionsOn, questionOf } from '../../lambda/approve/settle';
import type { GateRecord } from '../../lambda/core/gate';
import type { Lease } from '../../lambda/core/ledger';
import { countsAt, countsOf, grownSince } from '../../lambda/core/marks';
import { METRICS } from '../../lambda/core/names';
import { gateNote } from '../../lambda/observe/gates';
import type { Change } from './change';
import { progressOf } from './progress';
import { type Facts, stageOf } from './standing';

/** Minutes within which a lag was measured last: it is measured each minute. */
const LAG_MINUTES = 3;

/** Finds out how a change stands. Changes nothing. */
export async function look(change: Change): Promise<Facts> {
  const facts = await lookOnce(change);
  const { lease, workflowState } = facts;
  if (!lease || workflowState) return facts;
  // A workflow that ended between the two questions gave the lease up first: only one that keeps it has died.
  const now = await change.ledger.lease();
  return now?.generation === lease.generation ? facts : lookOnce(change);
}

async function lookOnce(change: Change): Promise<Facts> {
  const { ledger, configuration } = change;
  const [deployed, lease, vacancy, events, alarms, lag, setAside] = await Promise.all([
    change.deployed(),
    ledger.lease(),
    ledger.vacancy(),
    ledger.events(),
    change.alarms(),
    configuration.kind === 'rehydrate' ? change.latest(METRICS.replicationLag, LAG_MINUTES) : undefined,
    setAsideOf(change),
  ]);
  const run = lease?.run ?? events.at(-1)?.run;
  const workflowState = lease && (await stateOf(change, lease));
  const question = await questionOf(ledger);
  return {
    ...{ configuration, deployed, lease, vacancy, events, alarms, lag, setAside, workflowState, question },
    decisions: question ? await decisionsOn(ledger, question) : [],
    grown: grownSince(await countsAt(ledger, run ?? '', -1), await countsOf(ledger)),
    gates: run ? await gatesOf(change, run, stageOf({ configuration, lease, workflowState })) : [],
    ...(run && configuration.kind === 'rehydrate' ? { backfill: await backfillOf(change, run) } : {}),
  };
}

async function stateOf(change: Change, { holder }: Lease): Promise<string | undefined> {
  const { status } = await change.execution(holder);
  return status === 'RUNNING' ? ((await change.stateOf(holder)) ?? 'starting') : undefined;
}

async function setAsideOf(change: Change): Promise<number | undefined> {
  const urls = Object.values(change.configuration.queues);
  if (urls.length === 0) return undefined;
  return (await Promise.all(urls.map((url) => change.waiting(url)))).reduce((sum, held) => sum + held, 0);
}

async function gatesOf({ ledger, configuration }: Change, run: string, stage: string | undefined): Promise<GateRecord[]> {
  const index = configuration.stages.findIndex(({ name }) => name === stage);
  const ids = configuration.stages[index]?.gates ?? [];
  const notes = await Promise.all(ids.map((id) => ledger.note(gateNote(index, id))));
  return (notes as unknown as (GateRecord | undefined)[]).filter((record): record is GateRecord => record?.run === run);
}

async function backfillOf({ ledger }: Change, run: string): Promise<Facts['backfill']> {
  const size = (await ledger.note('size')) as { items: number; slices: number } | undefined;
  const checkpoints = await ledger.checkpoints(run, 'backfill');
  if (!size || checkpoints.length === 0) return undefined;
  return { ...progressOf(checkpoints, size.slices), items: size.items };
}
