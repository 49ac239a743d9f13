import type { StreamRecord } from '../core/replicate';
import { itemFromJson } from '../core/wire-json';

/** The part that is used of a DynamoDB stream event (AWS Lambda Developer Guide, "Using AWS Lambda with Amazon DynamoDB"). */
export interface StreamEvent {
  readonly Records: readonly {
    readonly dynamodb: {
      readonly Keys: unknown;
      readonly OldImage?: unknown;
      readonly NewImage?: unknown;
      readonly SequenceNumber: string;
      /** Seconds since 1970. */
      readonly ApproximateCreationDateTime: number;
    };
    readonly userIdentity?: { readonly type?: string; readonly principalId?: string } | null;
  }[];
}

/** The records of an event, oldest first for each key. */
export function recordsOf(event: StreamEvent): StreamRecord[] {
  return event.Records.map(({ dynamodb, userIdentity }) => ({
    change: {
      key: itemFromJson(dynamodb.Keys),
      ...(dynamodb.OldImage ? { before: itemFromJson(dynamodb.OldImage) } : {}),
      ...(dynamodb.NewImage ? { after: itemFromJson(dynamodb.NewImage) } : {}),
      byService: isService(userIdentity),
    },
    sequence: dynamodb.SequenceNumber,
    createdAt: dynamodb.ApproximateCreationDateTime * 1000,
  }));
}

/** Deletions by time-to-live (Amazon DynamoDB Developer Guide, "DynamoDB Streams and Time to Live"). */
function isService(identity: { type?: string; principalId?: string } | null | undefined): boolean {
  return identity?.type === 'Service' && identity.principalId === 'dynamodb.amazonaws.com';
}
