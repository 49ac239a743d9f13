import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { legacyCities } from '../../examples/cities/all-cities';
import transform from '../../examples/cities/cities-v2';
import { QUERIES } from '../../examples/cities/stages';
import { dynamoDatabase } from '../../lambda/adapters/dynamodb';
import { DynamoQueries } from '../../lambda/adapters/dynamodb-query';
import { modelFrom, toWire } from '../../lambda/adapters/model';
import type { PatternQueries } from '../../lambda/core/access-pattern';
import { type Item, keyOf } from '../../lambda/core/item';
import type { Database } from '../../lambda/core/ports';
import { queries } from '../../lambda/queries/queries';
import { type LocalAwsFixture, localAwsFixture } from '../local-aws-fixture';
import { MemoryDatabase } from '../memory/memory-database';
import { MemoryLedger } from '../memory/memory-ledger';
import { MemoryQueries } from '../memory/memory-queries';
import { TestClock } from '../memory/people';

/** The queries of the example, over tables that have its indexes. */
const model = modelFrom(transform, { legacy: ['id'], target: ['pk', 'sk'] });
const INDEXES = {
  legacy: { byCountry: ['country', 'name'] },
  target: { byCountryPopulation: ['country', 'population'] },
} as const;

interface Side {
  readonly database: Database;
  readonly queries: PatternQueries;
}

/** Sixty cities and a canary on both sides; of some only a part. */
async function filled(store: Side): Promise<Item[]> {
  const cities = legacyCities(60).map(toWire);
  const lacking = (name: string, item: Item) => Object.fromEntries(Object.entries(item).filter(([key]) => key !== name));
  const some = [
    ...cities.slice(0, 58),
    lacking('population', cities[58] as Item),
    lacking('name', cities[59] as Item),
    model.canary(7),
  ];
  await store.database.insertAbsent('legacy', some);
  await store.database.insertAbsent('target', some.flatMap(model.up));
  return some;
}

async function asked(store: Side) {
  const ledger = new MemoryLedger();
  const { generation } = await ledger.acquire('run-1', 'execution-1');
  const ports = { ...store, ledger, model, clock: new TestClock(), random: Math.random, remaining: () => 900_000 };
  return queries(ports, { run: 'run-1', generation, stage: 0, queries: { names: QUERIES, sample: 100, observeOnly: true } });
}

const CASES: Readonly<Record<string, (store: Side) => Promise<void>>> = {
  'give the same answer where the target is up(legacy)': async (store) => {
    const cities = await filled(store);
    const [byCountry, byId] = await asked(store);
    expect(byCountry).toMatchObject({ pattern: 'citiesOfCountry', verdict: 'successful', differences: [] });
    expect(byId).toMatchObject({ pattern: 'city', verdict: 'successful', compared: cities.length - 1 });
  },

  'give another where a city is missing, or has another population': async (store) => {
    const [first, second] = (await filled(store)).map(model.up);
    const profile = first?.[0] as Item;
    await store.database.write([
      { do: 'put', side: 'target', item: { ...profile, population: { N: '1' } } },
      { do: 'delete', side: 'target', key: keyOf(second?.[0] as Item, model.schemas.target) },
    ]);
    const [byCountry, byId] = await asked(store);
    expect(byCountry).toMatchObject({ verdict: 'failed', different: 2 });
    expect(byCountry?.differences).toContainEqual(
      expect.objectContaining({ legacyOnly: 1, targetOnly: 1, attributes: ['population'] }),
    );
    expect(byId).toMatchObject({ verdict: 'failed', different: 2 });
  },
};

describe('in memory', () => {
  const store = () => {
    const database = new MemoryDatabase(model.schemas);
    return { database, queries: new MemoryQueries(database, { ...INDEXES.legacy, ...INDEXES.target }) };
  };
  it.each(Object.entries(CASES))('both sides %s', (_, run) => run(store()));
});

describe('on local AWS', () => {
  let fixture: LocalAwsFixture;
  beforeAll(async () => {
    fixture = await localAwsFixture();
  }, 120_000);
  afterAll(() => fixture?.stop());

  const store = async () => {
    const tables = await fixture.createTables(model.schemas, ['population'], INDEXES);
    return {
      database: dynamoDatabase(fixture.client, tables, model.schemas),
      queries: new DynamoQueries(fixture.client, tables),
      tables,
    };
  };

  it.each(Object.entries(CASES))('both sides %s', async (_, run) => run(await store()), 30_000);

  it('every sort condition finds what it says, on a table and on an index', async () => {
    const { queries: asking, tables } = await store();
    for (const name of ['Aalst', 'Brugge', 'Brussel', 'Gent']) {
      const Item = { id: { S: name }, country: { S: 'BE' }, name: { S: name } };
      await fixture.client.send(new PutItemCommand({ TableName: tables.legacy, Item }));
    }
    const found = async (
      is: 'equals' | 'below' | 'atMost' | 'above' | 'atLeast' | 'beginsWith' | 'between',
      ...names: string[]
    ) => {
      const sort = { attribute: 'name', is, values: names.map((S) => ({ S })) };
      const { items } = await asking.page('legacy', {
        index: 'byCountry',
        partition: { country: { S: 'BE' } },
        sort,
        descending: true,
      });
      return items.map(({ id }) => (id as { S: string }).S.slice(0, 3)).join(' ');
    };
    expect(await found('equals', 'Gent')).toBe('Gen');
    expect(await found('below', 'Brussel')).toBe('Bru Aal');
    expect(await found('atMost', 'Brussel')).toBe('Bru Bru Aal');
    expect(await found('above', 'Brussel')).toBe('Gen');
    expect(await found('atLeast', 'Brussel')).toBe('Gen Bru');
    expect(await found('beginsWith', 'Br')).toBe('Bru Bru');
    expect(await found('between', 'Aalst', 'Brussel')).toBe('Bru Bru Aal');
    const page = await asking.page('legacy', { partition: { id: { S: 'Gent' } }, descending: false, limit: 1 });
    expect(page.items).toHaveLength(1);
  });

  it('an index that is not there is an error by name', async () => {
    const { queries: asking } = await store();
    const query = { index: 'gone', partition: { country: { S: 'BE' } }, descending: false };
    await expect(asking.page('legacy', query)).rejects.toMatchObject({ name: 'QueryFailed' });
  });
});
