import { type AmendPorts, amendSlice } from '../../lambda/amend/amend';
import { defineAmendment, type TransformDefinition } from '../../lambda/client';
import { type Amendment, amendedDatabase, formOf } from '../../lambda/core/amendment';
import type { Item } from '../../lambda/core/item';
import type { Model, Schemas } from '../../lambda/core/model';
import type { Database } from '../../lambda/core/ports';
import type { Side } from '../../lambda/core/position';
import { MemoryLedger } from '../memory/memory-ledger';
import { oneTable } from '../memory/one-table';
import { Application, everyoneAt, token } from './application';
import { keys } from './history';

/** The keys of the table. */
export const KEYS = { legacy: ['pk', 'sk'], target: ['pk', 'sk'] } as const;

/** The old form keeps the marks in one text, the new one in a list. */
const marks = defineAmendment({
  version: 'marks-2',
  up: ({ text, ...rest }) => ({ ...rest, ...(text === undefined ? {} : { marks: text.split(' ') }) }),
  down: ({ marks, ...rest }) => ({ ...rest, ...(marks === undefined ? {} : { text: marks.join(' ') }) }),
});

/** A table that is amended in place, and who works on it. */
export class InPlace {
  readonly model: Model;
  readonly amendment: Amendment;
  private readonly ledger = new MemoryLedger(() => 0);
  private passes = 0;

  /** `table` is the legacy side of a database. */
  constructor(
    private readonly table: Database,
    private readonly schemas: Schemas = KEYS,
    // biome-ignore lint/suspicious/noExplicitAny: the types of the items do not matter here
    private readonly definition: TransformDefinition<any, any> = marks,
  ) {
    this.model = this.application('legacy').access.model;
    this.amendment = { model: this.model, earlier: [] };
  }

  application(at: Side): Application {
    const options = { schemas: this.schemas, definition: this.definition, table: everyoneAt(at) };
    const { model } = new Application(options).access;
    return new Application({ ...options, seen: amendedDatabase(oneTable(this.table), { model, earlier: [] }) });
  }

  /** One pass over all items. */
  async pass(form: Side | 'none') {
    const lease = (await this.ledger.lease()) ?? (await this.ledger.acquire('run', 'execution'));
    const ports: AmendPorts = {
      ...{ database: amendedDatabase(oneTable(this.table), this.amendment), model: this.model, amendment: this.amendment },
      ...{
        ledger: this.ledger,
        tokens: token,
        speed: { maxWriteUnits: 0, maxConcurrency: 1 },
        publish: async () => {},
        remaining: () => 600_000,
      },
      clock: { now: () => 0, sleep: async () => {} },
    };
    const phase = `pass-${++this.passes}`;
    return amendSlice(ports, { run: 'run', generation: lease.generation, phase, slice: 0, slices: 1, form });
  }

  /** In which forms items are stored. */
  async forms(): Promise<Side[]> {
    const { items } = await this.table.scan('legacy', { segment: 0, segments: 1 });
    return items.map((item) => formOf(this.amendment, item));
  }
}

/** An item of the old form, as code without the client writes it. */
export function native(text: string): Item {
  return { pk: { S: keys.PROFILE.pk }, sk: { S: 'PROFILE' }, text: { S: text } };
}
