import type { Archive } from '../core/archive';
import { fingerprint } from '../core/fingerprint';
import { expected } from '../core/group';
import type { Item } from '../core/item';
import type { Side } from '../core/position';
import { Sketch } from '../core/sketch';
import { checkSlices, type Gathering, phaseOfSide, type Walking, walkSlice } from '../core/slice';
import type { Tokens } from '../core/stamp';

/** Items between two looks at the clock. */
const PORTION = 1000;

/** Milliseconds between two checkpoints: a sketch has megabytes. */
const CHECKPOINTS = 30_000;

/** Cells of a sketch for one slice, and at most: that is five megabytes, where keys have up to 80 bytes. */
const CELLS_PER_SLICE = 3 * 2 ** 10;
const MOST_CELLS = 3 * 2 ** 14;

/** Bytes of a key and its digest from which on all cells together would take too much memory: such tables are compared item by item. */
const LONGEST = 1024;

export interface SketchPorts extends Walking {
  readonly archive: Archive;
  readonly tokens: Tokens;
}

export interface SketchInput {
  readonly run: string;
  readonly generation: number;
  readonly phase: string;
  readonly side: Side;
  readonly slice: number;
  readonly slices: number;
}

/** `done: false` when the time was up: call again. `checked`: items of the slice so far. */
export interface SketchResult {
  readonly done: boolean;
  readonly checked: number;
}

/**
 * Sketches one slice of one side, by one scan: what legacy items make is added, target items are removed. The sum over all
 * slices of both sides holds what differs, and nothing else.
 * @throws LeaseLost, TransformFailed
 */
export async function sketch(ports: SketchPorts, input: SketchInput): Promise<SketchResult> {
  const { model, archive, tokens } = ports;
  const { side } = input;
  let gathered = Sketch.empty(cellsOf(checkSlices(input.slices)));
  const gathering: Gathering = {
    interval: CHECKPOINTS,
    begin: async (saved) => {
      if (saved) gathered = Sketch.fromBytes(await archive.get('sketches', saved));
    },
    save: async () => {
      const name = `${input.run}/${input.phase}/${side}-${input.slice}-${tokens()}`;
      await archive.put('sketches', name, gathered.toBytes());
      return name;
    },
  };
  const work = async (items: Item[]) => {
    let overlong = 0;
    for (const item of items) {
      for (const child of side === 'target' ? [item] : expected(model, item).values()) {
        const element = fingerprint(child, model.schemas.target);
        if (element.length > LONGEST) overlong++;
        else if (side === 'target') gathered.remove(element);
        else gathered.add(element);
      }
    }
    return { checked: items.length, overlong };
  };
  const { done, counts } = await walkSlice(
    ports,
    { ...input, phase: phaseOfSide(input.phase, side), readsOnly: true },
    work,
    PORTION,
    gathering,
  );
  return { done, checked: counts.checked ?? 0 };
}

/** The more slices, the larger the table, and the more changes pass during a scan. A multiple of three, the same for all slices. */
export function cellsOf(slices: number): number {
  return Math.min(MOST_CELLS, CELLS_PER_SLICE * 2 ** Math.ceil(Math.log2(slices)));
}
