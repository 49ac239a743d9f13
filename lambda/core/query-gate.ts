import type { Params } from './access-pattern';
import { type Difference, type Disagreements, differenceOf } from './answers';
import { keyText } from './item';
import type { Verdict } from './verdict';

/** Which patterns are asked, how often each, and whether the stage depends on it. */
export interface QueriesSpec {
  readonly names: readonly string[];
  readonly sample: number;
  readonly observeOnly: boolean;
}

/** How one question stands. */
export interface Standing {
  readonly pattern: string;
  readonly params?: Params;
  /** How often both sides were asked. */
  readonly looks: number;
  /** What they did not agree on at any look. */
  readonly open: Disagreements;
  /** Why it could not be asked. */
  readonly failure?: string;
}

/** What both answers to one question differ in. The params are in the legacy item `from`; their values are not told. */
export interface ToldDifference extends Difference {
  readonly from: string;
  readonly params: readonly string[];
}

/** What the questions of one pattern come to. */
export interface PatternFindings {
  readonly pattern: string;
  readonly verdict: Verdict;
  /** Questions that both sides answered, and those with one answer on each side for good. */
  readonly compared: number;
  readonly different: number;
  /** One sentence; not there when successful. */
  readonly reason?: string;
  /** The first differences. */
  readonly differences: readonly ToldDifference[];
}

/** Looks at a difference before it counts. */
export const MOST_LOOKS = 6;

/** Differences of one pattern that are told, and characters of a reason. */
const TOLD = 5;
const LONGEST = 500;

/** True where the answers do not agree, and it may be a change that is under way. */
export function isOpen({ looks, open, failure }: Standing): boolean {
  return !failure && open.size > 0 && looks < MOST_LOOKS;
}

function isSettled({ looks, open, failure }: Standing): boolean {
  return !failure && looks > 0 && (open.size === 0 || looks >= MOST_LOOKS);
}

/** The verdict on one pattern. */
export function judgePattern(pattern: string, standings: readonly Standing[]): PatternFindings {
  const compared = standings.filter(isSettled);
  const different = compared.filter(({ open }) => open.size > 0);
  const failure = standings.find((one) => one.failure)?.failure;
  const doubt = doubtOf(standings.length, standings.length - compared.length);
  const findings = {
    pattern,
    compared: compared.length,
    different: different.length,
    differences: different.slice(0, TOLD).map(told),
  };
  const judged = (verdict: Verdict, reason: string) => ({ ...findings, verdict, reason: reason.slice(0, LONGEST) });
  if (different.length > 0) return judged('failed', sentenceOf(findings));
  if (failure) return judged('error', failure);
  return doubt ? judged('inconclusive', doubt) : { ...findings, verdict: 'successful' };
}

function doubtOf(asked: number, missed: number): string | undefined {
  if (asked === 0)
    return 'No item of the sample gives params for it. Fill the table, mend `of` in the transform, or leave the query out of the gate.';
  if (missed === 0) return undefined;
  return `There was no time for ${missed} of ${asked} questions. Ask for a smaller sample, or give the tables more capacity.`;
}

function told({ params, open }: Standing): ToldDifference {
  return { from: keyText(params?.from ?? {}), params: Object.keys(params?.values ?? {}), ...differenceOf(open) };
}

function sentenceOf({ compared, different, differences: [first] }: Omit<PatternFindings, 'verdict'>): string {
  const told = `${different} of ${compared} questions have another answer on each side.`;
  if (!first) return told;
  const { legacyOnly, targetOnly, outOfOrder, attributes } = first;
  const counts = [
    ...(legacyOnly > 0 ? [`only in legacy: ${legacyOnly}`] : []),
    ...(targetOnly > 0 ? [`only in the target: ${targetOnly}`] : []),
    ...(outOfOrder > 0 ? [`in another order: ${outOfOrder}`] : []),
  ];
  const names = attributes.length > 0 ? `; attributes: ${attributes.join(', ')}` : '';
  return `${told} The first, with ${first.params.join(', ')} of the legacy item ${first.from}: ${counts.join(', ')}${names}. The ledger has more of it.`;
}
