import type { Archive } from '../core/archive';
import type { RolloutError } from '../core/errors';
import { keyOfFingerprint } from '../core/fingerprint';
import { keyText } from '../core/item';
import { parts } from '../core/pace';
import { differencesOf, groupsOf, type Look, type Suspect } from '../core/reconcile';
import { recordOnce } from '../core/record-once';
import { type SetDifference, Sketch } from '../core/sketch';
import { phaseOfSide } from '../core/slice';
import type { Tokens } from '../core/stamp';
import { type SettlingSuspects, settleSuspects } from '../reconcile/settle-suspects';
import { cellsOf } from '../sketch/sketch';

/** Groups looked at together: each look waits, so this is large; all of them are in memory, twice, on both sides. */
const PORTION = 500;

/** Sketches fetched side by side. */
const FETCHED = 4;

/** Milliseconds that one portion may take, at most. */
const PORTION_MILLISECONDS = 120_000;

export interface DifferencesPorts extends SettlingSuspects {
  readonly archive: Archive;
  readonly tokens: Tokens;
}

export interface DifferencesInput {
  readonly run: string;
  readonly generation: number;
  readonly phase: string;
  readonly slices: number;
  /** True before traffic moves: makes the target equal to `up` of legacy. False later: only counts. */
  readonly repair: boolean;
  /** True to count nothing that an alarm or a stage looks at. */
  readonly observeOnly?: boolean;
}

export interface DifferencesResult {
  /** False where too much differs to be listed: compare item by item then. */
  readonly listed: boolean;
  /** Items of both sides. */
  readonly checked: number;
  readonly repaired: number;
  readonly diverged: number;
  /** Groups that change faster than they can be looked at, and were not seen to follow each other. */
  readonly lagging: number;
  /** Slices that are not done. */
  readonly failed: number;
  /** Name in the archive of the list of what differs for good; empty where nothing does. */
  readonly list: string;
  /** Groups that there was no time to look at, because so many others differ. */
  readonly unseen: number;
}

/**
 * Sums the sketches of a phase up, lists the groups that differ, and looks at each again with consistent reads: most are
 * changes that passed during the scans. What is left is repaired, or told, each group in the archive and the first ones in the ledger.
 * @throws LeaseLost, and when repairing BarrierNotReached where the target is in authority
 */
export async function differences(ports: DifferencesPorts, input: DifferencesInput): Promise<DifferencesResult> {
  const { ledger } = ports;
  await (input.repair ? ledger.hold(input.generation) : ledger.stillAt(input.generation));
  const { left, checked, failed } = await summed(ports, input);
  const nothing = { checked, failed, repaired: 0, diverged: 0, lagging: 0, list: '', unseen: 0 };
  if (!left) return { listed: false, ...nothing };
  const lines: string[] = [];
  let sums = nothing;
  const suspected = await suspectsOf(ports, input, left);
  const wasRepairing = input.repair && suspected.length > 0 && (await beganBefore(ports, input));
  for (const [n, suspects] of parts(suspected, PORTION).entries()) {
    if (ports.remaining() < PORTION_MILLISECONDS) {
      // Nothing is known to differ for good: the comparison item by item goes on where it stopped, and finds it if it does.
      if (sums.diverged === 0) return { listed: false, ...nothing };
      sums = { ...sums, unseen: sums.unseen + suspects.length };
      continue;
    }
    const place = { run: input.run, phase: input.phase, at: { portion: n } };
    const told = (diverged: readonly Look[]) => void lines.push(...diverged.map((look) => line(look)));
    const { repaired, diverged, lagging } = await settleSuspects(ports, place, suspects, input, told);
    sums = {
      ...sums,
      ...{ repaired: sums.repaired + repaired, diverged: sums.diverged + diverged, lagging: sums.lagging + lagging },
    };
  }
  const list = await archived(ports, input, lines);
  if (!input.repair) await record(ports, input, { ...sums, list });
  // What an earlier try repaired is not known here: the pass was not clean, whatever this one found.
  const repaired = wasRepairing ? Math.max(1, sums.repaired) : sums.repaired;
  return { listed: true, ...sums, repaired, list };
}

/** True when a try of this phase began to repair and this is another one. */
async function beganBefore({ ledger }: DifferencesPorts, { run, phase }: DifferencesInput): Promise<boolean> {
  const note = await ledger.note('repairing');
  if (note?.run === run && note.phase === phase) return true;
  await ledger.saveNote('repairing', { run, phase });
  return false;
}

/** Undefined where too much differs, and where there is too little time to add everything up. */
async function summed({ ledger, archive, remaining }: DifferencesPorts, { run, phase, slices }: DifferencesInput) {
  const sum = Sketch.empty(cellsOf(slices));
  const names: string[] = [];
  let isWhole = true;
  let checked = 0;
  let done = 0;
  for (const side of ['legacy', 'target'] as const) {
    for (const checkpoint of await ledger.checkpoints(run, phaseOfSide(phase, side))) {
      checked += checkpoint.counts.checked ?? 0;
      if (checkpoint.done) done++;
      if (checkpoint.counts.overlong) isWhole = false;
      if (checkpoint.gathered) names.push(checkpoint.gathered);
    }
  }
  const failed = 2 * slices - done;
  if (failed > 0 || !isWhole) return { checked, failed };
  for (const some of parts(names, FETCHED)) {
    if (remaining() < 2 * PORTION_MILLISECONDS) return { checked, failed };
    for (const bytes of await Promise.all(some.map((name) => archive.get('sketches', name)))) sum.merge(Sketch.fromBytes(bytes));
  }
  return { left: sum.drain(), checked, failed };
}

/** The groups of the items that are left. What the transform fails on is in the ledger, with its key. */
async function suspectsOf(
  { ledger, model }: DifferencesPorts,
  { run, phase }: DifferencesInput,
  left: SetDifference,
): Promise<Suspect[]> {
  try {
    const keys = [...left.added, ...left.removed].map((bytes) => keyOfFingerprint(bytes, model.schemas.target));
    return groupsOf(model, keys);
  } catch (error) {
    const { name, message, data } = error as Partial<RolloutError>;
    await ledger.append(run, 'comparison-failed', { phase, error: name, message, key: data?.key });
    throw error;
  }
}

/** One line of JSON for a group: keys, tokens, and names of attributes. No values: those are the user's. */
function line(look: Look): string {
  const { token } = look;
  return JSON.stringify({ legacyKey: keyText(look.legacyKey), ...(token ? { token } : {}), differences: differencesOf(look) });
}

/** The evidence of a comparison that repairs nothing. */
async function record({ ledger }: DifferencesPorts, { run, phase }: DifferencesInput, found: Record<string, unknown>) {
  await recordOnce(ledger, run, 'compared', { phase, ...found }, ({ data }) => data.phase === phase);
}

async function archived(
  { archive, tokens }: DifferencesPorts,
  { run, phase }: DifferencesInput,
  lines: string[],
): Promise<string> {
  if (lines.length === 0) return '';
  const name = `${run}/${phase}-${tokens()}.jsonl`;
  await archive.put('differences', name, Buffer.from(`${lines.join('\n')}\n`));
  return name;
}
