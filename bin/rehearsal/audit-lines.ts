import pc from 'picocolors';
import { table } from '../terminal/table';
import type { Audit, Finding } from './audit';
import type { Outcome } from './history';
import type { WrongRead } from './traffic';

/** Findings of one kind that are shown in full; all of them are in the report's file. */
const SHOWN = 10;

/** What is known once traffic has stopped. */
export interface Audited {
  readonly audit: Audit;
  readonly writes: Readonly<Record<Outcome, number>>;
  readonly wrongReads: readonly WrongRead[];
}

/** The audit in lines: the counts, then what was found, with keys. */
export function auditLines({ audit, writes, wrongReads }: Audited): string[] {
  const of = (verdict: Finding['verdict']) => audit.findings.filter((finding) => finding.verdict === verdict);
  const counts = [
    ['acknowledged writes', writes.acknowledged],
    ['writes refused', writes.refused],
    ['writes with unknown end', writes.unknown + writes.pending],
    ['items compared', audit.keys],
  ] as const;
  const zeros = [
    ['lost', of('lost').map(describe)],
    ['resurrected', of('resurrected').map(describe)],
    ['stale', of('stale').map(describe)],
    ['never written', of('unwritten').map(describe)],
    ['different on both sides', audit.divergent],
    ['not transformable', audit.failing],
    ['wrong reads', wrongReads.map(({ key, by, at, verdict }) => `${key}: ${verdict}, read by ${by} at ${at.toISOString()}`)],
  ] as const;
  return [
    ...table(counts.map(([name, count]) => [name, String(count)])),
    ...zeros.flatMap(([name, found]) => [colour(found.length)(`${name}: ${found.length}`), ...list(found)]),
    ...(audit.kept.length > 0 ? [`kept in the ledger, legacy had moved on: ${audit.kept.length}`, ...list(audit.kept)] : []),
    ...(audit.canaries > 0 ? [pc.yellow(`canaries left behind: ${audit.canaries}`)] : []),
  ];
}

function describe({ key, side, found }: Finding): string {
  return `${key} in ${side}: ${found ?? 'nothing there'}`;
}

function list(found: readonly string[]): string[] {
  const rest = found.length - SHOWN;
  return [...found.slice(0, SHOWN).map((text) => `  ${text}`), ...(rest > 0 ? [`  and ${rest} more`] : [])];
}

function colour(count: number): (text: string) => string {
  return count === 0 ? pc.green : pc.red;
}
