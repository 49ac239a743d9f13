import type { AppConfigDataClient } from '@aws-sdk/client-appconfigdata';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import transform from '../../examples/cities/cities-v2';
import type { City, CityV3 } from '../../examples/cities/model';
import { appConfigDataClient, pollRouting } from '../../lambda/adapters/appconfig-data';
import { dynamoClient } from '../../lambda/adapters/dynamodb-client';
import { type ClientConfiguration, Rollout, type Table } from '../../lambda/client';
import { RoutingSource } from '../../lambda/core/routing-source';
import type { RoutingTable } from '../../lambda/core/routing-table';
import type { Connection } from '../local-aws';
import { type Ask, AskingCities, askerOf } from './asking-cities';
import type { Version } from './change';
import type { Cities, CityKey } from './traffic';

/** The transform as another version of the application may have it: it counts the people of a city differently. */
const another: typeof transform = {
  ...transform,
  up: (legacy) => transform.up(legacy).map((item) => (item.population === undefined ? item : { ...item, population: -1 })),
};

/** The application of the rehearsal: many clients, each with its own view of the routing table. */
export class Application {
  private readonly endings: (() => void)[] = [];
  private readonly appConfigData: AppConfigDataClient;
  private readonly source: RoutingSource;

  /** `configuration` is what the stack says of the migration, as JSON. */
  constructor(
    private readonly configuration: string,
    private readonly connection: Connection,
    private readonly version: Version,
    /** Takes the lines of the log that hold metrics. */
    private readonly metrics: (line: string) => void = () => {},
    /** Told of the connection of each client before it is used. */
    private readonly disturb: (client: DynamoDBClient) => void = () => {},
  ) {
    this.appConfigData = appConfigDataClient(connection);
    const place = JSON.parse(configuration) as ClientConfiguration;
    this.source = new RoutingSource(pollRouting(this.appConfigData, place), () => performance.now());
  }

  /** A new client, as a process of the application would have it. */
  async connect(): Promise<Cities> {
    const { told, heard, transform: by, asksOnly } = this.version;
    if (asksOnly) return this.asking(by);
    const table = await this.table(by, this.disturb);
    const maybe = (city: City | CityV3 | undefined) => city && heard(city);
    return {
      get: async (key) => maybe(await table.get(key)),
      put: (city) => table.put(told(city)),
      update: (key, change) => table.update(key, (city) => city && told(change(heard(city)))),
      delete: (key) => table.delete(key),
      query: async (partition) => (await table.query(partition)).map(heard),
    };
  }

  /** A client with another version of the transform, which reads some cities again and again. Answers what ends it. */
  async stray(ids: readonly string[]): Promise<() => void> {
    const table = await this.table(another);
    const read = () => {
      for (const id of ids) table.get({ pk: `CITY#${id}`, sk: 'PROFILE' }).catch(() => {});
    };
    const timer = setInterval(read, 300);
    return () => clearInterval(timer);
  }

  /** The routing table as a client has it. */
  routing(): Promise<RoutingTable> {
    return this.source.current();
  }

  /** The cities over connections of their own, which end with the application. */
  private async table(
    by: Version['transform'],
    meet: (client: DynamoDBClient) => void = () => {},
  ): Promise<Table<City | CityV3, CityKey>> {
    return (await this.rollout(by, meet)).rollout.table<City | CityV3, CityKey>();
  }

  /** The same where only queries go through the client. */
  private async asking(by: Version['transform']): Promise<Cities> {
    const { rollout, dynamodb } = await this.rollout(by, this.disturb);
    return new AskingCities(askerOf(rollout), dynamodb, (JSON.parse(this.configuration) as ClientConfiguration).targetTable);
  }

  /** A client that only asks. */
  async asker(): Promise<Ask> {
    return askerOf((await this.rollout(this.version.transform, this.disturb)).rollout);
  }

  private async rollout(
    by: Version['transform'],
    meet: (client: DynamoDBClient) => void,
  ): Promise<{ rollout: Rollout; dynamodb: DynamoDBClient }> {
    const { configuration, connection, metrics } = this;
    const [dynamodb, appConfigData] = [dynamoClient(connection), appConfigDataClient(connection)];
    meet(dynamodb);
    this.endings.push(
      () => dynamodb.destroy(),
      () => appConfigData.destroy(),
    );
    const rollout = await Rollout.connect({ transform: by, configuration, dynamodb, appConfigData, metrics });
    this.endings.push(() => rollout.close());
    return { rollout, dynamodb };
  }

  close(): void {
    for (const end of this.endings) end();
    this.appConfigData.destroy();
  }
}
