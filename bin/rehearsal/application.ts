import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import transform from '../../examples/cities/cities-v2';
import type { City, CityV3 } from '../../examples/cities/model';
import type { Table } from '../../lambda/client';
import type { RoutingTable } from '../../lambda/core/routing-table';
import type { Connection } from '../local-aws';
import { type Ask, AskingItems, askerOf, type Question } from './asking';
import type { Version } from './change';
import type { Cities, CityKey } from './city-work';
import { Connections } from './connections';

/** The transform as another version of the application may have it: it counts the people of a city differently. */
const another: typeof transform = {
  ...transform,
  up: (legacy) => transform.up(legacy).map((item) => (item.population === undefined ? item : { ...item, population: -1 })),
};

/** Countries that are asked for: the one that the traffic founds cities in, and two with many. */
const QUESTIONS = ['ZZ', 'BE', 'JP'].map((country): Question => ({ query: 'citiesOfCountry', params: { country } }));

/** The application of the rehearsal: many clients, each with its own view of the routing table. */
export class Application {
  private readonly connections: Connections;

  /** `configuration` is what the stack says of the migration, as JSON. */
  constructor(
    configuration: string,
    connection: Connection,
    private readonly version: Version,
    /** Takes the lines of the log that hold metrics. */
    metrics?: (line: string) => void,
    /** Told of the connection of each client before it is used. */
    private readonly disturb: (client: DynamoDBClient) => void = () => {},
  ) {
    this.connections = new Connections(configuration, connection, metrics);
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
      update: (key, change) => table.update(key, (city) => told(change(maybe(city)))),
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
    return this.connections.routing();
  }

  /** The cities over connections of their own, which end with the application. */
  private async table(by: Version['transform'], meet?: (client: DynamoDBClient) => void): Promise<Table<City | CityV3, CityKey>> {
    return (await this.connections.connect(by, meet)).rollout.table<City | CityV3, CityKey>();
  }

  /** The same where only queries go through the client. */
  private async asking(by: Version['transform']): Promise<Cities> {
    const { rollout, dynamodb } = await this.connections.connect(by, this.disturb);
    return new AskingItems(askerOf(rollout, QUESTIONS), dynamodb, this.connections.place.targetTable, ['pk', 'sk']);
  }

  /** A client that only asks. */
  async asker(): Promise<Ask> {
    return askerOf((await this.connections.connect(this.version.transform, this.disturb)).rollout, QUESTIONS);
  }

  close(): void {
    this.connections.close();
  }
}
