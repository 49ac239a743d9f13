import type { AppConfigDataClient } from '@aws-sdk/client-appconfigdata';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { appConfigDataClient, pollRouting } from '../../lambda/adapters/appconfig-data';
import { dynamoClient } from '../../lambda/adapters/dynamodb-client';
import { type ClientConfiguration, type ConnectOptions, Rollout } from '../../lambda/client';
import { RoutingSource } from '../../lambda/core/routing-source';
import type { RoutingTable } from '../../lambda/core/routing-table';
import type { Connection } from '../local-aws';

/** What a client of an application has of its own. */
export interface Connected {
  readonly rollout: Rollout;
  readonly dynamodb: DynamoDBClient;
}

/** Many clients of one change, each with its own view of the routing table; all end together. */
export class Connections {
  readonly place: ClientConfiguration;
  private readonly endings: (() => void)[] = [];
  private readonly appConfigData: AppConfigDataClient;
  private readonly source: RoutingSource;

  /** `configuration` is what the stack says of the change, as JSON. */
  constructor(
    private readonly configuration: string,
    private readonly connection: Connection,
    /** Takes the lines of the log that hold metrics. */
    private readonly metrics: (line: string) => void = () => {},
  ) {
    this.place = JSON.parse(configuration) as ClientConfiguration;
    this.appConfigData = appConfigDataClient(connection);
    this.source = new RoutingSource(pollRouting(this.appConfigData, this.place), () => performance.now());
  }

  /** A new client over connections of its own. `meet` is told of one of them before it is used. */
  async connect(transform: ConnectOptions['transform'], meet: (client: DynamoDBClient) => void = () => {}): Promise<Connected> {
    const { configuration, connection, metrics } = this;
    const [dynamodb, appConfigData] = [dynamoClient(connection), appConfigDataClient(connection)];
    meet(dynamodb);
    this.endings.push(
      () => dynamodb.destroy(),
      () => appConfigData.destroy(),
    );
    const rollout = await Rollout.connect({ transform, configuration, dynamodb, appConfigData, metrics });
    this.endings.push(() => rollout.close());
    return { rollout, dynamodb };
  }

  /** The routing table as a client has it. */
  routing(): Promise<RoutingTable> {
    return this.source.current();
  }

  close(): void {
    for (const end of this.endings) end();
    this.appConfigData.destroy();
  }
}
