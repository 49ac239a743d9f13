import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as v from 'valibot';
import { type Publication, publicationOf } from '../core/publication';
import type { StreamEvent } from '../replicate/stream-event';

/** What is published of a record of the ledger's stream. */
export interface Entry extends Publication {
  /** Sequence number of the record. */
  readonly sequence: string;
}

/** An entry as the ledger stores it: the partition names the migration, and the data are JSON. */
const STORED = v.object({
  pk: v.pipe(v.string(), v.startsWith('M#')),
  run: v.string(),
  seq: v.number(),
  at: v.pipe(v.string(), v.isoTimestamp()),
  kind: v.string(),
  who: v.optional(v.string()),
  data: v.pipe(v.string(), v.parseJson(), v.record(v.string(), v.unknown())),
});

/** The entries of an event, oldest first for each migration. What is no entry of a ledger is logged, and left out: it never would be one. */
export function entriesOf(event: StreamEvent): Entry[] {
  return event.Records.flatMap(({ dynamodb }) => {
    const { NewImage, SequenceNumber: sequence } = dynamodb;
    const { success, output } = v.safeParse(STORED, unmarshall((NewImage ?? {}) as Record<string, AttributeValue>));
    if (success) return [{ sequence, ...publicationOf(output.pk.slice(2), output) }];
    console.error(JSON.stringify({ message: 'A record of the stream is no entry of a ledger.', sequence, keys: dynamodb.Keys }));
    return [];
  });
}
