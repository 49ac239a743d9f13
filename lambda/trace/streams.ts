import { pathsThatDiffer } from '../core/attribute-paths';
import type { ReadHistory, StreamHistory } from '../core/control';
import { type Item, keyText } from '../core/item';
import type { JourneyRecord, JourneyStream } from '../core/journey';
import type { Model } from '../core/model';
import type { Side } from '../core/position';
import { isUnadopted, type StreamRecord } from '../core/replicate';
import { tokenOf, writerOf } from '../core/stamp';
import type { ToldValues } from './told-values';

/** Milliseconds for reading both streams, side by side. */
const MILLISECONDS = 20_000;

/** Records that are told of one stream. */
const TOLD = 50;

export interface StreamPorts {
  readonly model: Model;
  /** The streams to read: one where the model is amended in place. */
  readonly streams: readonly { readonly side: Side; readonly arn: string }[];
  readonly readHistory: ReadHistory;
}

/** What the stream of one side still has of a group. */
export interface GroupHistory {
  readonly side: Side;
  readonly history: StreamHistory;
}

/** Reads all streams. A key that the transform leads nowhere belongs to no group. */
export function historiesOf({ model, streams, readHistory }: StreamPorts, legacyKey: Item): Promise<GroupHistory[]> {
  const text = keyText(legacyKey);
  const isOurs = (side: Side) => (record: StreamRecord) => {
    const { key } = record.change;
    try {
      return keyText(side === 'legacy' ? key : model.legacyKey(key)) === text;
    } catch {
      return false;
    }
  };
  const read = async ({ side, arn }: { side: Side; arn: string }) => {
    return { side, history: await readHistory(arn, isOurs(side), MILLISECONDS) };
  };
  return Promise.all(streams.map(read));
}

/** A history as it is told: the newest records of the group. */
export function streamOf({ side, history }: GroupHistory, values: ToldValues): JourneyStream {
  const { records, older, shards, unread, reached } = history;
  // The newest first: their values are told where not all can be.
  const told = records.slice(-TOLD).reverse();
  return {
    side,
    records: told.map((record) => recordOf(record, values)).reverse(),
    olderRecords: older + records.length - told.length,
    ...{ complete: unread === 0, shards, unread },
    ...(reached === undefined ? {} : { reached: new Date(reached).toISOString() }),
  };
}

function recordOf({ change, sequence, createdAt }: StreamRecord, values: ToldValues): JourneyRecord {
  const { key, before, after, byService } = change;
  const image = after ?? before;
  const [token, writer] = [tokenOf(image), writerOf(image)];
  return {
    ...{ at: new Date(createdAt).toISOString(), sequence, key: keyText(key) },
    change: !after ? 'removed' : before ? 'modified' : 'inserted',
    ...(token === undefined ? {} : { token }),
    ...(writer === undefined ? {} : { writer }),
    ...{ unadopted: isUnadopted(change), byService },
    ...(before && after ? { paths: pathsThatDiffer(before, after) } : {}),
    ...values.of('before', before),
    ...values.of('after', after),
  };
}
