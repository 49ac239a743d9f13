import { type Children, childrenOf, compareGroup, expected } from '../core/group';
import { canonical, type Item, keyOf, keyText } from '../core/item';
import type { Position } from '../core/position';
import type { Access, Routed } from './access';
import type { Beside } from './beside';
import { plainItem } from './codec';
import type { ReadTimes } from './shadow-counts';

/** Positions in which a sample of the reads is compared with the other side. */
const COMPARED: readonly Position[] = ['shadow', 'dual-target'];

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
  /** `secondLook`: milliseconds until then. `pause` does not keep the process alive. */
  constructor(
    private readonly access: Access,
    private readonly secondLook: number,
    private readonly pause: (milliseconds: number) => Promise<void>,
    private readonly beside: Beside,
  ) {}

  /** Compares the group of this key, if the dice say so. */
  sample(routed: Routed): void {
    if (!COMPARED.includes(routed.position) || this.access.random() * 100 >= routed.table.sample) return;
    this.beside.start(
      () => this.compare(routed),
      (error) => this.access.tell({ type: 'comparison-failed', key: plainItem(routed.targetKey) ?? {}, error }),
    );
  }

  private async compare(routed: Routed): Promise<void> {
    const first = await this.look(routed);
    if (outcome(first) === 'same') return this.beside.counts.add(false, first.times);
    await this.pause(this.secondLook);
    if (this.beside.closed || !routed.holds()) return;
    const second = await this.look(routed);
    const found = outcome(second);
    if (this.beside.closed) return;
    // What changed meanwhile, and still differs, says nothing: it counts neither way.
    if (found !== 'same' && version(first) !== version(second)) return;
    const isMismatch = found !== 'same';
    this.beside.counts.add(isMismatch, first.times);
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
