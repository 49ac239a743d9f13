import type { Clock } from '../core/control';
import { type Bus, requestsOf } from '../core/publication';
import type { Entry } from './entry';

export interface PublishPorts {
  readonly bus: Bus;
  readonly clock: Clock;
}

/** Tries of one request, and milliseconds before the second one. After that the event source delivers again. */
const TRIES = 4;
const WAIT = 200;

/**
 * Puts entries on the bus, in their order, each at least once. The sequence number of the first one that it does not take, or
 * undefined: whatever follows that one is to be delivered again.
 */
export async function publish(ports: PublishPorts, entries: readonly Entry[]): Promise<string | undefined> {
  for (const request of requestsOf(entries)) {
    const failed = await putAll(ports, request);
    if (failed) return failed.sequence;
  }
  return undefined;
}

/** Puts again what failed, and nothing else. The first entry that is left in the end. */
async function putAll({ bus, clock }: PublishPorts, request: readonly Entry[]): Promise<Entry | undefined> {
  let left = request;
  for (let attempt = 1; ; attempt++) {
    const reasons = await bus(left);
    const reason = reasons.find((each) => each !== undefined);
    left = left.filter((_, index) => reasons[index] !== undefined);
    if (left.length === 0 || attempt === TRIES) {
      if (left[0])
        console.error(JSON.stringify({ message: 'The bus does not take an event.', type: left[0].detailType, reason }));
      return left[0];
    }
    await clock.sleep(WAIT * 2 ** (attempt - 1));
  }
}
