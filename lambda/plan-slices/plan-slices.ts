import type { Ledger } from '../core/ledger';
import { checkSlices } from '../core/slice';
import { SPEED_NOTE, type Speed, type SpeedNote, speedOf } from '../core/speed';

export interface PlanSlicesPorts {
  readonly ledger: Ledger;
  /** As the stack was deployed. */
  readonly speed: Speed;
}

export interface PlanSlicesInput {
  readonly run: string;
  readonly generation: number;
  readonly slices: number;
}

/** The slices of a phase as the items of a Distributed Map, and how many at a time. */
export interface SlicesPlanned {
  readonly items: readonly { readonly slice: number; readonly slices: number }[];
  readonly maxConcurrency: number;
}

/** Plans a phase, at the speed that an operator set meanwhile. @throws InvalidConfiguration unless 1 to 1000 slices */
export async function planSlices({ ledger, speed }: PlanSlicesPorts, input: PlanSlicesInput): Promise<SlicesPlanned> {
  const { run, generation, slices } = input;
  const items = Array.from({ length: checkSlices(slices) }, (_, slice) => ({ slice, slices }));
  const note = (await ledger.note(SPEED_NOTE)) as Partial<SpeedNote> | undefined;
  return { items, maxConcurrency: speedOf(note, run, generation, speed).maxConcurrency };
}
