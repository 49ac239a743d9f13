import { planSlices } from './plan-slices';

/** A task of the rollout and rollback workflows: its items go to a Distributed Map. */
export async function handler({ slices }: { readonly slices: number }): Promise<ReturnType<typeof planSlices>> {
  return planSlices(slices);
}
