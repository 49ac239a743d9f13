import { DeleteItemCommand, type DynamoDBClient, GetItemCommand, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { City } from '../../examples/cities/model';
import type { Rollout } from '../../lambda/client';
import type { Cities, CityKey } from './traffic';

/** Countries that are asked for: the one that the traffic founds cities in, and two with many. */
const COUNTRIES = ['ZZ', 'BE', 'JP'];

/** Asks for the cities of one country after the other. */
export type Ask = () => Promise<unknown>;

export function askerOf(rollout: Rollout): Ask {
  let asked = 0;
  return () => rollout.ask('citiesOfCountry', { country: COUNTRIES[asked++ % COUNTRIES.length] });
}

/** The application while only its queries move: it reads and writes the table as ever, and asks by the client. */
export class AskingCities implements Cities {
  constructor(
    private readonly ask: Ask,
    private readonly client: DynamoDBClient,
    private readonly table: string,
  ) {}

  async get(key: CityKey): Promise<City | undefined> {
    const command = new GetItemCommand({ TableName: this.table, Key: marshall(key), ConsistentRead: true });
    const { Item } = await this.client.send(command);
    return Item && (unmarshall(Item) as City);
  }

  async put(city: City): Promise<void> {
    const Item = marshall(city, { removeUndefinedValues: true });
    await this.client.send(new PutItemCommand({ TableName: this.table, Item }));
  }

  /** Each item has one writer. */
  async update(key: CityKey, change: (city: City) => City): Promise<void> {
    const city = await this.get(key);
    await this.put(change(city as City));
  }

  async delete(key: CityKey): Promise<void> {
    await this.client.send(new DeleteItemCommand({ TableName: this.table, Key: marshall(key) }));
  }

  async query({ pk }: Pick<City, 'pk'>): Promise<City[]> {
    await this.ask();
    const { Items = [] } = await this.client.send(
      new QueryCommand({
        TableName: this.table,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: marshall({ ':pk': pk }),
        ConsistentRead: true,
      }),
    );
    return Items.map((item) => unmarshall(item) as City);
  }
}
