import type { GateRecord } from '../core/gate';
import { type Expectations, outcomeOf } from '../core/hypothesis';
import type { Ledger } from '../core/ledger';
import { recorded, recordOnce } from '../core/record-once';
import { gateNote } from '../observe/gates';

/** Writes down what became of each, once for the end of a run. */
export async function concludeHypotheses(
  ledger: Ledger,
  run: string,
  generation: number,
  expected?: Expectations,
): Promise<void> {
  if (!expected || expected.hypotheses.length === 0) return;
  const back = await recorded(ledger, run, 'rollback-begun', ({ data }) => data.generation === generation);
  const reason = String(back?.data.reason ?? '');
  const outcomes = expected.hypotheses.map(async (hypothesis) => {
    const notes = Array.from({ length: expected.stages }, (_, stage) => ledger.note(gateNote(stage, hypothesis.id)));
    const records = (await Promise.all(notes)) as unknown as (GateRecord | undefined)[];
    return outcomeOf(hypothesis, records.filter((record) => record?.run === run) as GateRecord[], reason);
  });
  const data = { generation, outcomes: await Promise.all(outcomes) };
  await recordOnce(ledger, run, 'hypotheses', data, (event) => event.data.generation === generation);
}
