import type { Publish } from '../core/control';
import { RolloutError } from '../core/errors';
import { keyText } from '../core/item';
import type { Ledger } from '../core/ledger';
import { METRICS } from '../core/names';
import { inParallel } from '../core/pace';
import { permitFor } from '../core/permit';
import { authorityOf } from '../core/position';
import {
  BEFORE_REPAIR,
  BEFORE_VERDICT,
  type Comparing,
  chase,
  type Difference,
  differencesOf,
  type Judged,
  judgeSuspects,
  type Look,
  type Suspect,
} from '../core/reconcile';
import type { RoutingSource } from '../core/routing-source';
import { settleForward } from '../core/settle';
import type { Tokens } from '../core/stamp';

/** Groups settled at a time. */
const REPAIRS = 8;

/** Groups that one event tells of, and differences of each; the rest is a number. */
const GROUPS_TOLD = 20;
const DIFFERENCES_TOLD = 10;
const ATTRIBUTES_TOLD = 20;

/** What settling suspects needs from outside. */
export interface SettlingSuspects extends Comparing {
  readonly ledger: Ledger;
  readonly routing: RoutingSource;
  readonly tokens: Tokens;
  readonly publish: Publish;
  /** Milliseconds until the process ends. */
  readonly remaining: () => number;
  /** Asks that replication is not behind. @throws ReplicationNotProved */
  readonly requirePrompt: () => Promise<void>;
}

/** What becomes of those that differ. */
export interface Purpose {
  /** True before traffic moves: the target is made equal to `up` of legacy. */
  readonly repair: boolean;
  /** True to tell, and to count nothing that an alarm or a stage looks at. */
  readonly observeOnly?: boolean;
}

/** Where suspects were found. */
export interface Place {
  readonly run: string;
  readonly phase: string;
  /** What else the event tells. */
  readonly at: Readonly<Record<string, unknown>>;
}

/** What suspects came to, in groups. */
export type Settlement = {
  /** Made equal. */
  readonly repaired: number;
  /** Different though nothing is under way. */
  readonly diverged: number;
  /** Still changing at the last look; where nothing is repaired, those that were not seen to follow. */
  readonly lagging: number;
};

/**
 * Looks at suspects again, consistently, and then either makes the target equal to `up` of legacy, or counts and tells what
 * differs for good. `told` gets each group that differs for good, where nothing is repaired.
 * @throws BarrierNotReached when repairing where the target is in authority; ReplicationNotProved when counting
 */
export async function settleSuspects(
  ports: SettlingSuspects,
  place: Place,
  suspects: readonly Suspect[],
  { repair, observeOnly = false }: Purpose,
  told?: (diverged: readonly Look[]) => void,
): Promise<Settlement> {
  const { diverged, lagging } = repair
    ? await judgeSuspects(ports, suspects, BEFORE_REPAIR)
    : await judgeForGood(ports, suspects);
  if (!repair) told?.(diverged);
  const found = repair
    ? { repaired: await repairAll(ports, [...diverged, ...lagging]), diverged: 0 }
    : { repaired: 0, diverged: await tell(ports, place, diverged, observeOnly) };
  await ports.publish({ [METRICS.repaired]: found.repaired, [METRICS.divergence]: observeOnly ? 0 : found.diverged });
  return { ...found, lagging: lagging.length };
}

/** What differs counts where it still does after replication was seen to be prompt: until then it may be under way. */
async function judgeForGood(ports: SettlingSuspects, suspects: readonly Suspect[]): Promise<Judged> {
  const first = await judgeSuspects(ports, suspects, BEFORE_VERDICT);
  const moving = [...first.lagging];
  let diverged: Look[] = [];
  if (first.diverged.length > 0) {
    await ports.requirePrompt();
    const second = await judgeSuspects(ports, first.diverged, BEFORE_VERDICT);
    diverged = second.diverged;
    moving.push(...second.lagging);
  }
  return { diverged, lagging: await chase(ports, moving) };
}

/** Groups that were changed. Those that will not hold still are settled, too: an extra item may hide among changes. */
async function repairAll(ports: SettlingSuspects, looks: Look[]): Promise<number> {
  const settled = await inParallel(REPAIRS, looks, (look) => repairOne(ports, look));
  return settled.filter((result) => result === 'changed').length;
}

async function repairOne(ports: SettlingSuspects, { legacyKey, candidates }: Look) {
  const { database, model, tokens, routing, remaining } = ports;
  const { position, mayWrite } = await permitFor(routing, model, legacyKey, remaining);
  if (authorityOf(position) === 'legacy') {
    return settleForward({ database, model, tokens, mayWrite }, legacyKey, candidates);
  }
  throw new RolloutError(
    'BarrierNotReached',
    `${keyText(legacyKey)} differs and stands in ${position}, where the target is in authority: repairing it from legacy would ` +
      'lose writes. Take traffic back to legacy first, or reconcile without repair.',
    { key: keyText(legacyKey), position },
  );
}

/** Puts groups that differ for good on record: keys, tokens and attribute names, no values. Returns how many. */
async function tell(
  { ledger }: SettlingSuspects,
  { run, phase, at }: Place,
  diverged: Look[],
  observeOnly: boolean,
): Promise<number> {
  if (diverged.length === 0) return 0;
  const groups = diverged.slice(0, GROUPS_TOLD).map((look) => ({
    legacyKey: keyText(look.legacyKey),
    differences: differencesOf(look).slice(0, DIFFERENCES_TOLD).map(shortened),
  }));
  await ledger.append(run, 'divergence', { phase, ...at, groups, more: diverged.length - groups.length });
  if (!observeOnly) await ledger.count('divergence', diverged.length);
  return diverged.length;
}

/** An entry of the ledger has 400 KB. */
function shortened({ attributes, ...rest }: Difference): Difference {
  return attributes ? { ...rest, attributes: attributes.slice(0, ATTRIBUTES_TOLD) } : rest;
}
