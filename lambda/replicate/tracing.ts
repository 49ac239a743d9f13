import type { Ledger } from '../core/ledger';
import type { Database, Write } from '../core/ports';
import {
  isTraced,
  type SendSpan,
  type Span,
  samplesIn,
  type TraceHeader,
  type TraceSample,
  traceHeaderOf,
  tracesNote,
  withSamples,
} from '../core/tracing';

/** Documents that one invocation traces. */
const MOST = 10;
/** Milliseconds between two notes in the ledger, at least, and for which an invocation waits for one. */
const INTERVAL = 5000;
const PATIENCE = 1000;

export interface TracerPorts {
  readonly migration: string;
  readonly direction: 'forward' | 'reverse';
  readonly ledger: Pick<Ledger, 'note' | 'saveLatest'>;
  readonly send: SendSpan;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** A document whose change may be traced. */
export interface TracedDocument {
  /** `keyDigest` of its group. */
  readonly key: string;
  /** Canaries always are. */
  readonly canary: boolean;
  readonly sequence: string;
  /** Milliseconds since 1970 at which the change was made. */
  readonly createdAt: number;
}

/**
 * Traces the changes of sampled documents from stream record to write: a stream record carries no tracing header, so each trace
 * begins with the invocation that reads it, and says what it read. X-Ray gets a subsegment with migration, direction, digest of the
 * key, sequence number and outcome, and each read and write in it; the ledger gets the id of the trace. Values go nowhere.
 *
 * Nothing of this fails or delays replication: the note is written beside the record of the batch, at most every five seconds,
 * and given up after one. Two invocations that write it beside each other may lose each other's samples, which are samples.
 */
export class Tracer {
  private pending: TraceSample[] = [];
  private savedAt = Number.NEGATIVE_INFINITY;

  constructor(readonly ports: TracerPorts) {}

  /** The tracing of one invocation; undefined where X-Ray does not sample it. */
  begin(header: string | undefined): Tracing | undefined {
    const place = traceHeaderOf(header);
    return place && new Tracing(this, place);
  }

  add(sample: TraceSample): void {
    this.pending = withSamples(this.pending, [sample]);
  }

  /** Never throws. */
  async keep(): Promise<void> {
    const { now, sleep } = this.ports;
    if (this.pending.length === 0 || now() - this.savedAt < INTERVAL) return;
    this.savedAt = now();
    await Promise.race([this.save(this.pending.splice(0)).catch(() => {}), sleep(PATIENCE)]);
  }

  private async save(fresh: readonly TraceSample[]): Promise<void> {
    const { ledger, direction, now } = this.ports;
    const name = tracesNote(direction);
    const samples = withSamples(samplesIn(await ledger.note(name)), fresh);
    await ledger.saveLatest(name, new Date(now()).toISOString(), { samples });
  }
}

/** What one invocation traces. */
export class Tracing {
  private count = 0;

  constructor(
    private readonly tracer: Tracer,
    private readonly header: TraceHeader,
  ) {}

  /** Does the work, and traces it where the document is sampled. The work gets the database to do it with. */
  async follow<T>(
    document: TracedDocument | undefined,
    database: Database,
    work: (database: Database) => Promise<T>,
    outcomeOf: (result: T) => { outcome: string; error?: string },
  ): Promise<T> {
    if (!document || this.count >= MOST || !(document.canary || isTraced(document.key))) return work(database);
    this.count++;
    const { now } = this.tracer.ports;
    const parts: Span[] = [];
    const begin = now();
    const result = await work(timed(database, now, parts));
    this.tell(document, { name: '', begin, end: now(), parts }, outcomeOf(result));
    return result;
  }

  keep(): Promise<void> {
    return this.tracer.keep();
  }

  private tell(document: TracedDocument, span: Span, { outcome, error }: { outcome: string; error?: string }): void {
    const { migration, direction, send } = this.tracer.ports;
    const { key, sequence, createdAt } = document;
    const { trace } = this.header;
    const waited = Math.max(0, span.begin - createdAt) / 1000;
    const annotations = { migration, direction, key, sequence, outcome, waited };
    send(this.header, { ...span, name: `carry ${direction}`, annotations, ...(error ? { error } : {}) });
    this.tracer.add({ key, trace, at: new Date(span.end).toISOString(), sequence, outcome });
  }
}

/** The database, with each call of it as a span. */
function timed(database: Database, now: () => number, parts: Span[]): Database {
  const time = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const begin = now();
    let error: string | undefined;
    try {
      return await work();
    } catch (thrown) {
      error = thrown instanceof Error ? thrown.name : 'Error';
      throw thrown;
    } finally {
      parts.push({ name, begin, end: now(), ...(error ? { error } : {}) });
    }
  };
  return {
    get: (side, key) => time(`read ${side}`, () => database.get(side, key)),
    getMany: (side, keys) => time(`read ${side}`, () => database.getMany(side, keys)),
    query: (side, key) => time(`query ${side}`, () => database.query(side, key)),
    write: (writes) => time(nameOf(writes), () => database.write(writes)),
    insertAbsent: (side, items) => time(`insert ${side}`, () => database.insertAbsent(side, items)),
    scan: (side, request) => time(`scan ${side}`, () => database.scan(side, request)),
  };
}

function nameOf(writes: readonly Write[]): string {
  const sides = [...new Set(writes.flatMap((write) => (write.do === 'check' ? [] : [write.side])))];
  return sides.length > 0 ? `write ${sides.join(' and ')}` : 'check';
}
