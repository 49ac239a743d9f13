import type { IndexFacts, IndexReader } from '../../lambda/core/index-view';
import { indexModel, indexView } from '../../lambda/core/index-view';
import { type Item, keyText } from '../../lambda/core/item';
import type { Database } from '../../lambda/core/ports';
import type { DifferencesResult } from '../../lambda/differences/differences';
import { type IndexCoherencePorts, indexCoherence } from '../../lambda/index-coherence/index-coherence';
import type { SketchResult } from '../../lambda/sketch/sketch';
import { MemoryArchive } from '../memory/memory-archive';
import { MemoryDatabase } from '../memory/memory-database';
import { MemoryIndex } from '../memory/memory-index';
import { MemoryLedger } from '../memory/memory-ledger';
import { allIn, counting, routingOf, TestClock } from '../memory/people';

export const SCHEMAS = { legacy: ['id'], target: ['id'] } as const;
export const BY_TOWN: IndexFacts = {
  name: 'byTown',
  tableKeys: ['id'],
  keys: ['town', 'age'],
  types: { town: 'S', age: 'N' },
  projected: ['name'],
};

const SLICES = 2;
const RUN = { run: 'run-1', generation: 1, index: 'byTown' };

export function inhabitant(id: string, more: Item = {}): Item {
  return {
    id: { S: id },
    town: { S: 'Ghent' },
    age: { N: '40' },
    name: { S: `name ${id}` },
    note: { S: 'not projected' },
    ...more,
  };
}

/** An index beside its table, and what compares the two. */
export async function scene(table: Database, reader: IndexReader, index: IndexFacts) {
  const clock = new TestClock();
  const ledger = new MemoryLedger(clock.now);
  await ledger.acquire('run-1', 'execution-1');
  const archive = new MemoryArchive();
  const published: Record<string, number>[] = [];
  const ports: IndexCoherencePorts = {
    ...{ ledger, clock, archive, tokens: counting(), routing: routingOf(allIn('target'), clock.now).source },
    ...{ database: indexView(table, reader, index), model: indexModel(index) },
    remaining: () => 600_000,
    publish: async (metrics) => void published.push(metrics as Record<string, number>),
  };
  return { clock, ledger, archive, published, ports };
}

/** The same in memory: fifty inhabitants of a town, and one of nowhere. */
export async function filled(index = BY_TOWN) {
  const database = new MemoryDatabase(SCHEMAS);
  for (let n = 0; n < 50; n++) database.put('target', inhabitant(`p${n}`));
  const { town: _, ...nowhere } = inhabitant('nowhere');
  database.put('target', nowhere);
  const reader = new MemoryIndex(database, index);
  return { database, reader, ...(await scene(database, reader, index)) };
}

/** True for the item or entry of this id. */
export const is = (id: string) => (item: Item) => keyText({ id: item.id as Item[string] }) === `id=${id}`;

/** One pass: sketches of both, and what differs. */
export async function pass(ports: IndexCoherencePorts, phase = 'sketch-1'): Promise<DifferencesResult> {
  for (const side of ['legacy', 'target'] as const) {
    for (let slice = 0; slice < SLICES; slice++) {
      const input = { ...RUN, step: 'sketch' as const, phase, side, slice, slices: SLICES };
      while (!((await indexCoherence(ports, input)) as SketchResult).done) {}
    }
  }
  const list = { ...RUN, step: 'list' as const, phase, slices: SLICES, repair: false };
  return (await indexCoherence(ports, list)) as DifferencesResult;
}

/** The slow way, item by item. */
export async function compared(ports: IndexCoherencePorts, phase = 'compare-1'): Promise<number> {
  let diverged = 0;
  for (const side of ['legacy', 'target'] as const) {
    const input = { ...RUN, step: 'compare' as const, phase, side, slice: 0, slices: 1, repair: false };
    diverged += ((await indexCoherence(ports, input)) as { diverged: number }).diverged;
  }
  return diverged;
}
