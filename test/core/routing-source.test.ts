import { RolloutError } from '../../lambda/core/errors';
import { RoutingSource } from '../../lambda/core/routing-source';
import { encodeFlag, initialTable } from '../../lambda/core/routing-table';

const LEASE = 60;
const POLL = 15;
const table = (revision: number) => encodeFlag(initialTable('run', LEASE, POLL, revision));

/** A source with clocks in seconds and an AppConfig that answers as told; undefined is "nothing new". */
class Fixture {
  now = 0;
  /** How far the time of day is ahead of the monotonic clock. */
  ahead = 0;
  questions = 0;
  answer: () => Promise<string | undefined> = async () => table(1);
  readonly source = new RoutingSource(
    () => {
      this.questions++;
      return this.answer();
    },
    () => this.now * 1000,
    () => (this.now + this.ahead) * 1000,
  );

  unreachable(): void {
    this.answer = () => Promise.reject(new Error('no route to host'));
  }
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

test('asks at the first use, and then not before it is time', async () => {
  const f = new Fixture();
  expect((await f.source.current()).revision).toBe(1);
  f.now = POLL - 1;
  await f.source.current();
  expect(f.questions).toBe(1);
});

test('when it is time it asks beside the use, which does not wait', async () => {
  const f = new Fixture();
  await f.source.current();
  f.now = POLL;
  f.answer = async () => table(2);
  expect((await f.source.current()).revision).toBe(1);
  await settle();
  expect((await f.source.current()).revision).toBe(2);
  expect(f.questions).toBe(2);
});

test('uses at the same time share one question', async () => {
  const f = new Fixture();
  await Promise.all([f.source.current(), f.source.current(), f.source.current()]);
  expect(f.questions).toBe(1);
});

test('nothing new renews the lease of the table that is held', async () => {
  const f = new Fixture();
  await f.source.current();
  f.answer = async () => undefined;
  for (f.now = POLL; f.now < 10 * LEASE; f.now += POLL) {
    expect((await f.source.current()).revision).toBe(1);
    await settle();
  }
});

test('an older table that comes back is taken: AppConfig has reverted', async () => {
  const f = new Fixture();
  f.answer = async () => table(2);
  await f.source.current();
  f.answer = async () => table(1);
  await f.source.refresh();
  expect((await f.source.current()).revision).toBe(1);
});

describe('the lease', () => {
  test('ends so many seconds after the question, not after the answer', async () => {
    const f = new Fixture();
    f.answer = async () => {
      f.now = 50;
      return table(1);
    };
    await f.source.current();
    f.unreachable();
    f.now = LEASE - 1;
    expect(f.source.leased().revision).toBe(1);
    f.now = LEASE;
    expect(() => f.source.leased()).toThrow(RolloutError);
    expect(f.source.held()).toBeUndefined();
  });

  test('ends by the time of day, too: a frozen process has no other clock', async () => {
    const f = new Fixture();
    await f.source.current();
    f.ahead = LEASE;
    expect(f.source.held()).toBeUndefined();
    expect((await f.source.current()).revision).toBe(1);
    expect(f.questions).toBe(2);
  });

  test('is not made longer by setting the time of day back', async () => {
    const f = new Fixture();
    await f.source.current();
    f.ahead = -1000;
    f.now = LEASE;
    expect(f.source.held()).toBeUndefined();
  });

  test('is not renewed by the late answer to a question of before the freeze: it asks again', async () => {
    const f = new Fixture();
    await f.source.current();
    let answerLate = (_: string | undefined) => {};
    f.answer = () => new Promise((resolve) => (answerLate = resolve));
    f.now = POLL;
    await f.source.current();
    f.now = 1000;
    const current = f.source.current();
    f.answer = async () => table(3);
    answerLate(undefined);
    expect((await current).revision).toBe(3);
    expect(f.questions).toBe(3);
  });

  test('an end says why, with the cause', async () => {
    const f = new Fixture();
    await f.source.current();
    f.unreachable();
    f.now = LEASE;
    await expect(f.source.current()).rejects.toMatchObject({
      name: 'LeaseExpired',
      message: expect.stringContaining('60 seconds old and may be used for 60'),
      cause: { message: 'no route to host' },
      data: { revision: 1, ageMilliseconds: 60_000 },
    });
  });
});

describe('without AppConfig', () => {
  test('it asks after 1, 2, 4 and 8 seconds, and then every 15, however often it is used', async () => {
    const f = new Fixture();
    f.unreachable();
    const asked: number[] = [];
    for (f.now = 0; f.now < 61; f.now += 0.25) {
      const before = f.questions;
      await expect(f.source.current()).rejects.toMatchObject({ name: 'LeaseExpired' });
      if (f.questions > before) asked.push(f.now);
    }
    expect(asked).toEqual([0, 1, 3, 7, 15, 30, 45, 60]);
  });

  test('the table is used until its lease ends, and again as soon as AppConfig answers', async () => {
    const f = new Fixture();
    await f.source.current();
    f.unreachable();
    for (f.now = POLL; f.now < LEASE; f.now += 1) {
      expect((await f.source.current()).revision).toBe(1);
      await settle();
    }
    expect(f.questions).toBeLessThan(10);
    f.answer = async () => table(2);
    f.now = LEASE + 15;
    expect((await f.source.current()).revision).toBe(2);
    expect(f.source.status()).toMatchObject({ leased: true, failure: undefined });
  });

  test.each([[''], [undefined]])('a first answer of %j says that no table has come', async (answer) => {
    const f = new Fixture();
    f.answer = async () => answer;
    await expect(f.source.current()).rejects.toMatchObject({
      name: 'LeaseExpired',
      message: expect.stringContaining('No routing table has come'),
      cause: { name: 'InvalidConfiguration' },
    });
  });
});

describe('a table that cannot be read', () => {
  test('does not renew the lease of the one before, nor does "nothing new" after it', async () => {
    const f = new Fixture();
    await f.source.current();
    f.answer = async () => '{}';
    f.now = POLL;
    await f.source.refresh();
    f.answer = async () => undefined;
    for (; f.now < LEASE; f.now += 1) {
      expect((await f.source.current()).revision).toBe(1);
      await settle();
    }
    f.now = LEASE;
    await expect(f.source.current()).rejects.toMatchObject({ name: 'LeaseExpired', cause: { name: 'InvalidConfiguration' } });
  });

  test('is forgotten when one comes that can', async () => {
    const f = new Fixture();
    f.answer = async () => '{}';
    await expect(f.source.current()).rejects.toMatchObject({ name: 'LeaseExpired' });
    f.answer = async () => table(4);
    f.now = 2;
    expect((await f.source.current()).revision).toBe(4);
  });
});

test('its status tells what is known, without asking', async () => {
  const f = new Fixture();
  expect(f.source.status()).toEqual({ table: undefined, leased: false, age: Number.POSITIVE_INFINITY, failure: undefined });
  await f.source.current();
  f.now = 5;
  expect(f.source.status()).toMatchObject({ table: { revision: 1 }, leased: true, age: 5000 });
  expect(f.questions).toBe(1);
});
