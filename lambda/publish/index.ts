import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { variable } from '../adapters/environment';
import { busOf } from '../adapters/eventbridge';
import { reportFailures } from '../adapters/local-aws';
import { systemClock } from '../adapters/services';
import type { StreamEvent } from '../replicate/stream-event';
import { entriesOf } from './entry';
import { publish } from './publish';

const bus = busOf(new EventBridgeClient(), variable('EVENT_BUS'));

/** Called by the event source of a ledger's stream, for entries of the audit trail. */
export async function handler(event: StreamEvent): Promise<ReturnType<typeof reportFailures>> {
  const failed = await publish({ bus, clock: systemClock }, entriesOf(event));
  return reportFailures(failed === undefined ? [] : [failed]);
}
