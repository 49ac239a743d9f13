import { backfill } from '../../lambda/backfill/backfill';
import type { Side } from '../../lambda/core/position';
import { type DifferencesPorts, differences } from '../../lambda/differences/differences';
import { type SketchPorts, sketch } from '../../lambda/sketch/sketch';
import { MemoryArchive } from '../memory/memory-archive';
import { MemoryDatabase } from '../memory/memory-database';
import { MemoryLedger } from '../memory/memory-ledger';
import { allIn, counting, people, routingOf, settle, TestClock } from '../memory/people';

export const SLICES = 3;
export const RUN = { run: 'run-1', generation: 1 };

/** People on both sides, and what compares them. */
export async function scene(count: number, position: Parameters<typeof allIn>[0] = 'legacy') {
  const database = new MemoryDatabase(people.schemas);
  settle(database, count);
  const clock = new TestClock();
  const ledger = new MemoryLedger(clock.now);
  await ledger.acquire('run-1', 'execution-1');
  const { source } = routingOf(allIn(position), clock.now);
  const archive = new MemoryArchive();
  const published: Record<string, number>[] = [];
  const ports: DifferencesPorts & SketchPorts = {
    ...{ database, model: people, ledger, clock, routing: source, tokens: counting(), archive },
    remaining: () => 600_000,
    publish: async (metrics) => void published.push(metrics as Record<string, number>),
    requirePrompt: async () => {},
  };
  await backfill({ ...ports, speed: { maxWriteUnits: 0, maxConcurrency: 1 } }, { ...RUN, slice: 0, slices: 1 });
  return { database, clock, ledger, archive, published, ports };
}

export async function scan(ports: SketchPorts, phase: string, sides: readonly Side[] = ['legacy', 'target']) {
  for (const side of sides) {
    for (let slice = 0; slice < SLICES; slice++) {
      while (!(await sketch(ports, { ...RUN, phase, side, slice, slices: SLICES })).done);
    }
  }
}

export const list = (ports: DifferencesPorts, phase: string, repair: boolean) =>
  differences(ports, { ...RUN, phase, slices: SLICES, repair });

export async function pass(ports: DifferencesPorts & SketchPorts, phase: string, repair: boolean) {
  await scan(ports, phase);
  return list(ports, phase, repair);
}
