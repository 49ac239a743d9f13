import { GetEventSourceMappingCommand, type LambdaClient, UpdateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import type { Remains } from '../core/control';

/** Event source mappings of Lambda (AWS Lambda API Reference, GetEventSourceMapping: `State`; UpdateEventSourceMapping: `Enabled`). */
export class EventSources implements Remains {
  constructor(
    private readonly client: LambdaClient,
    /** UUIDs of the mappings. */
    private readonly mappings: readonly string[],
  ) {}

  async remove(): Promise<boolean> {
    const stopped = await Promise.all(this.mappings.map((UUID) => this.stopOne(UUID)));
    return stopped.every((each) => each);
  }

  /** Disabling takes a while, and a mapping that changes for another reason refuses it: the next look asks again. */
  private async stopOne(UUID: string): Promise<boolean> {
    const { State } = await this.client.send(new GetEventSourceMappingCommand({ UUID }));
    if (State === 'Enabled') await this.client.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: false }));
    return State === 'Disabled';
  }
}
