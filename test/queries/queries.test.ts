import type { QueryDefinition } from '../../lambda/client/query-definition';
import type { Item } from '../../lambda/core/item';
import type { MemoryLedger } from '../memory/memory-ledger';
import { byId, oldest, resident, scene } from './scene';

const told = async (ledger: MemoryLedger) => (await ledger.events()).filter(({ kind }) => kind === 'queries');

test('what both sides answer alike passes: every question once, without canaries and stamps, and the ledger has it', async () => {
  const { ledger, asking, clock, ask } = await scene();
  const before = clock.now();
  const findings = await ask(['inTown', 'byId', 'oldest']);
  expect(findings.map(({ pattern, verdict, compared }) => [pattern, verdict, compared])).toEqual([
    ['inTown', 'successful', 2],
    ['byId', 'successful', 10],
    ['oldest', 'successful', 2],
  ]);
  expect(clock.now()).toBe(before);
  expect((await told(ledger)).map(({ data }) => data)).toEqual([{ stage: 2, observeOnly: false, findings }]);
  const { asked } = asking;
  expect(await ask(['inTown', 'byId', 'oldest'])).toEqual(findings);
  expect(asking.asked).toBe(asked);
});

test('no more questions than the sample asks for', async () => {
  const { ask } = await scene();
  expect(await ask(['byId'], { sample: 3 })).toMatchObject([{ compared: 3 }]);
});

describe('an answer that stays different', () => {
  const damaged = async (observeOnly = false) => {
    const { database, ledger, ask } = await scene();
    database.put('target', { pk: { S: 'P#r4' }, name: { S: 'somebody' }, age: { N: '4' }, town: { S: 'Ghent' } });
    return { ledger, asked: () => ask(['inTown', 'byId', 'oldest'], { observeOnly }) };
  };

  it('fails the gate, by pattern, params and attributes, without values', async () => {
    const { asked, ledger } = await damaged();
    const failure = await asked().catch((error) => error);
    expect(failure).toMatchObject({ name: 'GateFailed', data: { patterns: ['inTown', 'byId'] } });
    expect(failure.message).toMatch(
      /^Gate queries of stage 2: inTown: 1 of 2 questions .* with town of the legacy item id=r\d: only in legacy: 1, only in the target: 1; attributes: name\. The ledger .* byId: 1 of 10/,
    );
    expect(failure.message).not.toMatch(/Ghent|somebody/);
    expect(JSON.stringify(await told(ledger))).not.toMatch(/Ghent|somebody/);
    await expect(asked()).rejects.toMatchObject({ name: 'GateFailed' });
  });

  it('is only told where the gate observes', async () => {
    const { asked } = await damaged(true);
    expect(await asked()).toMatchObject([{ verdict: 'failed', different: 1 }, { verdict: 'failed' }, { verdict: 'successful' }]);
  });

  it('is found where only the order is another', async () => {
    const youngest = { ...oldest, target: () => ({ index: 'byTownAge', partition: { town: 'Ghent' } }), limit: undefined };
    const { ask } = await scene({
      turned: { ...youngest, legacy: () => ({ index: 'byTownAge', partition: { town: 'Ghent' }, descending: true }) },
    });
    await expect(ask(['turned'])).rejects.toThrow(/in another order: 4/);
  });
});

test('changes that are under way fail nothing: each look finds another one, or none', async () => {
  const { model, database, clock, ask } = await scene();
  let changes = 0;
  const change = () => {
    for (const child of model.up(resident('r4', 100 + changes))) database.put('target', child);
    database.put('legacy', resident('r4', 100 + ++changes));
  };
  clock.woken = change;
  change();
  expect(await ask(['byId'])).toMatchObject([{ verdict: 'successful', compared: 10 }]);
  expect(changes).toBeGreaterThan(0);
});

test('what comes to agree is not looked at any more', async () => {
  const { model, database, clock, ask } = await scene();
  const late = resident('r4', 50);
  database.put('legacy', late);
  clock.woken = () => void database.put('target', model.up(late)[0] as Item);
  const before = clock.now();
  expect(await ask(['byId'])).toMatchObject([{ verdict: 'successful', compared: 10 }]);
  expect(clock.now() - before).toBe(5000);
});

describe('what cannot be asked', () => {
  it('a name that the transform does not have', async () => {
    const { ask } = await scene();
    await expect(ask(['inTown', 'byStreet'])).rejects.toMatchObject({
      name: 'InvalidConfiguration',
      message: expect.stringMatching(/names byStreet, .* its queries are: inTown, byId, oldest\./),
    });
  });

  it('an index that is not there is an error of its own, and a function that throws', async () => {
    const lost = { ...byId, target: () => ({ index: 'gone', partition: { pk: 'x' } }) };
    const odd: QueryDefinition = { ...byId, legacyAnswer: () => [Math.random()] as never };
    const { ask, ledger } = await scene({ lost, odd });
    const asked = ask(['lost', 'odd']);
    await expect(asked).rejects.toMatchObject({
      name: 'QueryFailed',
      message: expect.stringMatching(/lost: There is no index gone/),
    });
    await expect(asked).rejects.toThrow(/queries\.odd\.legacyAnswer\(\) of transform residents-1 used randomness/);
    expect(await told(ledger)).toHaveLength(1);
  });

  it('is told, and ends nothing, where the gate observes', async () => {
    const { ask } = await scene({ lost: { ...byId, of: () => JSON.parse('{') } });
    expect(await ask(['lost'], { observeOnly: true })).toMatchObject([{ verdict: 'error', compared: 0 }]);
  });

  it('what may pass is thrown as it is, and nothing is written down', async () => {
    const { ask, ledger, database } = await scene();
    database.before = (call) => {
      if (call === 'query') throw Object.assign(new Error('slow down'), { name: 'ThrottlingException' });
    };
    await expect(ask(['byId'])).rejects.toMatchObject({ name: 'ThrottlingException' });
    expect(await told(ledger)).toEqual([]);
  });

  it('no item gives a question', async () => {
    const { ask } = await scene({ never: { ...byId, of: () => undefined } });
    await expect(ask(['never'])).rejects.toMatchObject({
      name: 'NotMeasured',
      message: expect.stringMatching(/No item of the sample/),
    });
  });

  it('no time is left, before a question or before a difference has stood', async () => {
    const { ask, database } = await scene();
    const late = { remaining: () => 59_000 };
    expect(await ask(['byId'], { ...late, observeOnly: true })).toMatchObject([{ verdict: 'inconclusive', compared: 0 }]);
    const other = await scene();
    other.database.remove('target', { pk: { S: 'P#r4' } });
    await expect(other.ask(['byId'], { remaining: () => 62_000 })).rejects.toMatchObject({
      name: 'NotMeasured',
      message: expect.stringMatching(/no time for 1 of 10 questions/),
    });
    expect(database.items('legacy')).toHaveLength(11);
  });

  it('a run that was taken over', async () => {
    const { ask, ledger, generation } = await scene();
    await ledger.release(generation);
    await expect(ask(['byId'])).rejects.toMatchObject({ name: 'LeaseLost' });
  });
});
