import type { GateRecord } from '../core/gate';
import { type Expectations, outcomeOf } from '../core/hypothesis';
import type { Ledger } from '../core/ledger';
import { recordOnce } from '../core/record-once';
import { gateNote } from '../observe/gates';

/** Writes down what became of each, once for the end of a run. */
export async function concludeHypotheses(
  ledger: Ledger,
  run: string,
  generation: number,
  expected?: Expectations,
): Promise<void> {
  if (!expected || expected.hypotheses.length === 0) return;
  const reason = await whatWentOff(ledger, run, generation);
  const outcomes = expected.hypotheses.map(async (hypothesis) => {
    const notes = Array.from({ length: expected.stages }, (_, stage) => ledger.note(gateNote(stage, hypothesis.id)));
    const records = (await Promise.all(notes)) as unknown as (GateRecord | undefined)[];
    return outcomeOf(hypothesis, records.filter((record) => record?.run === run) as GateRecord[], reason);
  });
  const data = { generation, outcomes: await Promise.all(outcomes) };
  await recordOnce(ledger, run, 'hypotheses', data, (event) => event.data.generation === generation);
}

/** Why the run was taken back, if it was, and why it was paused on its way. */
async function whatWentOff(ledger: Ledger, run: string, generation: number): Promise<string> {
  const told = (await ledger.events()).filter(
    (event) =>
      event.run === run && (event.kind === 'paused' || (event.kind === 'rollback-begun' && event.data.generation === generation)),
  );
  return told.map(({ data }) => String(data.reason ?? '')).join(' ');
}
