import type { Item } from '../../lambda/core/item';
import { Survey } from '../../lambda/core/survey';
import type { MemoryLedger } from '../memory/memory-ledger';
import { people, person } from '../memory/people';
import { scene } from './scene';

const event = async (ledger: MemoryLedger) => (await ledger.events()).filter(({ kind }) => kind === 'compatibility');

test('a table that fits: every item of a small one is looked at, and the ledger says so', async () => {
  const { ledger, look } = await scene(120);
  const findings = await look();
  expect(findings).toMatchObject({ examined: 120, incompatible: 0, problems: [], nearLimit: 0, wideNumbers: 0, drift: [] });
  expect(findings.largest).toBeGreaterThan(10);
  expect((await event(ledger)).map(({ data }) => data)).toEqual([{ stage: 1, observeOnly: false, findings }]);
});

test('of a large one, some from each of several places', async () => {
  const { database, look } = await scene(5000, 20_000);
  const segments = new Set<number>();
  const scan = database.scan.bind(database);
  database.scan = (side, request) => {
    segments.add(request.segment);
    return scan(side, request);
  };
  const { examined } = await look({ random: Math.random }, { sample: 50, observeOnly: false });
  expect([examined, segments.size]).toEqual([50, 5]);
});

describe('an item that does not fit', () => {
  const CASES: readonly [what: string, item: Item, told: RegExp][] = [
    ['that up throws on', person('x', 'poison'), /no such name/],
    ['that does not come back', { ...person('x', 'a'), age: { N: '7' } }, /down\(up\(item\)\) is not the same item/],
    ['that grows too large', person('x', 'a'.repeat(409_500)), /over 409600/],
  ];

  it.each(CASES)('%s fails the gate, by its key', async (_, item, told) => {
    const { database, ledger, look } = await scene(3);
    database.put('legacy', item);
    await expect(look()).rejects.toMatchObject({ name: 'GateFailed', message: expect.stringMatching(told) });
    await expect(look()).rejects.toThrow(
      /^Gate compatibility of stage 1: 1 of 4 items do not fit the transform. Legacy item id=x/,
    );
    expect(await event(ledger)).toHaveLength(1);
  });

  it('is only told where the gate observes', async () => {
    const { database, look } = await scene(3);
    database.put('legacy', person('x', 'poison'));
    expect(await look({}, { sample: 10, observeOnly: true })).toMatchObject({ examined: 4, incompatible: 1 });
  });

  it('is found where up gives something else each time', async () => {
    const { look } = await scene(2);
    let n = 0;
    const model = { ...people, up: (item: Item) => people.up(item).map((child) => ({ ...child, n: { N: `${n++}` } })) };
    await expect(look({ model })).rejects.toThrow(/up\(\) makes something else of it the second time/);
  });
});

test('no items are no proof, and a run that was taken over looks at nothing', async () => {
  const { look } = await scene(0);
  await expect(look()).rejects.toMatchObject({ name: 'NotMeasured' });
  expect(await look({}, { sample: 10, observeOnly: true })).toMatchObject({ examined: 0 });
  const other = await scene(1);
  await other.ledger.release(other.generation);
  await expect(other.look()).rejects.toMatchObject({ name: 'LeaseLost' });
});

test('ends before its time is up, and does not take what it has seen for enough', async () => {
  const { ledger, look } = await scene(1500, 1500);
  const hurried = () => {
    let asked = 0;
    return { remaining: () => (asked++ < 3 ? 900_000 : 30_000) };
  };
  await expect(look(hurried())).rejects.toMatchObject({
    name: 'NotMeasured',
    message: expect.stringContaining('time for 30 items only'),
  });
  expect(await event(ledger)).toEqual([]);
  expect(await look(hurried(), { sample: 1000, observeOnly: true })).toMatchObject({ examined: 30, isWhole: false });
});

test('where segments are empty the sample comes from others', async () => {
  const { look } = await scene(100, 200_000);
  expect(await look({ random: Math.random }, { sample: 90, observeOnly: false })).toMatchObject({ examined: 90, isWhole: true });
});

test('a survey counts what is worth a look: sizes, long numbers, attributes of several types', () => {
  const survey = new Survey();
  const child = (bytes: number): Item => ({ v: { S: 'x'.repeat(bytes) } });
  survey.add({ id: { S: 'a' }, n: { N: '1' }, m: { NULL: true } }, { problems: [], children: [child(10), child(380_000)] });
  survey.add({ id: { S: 'b' }, n: { S: 'one' }, m: { S: 'x' } }, { problems: ['wrong'], children: [] });
  survey.add(
    { id: { S: 'c' }, deep: { L: [{ M: { x: { NS: ['1', '0.12345678901234567'] } } }] } },
    { problems: [], children: [] },
  );
  survey.add({ id: { S: 'd' }, n: { N: '123456789012345000000' } }, { problems: [], children: [] });
  expect(survey.findings(true)).toEqual({
    ...{ examined: 4, incompatible: 1, problems: ['wrong'], nearLimit: 1, largest: 380_001, wideNumbers: 1 },
    drift: [{ attribute: 'n', types: { N: 2, S: 1 } }],
    isWhole: true,
  });
});
