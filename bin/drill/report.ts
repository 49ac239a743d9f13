import pc from 'picocolors';
import type { Manifest } from '../../lib/operations/manifest';
import { auditLines } from '../rehearsal/audit-lines';
import { table } from '../terminal/table';
import { isGood, type Practised } from './practice';
import type { Programme } from './rollbacks';

/** Everything that a drill came to. */
export interface Drilled {
  readonly manifest: Manifest;
  /** Items of the sample. */
  readonly items: number;
  readonly practised: readonly Practised[];
  /** What was not practised, with the reason. */
  readonly leftOut: Programme['leftOut'];
}

/** What no drill shows. */
const NOT_LOCAL = 'Not shown by any drill: permissions, throttling, the lag of indexes, and how long your data takes.';

/** True when every rollback was clean. */
export function isClean({ practised }: Drilled): boolean {
  return practised.length > 0 && practised.every(isGood);
}

/** For people: the table, what was wrong, and what was left out. */
export function lines(drilled: Drilled): string[] {
  const { manifest, items, practised, leftOut } = drilled;
  const rows = practised.map((each) => [
    each.way,
    each.place,
    each.seconds === undefined ? '-' : each.seconds.toFixed(0),
    `${each.longestPause.toFixed(1)} s`,
    String(each.writes.acknowledged),
    verdictOf(each),
  ]);
  const bad = practised.filter((each) => !isGood(each));
  return [
    `Drill of ${manifest.migration} with ${items} items`,
    '',
    ...table([['rollback', 'from', 'seconds', 'longest pause', 'writes', 'verdict'], ...rows]),
    ...bad.flatMap((each) => [
      '',
      pc.bold(`${each.way} from ${each.place}`),
      ...(each.trouble ? [each.trouble] : []),
      ...auditLines(each),
    ]),
    '',
    ...leftOut.map(({ what, why }) => `Left out: ${what}: ${why}.`),
    NOT_LOCAL,
    isClean(drilled) ? pc.green('Every rollback was clean.') : pc.red('Not every rollback was clean.'),
  ];
}

/** For `--json`. Contract. */
export function data(drilled: Drilled): unknown {
  const { manifest, items, practised, leftOut } = drilled;
  return {
    ...{ migration: manifest.migration, kind: manifest.kind, items, clean: isClean(drilled) },
    rollbacks: practised.map((each) => ({
      ...{ rollback: each.way, from: each.from, place: each.place, clean: isGood(each) },
      ...(each.seconds === undefined ? {} : { seconds: each.seconds }),
      ...{ longestPauseSeconds: each.longestPause, writes: each.writes },
      ...(each.trouble ? { trouble: each.trouble } : {}),
      wrongReads: each.wrongReads,
      audit: each.audit,
    })),
    leftOut,
  };
}

function verdictOf(each: Practised): string {
  const { trouble, audit, wrongReads, way } = each;
  if (isGood(each)) return audit.kept.length > 0 ? `clean, ${audit.kept.length} kept in the ledger` : 'clean';
  const wrong = [
    ...(trouble ? ['not back'] : []),
    ...(audit.findings.length > 0 ? [`${audit.findings.length} lost, stale or resurrected`] : []),
    ...(audit.divergent.length > 0 ? [`${audit.divergent.length} differ`] : []),
    ...(audit.failing.length > 0 ? [`${audit.failing.length} cannot be transformed`] : []),
    ...(wrongReads.length > 0 && way !== 'immediate' ? [`${wrongReads.length} wrong reads`] : []),
  ];
  return wrong.join(', ');
}
