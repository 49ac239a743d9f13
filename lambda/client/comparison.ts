import { type Children, childrenOf, compareGroup, expected } from '../core/group';
import { canonical, type Item, keyOf, keyText } from '../core/item';
import type { Position } from '../core/position';
import type { Access, Routed } from './access';
import { plainItem } from './codec';
import type { ReadTimes, ShadowCounts } from './shadow-counts';

/** Positions in which a sample of the reads is compared with the other side. */
const COMPARED: readonly Position[] = ['shadow', 'dual-target'];

/** Comparisons at a time. While both tables differ at many keys, the ones beyond are left out: the picture is clear. */
const MAX_RUNNING = 100;

/** How both sides stood at one look. */
interface Look {
  readonly legacy: Item | undefined;
  readonly wanted: Children;
  readonly found: Children;
  /** How long each side took to answer. */
  readonly times: ReadTimes;
}

/**
 * Compares a sample of the reads with the other side, beside them: the answer is always that of the side that answers
 * reads, and neither waits for the comparison nor fails with it. A difference counts only if it is still there at a
 * second look, and nothing has changed in between: otherwise a change is under way.
 */
export class Comparison {
  private readonly running = new Set<Promise<void>>();
  private closed = false;

  /** `secondLook`: milliseconds until then. `pause` does not keep the process alive. */
  constructor(
    private readonly access: Access,
    private readonly secondLook: number,
    private readonly pause: (milliseconds: number) => Promise<void>,
    private readonly counts: ShadowCounts,
  ) {}

  /** Compares the group of this key, if the dice say so. */
  sample(routed: Routed): void {
    if (this.closed || !COMPARED.includes(routed.position) || this.running.size >= MAX_RUNNING) return;
    if (this.access.random() * 100 >= routed.table.sample) return;
    const work = this.compare(routed)
      .catch((error) => {
        this.counts.fail();
        this.access.tell({ type: 'comparison-failed', key: plainItem(routed.targetKey) ?? {}, error });
      })
      .finally(() => this.running.delete(work));
    this.running.add(work);
  }

  /** Resolves when the comparisons that run now are over. Whoever waits for that keeps the process alive. */
  async idle(): Promise<void> {
    const alive = setInterval(() => {}, 1000);
    await Promise.all(this.running).finally(() => clearInterval(alive));
    this.counts.flush();
  }

  /** Starts no more comparisons, and is silent about those that run. */
  close(): void {
    this.closed = true;
    this.counts.flush();
  }

  private async compare(routed: Routed): Promise<void> {
    const first = await this.look(routed);
    if (outcome(first) === 'same') return this.counts.add(false, first.times);
    await this.pause(this.secondLook);
    if (this.closed || !routed.holds()) return;
    const second = await this.look(routed);
    const found = outcome(second);
    if (this.closed) return;
    // What changed meanwhile, and still differs, says nothing: it counts neither way.
    if (found !== 'same' && version(first) !== version(second)) return;
    const isMismatch = found !== 'same';
    this.counts.add(isMismatch, first.times);
    if (!isMismatch) return;
    this.access.tell({
      type: 'mismatch',
      key: plainItem(routed.targetKey) ?? {},
      legacyKey: plainItem(routed.legacyKey) ?? {},
      position: routed.position,
      differs: found === 'diverged' ? 'content' : 'version',
    });
  }

  private async look({ targetKey, legacyKey }: Routed): Promise<Look> {
    const { database, model, clock } = this.access;
    const begun = clock.now();
    const legacy = await database.get('legacy', legacyKey);
    const read = clock.now() - begun;
    const wanted = expected(model, legacy);
    const keys = new Map([...wanted].map(([text, item]) => [text, keyOf(item, model.schemas.target)]));
    keys.set(keyText(targetKey), targetKey);
    const between = clock.now();
    const items = await database.getMany('target', [...keys.values()]);
    const times = { legacy: read, target: clock.now() - between };
    return { legacy, wanted, found: childrenOf(model, items), times };
  }
}

function outcome({ wanted, found, legacy }: Look) {
  return compareGroup(wanted, found, legacy);
}

/** Everything that a look saw, as one text. */
function version({ legacy, found }: Look): string {
  const items = [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => canonical(item));
  return [legacy ? canonical(legacy) : '', ...items].join('\n');
}
