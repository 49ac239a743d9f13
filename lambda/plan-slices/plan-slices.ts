import { checkSlices } from '../core/slice';

/** The slices of a phase as the items of a Distributed Map. @throws InvalidConfiguration unless 1 to 1000 */
export function planSlices(slices: number): { items: { slice: number; slices: number }[] } {
  return { items: Array.from({ length: checkSlices(slices) }, (_, slice) => ({ slice, slices })) };
}
