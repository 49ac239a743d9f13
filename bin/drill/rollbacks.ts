import type { Manifest } from '../../lib/operations/manifest';
import { misused } from '../operator/failure';
import type { Standing } from '../operator/standing';

/** How traffic is taken back, as `--rollbacks` names it. */
export const WAYS = ['soft', 'hard', 'immediate', 'alarm'] as const;
export type Way = (typeof WAYS)[number];

/** Where a rollback begins: while the stage in the middle is observed, or when every key has arrived. */
export type From = 'middle' | 'end';

/** One rollback to practise. */
export interface Practice {
  readonly way: Way;
  readonly from: From;
}

/** What is practised, and what is not, with the reason. */
export interface Programme {
  readonly practices: readonly Practice[];
  readonly leftOut: readonly { readonly what: string; readonly why: string }[];
}

const ALL: readonly Practice[] = [
  { way: 'soft', from: 'middle' },
  { way: 'soft', from: 'end' },
  { way: 'hard', from: 'end' },
  { way: 'immediate', from: 'end' },
  { way: 'alarm', from: 'middle' },
];

/** What to practise with a change. `asked`: names with commas between them; all if not given. @throws CommandError */
export function programmeOf({ kind, triggers }: Manifest, asked: string | undefined): Programme {
  const ways = asked === undefined ? WAYS : asked.split(',').map((name) => name.trim());
  const strange = ways.find((name) => !WAYS.includes(name as Way));
  if (strange !== undefined) throw misused(`--rollbacks may name ${WAYS.join(', ')}; it names '${strange}'.`);
  const wanted = ALL.filter(({ way }) => ways.includes(way));
  const why = (way: Way) => reasonAgainst(way, kind !== 'rehydrate', triggers);
  const practices = wanted.filter(({ way }) => why(way) === undefined);
  const leftOut = (ways as Way[]).flatMap((way) => {
    const reason = why(way);
    return reason ? [{ what: `the rollback ${way}`, why: reason }] : [];
  });
  if (practices.length === 0)
    throw misused(`There is nothing to practise: ${leftOut.map(({ why: reason }) => reason).join('; ')}.`);
  return { practices, leftOut };
}

function reasonAgainst(way: Way, isOneTable: boolean, triggers: Manifest['triggers']): string | undefined {
  if (isOneTable && (way === 'hard' || way === 'immediate')) return 'a change of one table has one way back';
  if (way === 'alarm' && triggerOf(triggers) < 0) return 'no trigger takes it back';
  return undefined;
}

/** Which trigger is raised: the first that takes back; -1 where there is none. */
export function triggerOf(triggers: Manifest['triggers']): number {
  return triggers.findIndex(({ rollback }) => rollback !== 'pause');
}

/** True when a run has come to where the rollback is to begin. */
export function isReady(
  { from }: Practice,
  { stages }: Pick<Manifest, 'stages'>,
  { state, stage, workflowState, positions }: Standing,
): boolean {
  if ((positions.target ?? 0) > 0.999) return true;
  if (from === 'end' || state !== 'rolling-out') return false;
  const middle = Math.floor(stages.length / 2);
  const at = stages.findIndex(({ name }) => name === stage);
  // The last stage ends where every key has arrived: its middle is its way there.
  const moving = (positions.legacy ?? 0) + (positions.shadow ?? 0) < 0.999;
  if (middle === stages.length - 1) return at === middle && moving;
  return at > middle || (at === middle && workflowState === `${stage}: bake`);
}

/** Where it begins, for people. */
export function placeOf({ from }: Practice, { stages }: Pick<Manifest, 'stages'>): string {
  return from === 'end' ? 'all keys in target' : `stage ${stages[Math.floor(stages.length / 2)]?.name}`;
}
