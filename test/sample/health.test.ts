import type { Alarm } from '../../lambda/core/control';
import type { MetricGate } from '../../lambda/core/gate';
import { convalesce, type HealthPorts, lookAfter } from '../../lambda/sample/health';
import { MemoryLedger } from '../memory/memory-ledger';

const MINUTE = 60_000;
const BEGAN = 100 * MINUTE;
const ENDED = 200 * MINUTE;

const GATE: MetricGate = {
  ...{ kind: 'metric', id: 'p99', queries: [{ Id: 'gate' }], period: 60, windows: 3, breaching: 1, failOnMissing: false },
  ...{ bound: { kind: 'above-baseline', percent: 10, seconds: 3600 }, observeOnly: false, inconclusiveBudget: 2, errorBudget: 1 },
};

/** A rollback that has arrived; the metric was 10 before the run, and is what `now` says since. */
async function patient(now: (minute: number) => number | undefined, gates = [GATE]) {
  let time = ENDED;
  const ledger = new MemoryLedger(() => time);
  const { generation } = await ledger.acquire('run-1', 'execution-1');
  await ledger.release(generation);
  const alarms: Alarm[] = [{ name: 'lag', state: 'OK', actionsEnabled: true }];
  const ports: HealthPorts = {
    ledger,
    triggers: ['lag'],
    alarms: { describe: async () => alarms },
    clock: { now: () => time, sleep: async () => {} },
    metrics: {
      values: async (_, from, to) => {
        const values = new Map<number, number>();
        for (let at = from; at < to; at += MINUTE) {
          const value = at < BEGAN ? 10 : now((at - ENDED) / MINUTE);
          if (value !== undefined) values.set(at, value);
        }
        return values;
      },
    },
  };
  await convalesce(ledger, { run: 'run-1', generation, began: BEGAN, since: ENDED, gates });
  const pass = async (minutes: number) => {
    for (let n = 0; n < minutes; n++) {
      time += MINUTE;
      await lookAfter(ports);
    }
  };
  const told = async () => (await ledger.events()).map(({ kind, data }) => ({ kind, ...data }));
  return { ledger, alarms, pass, told };
}

test('says when the metrics have been where they were before the run, for five minutes', async () => {
  const { pass, told } = await patient((minute) => (minute < 10 ? 30 : 10.5));
  await pass(15);
  expect(await told()).toEqual([]);
  await pass(20);
  expect(await told()).toEqual([{ kind: 'health-restored', generation: 1, seconds: 18 * 60, complaints: [] }]);
});

test('a relapse begins the five minutes anew', async () => {
  const { alarms, pass, told } = await patient(() => 10);
  await pass(5);
  expect(await told()).toEqual([]);
  alarms[0] = { ...(alarms[0] as Alarm), state: 'ALARM' };
  await pass(1);
  alarms[0] = { ...(alarms[0] as Alarm), state: 'OK' };
  await pass(4);
  expect(await told()).toEqual([]);
  await pass(1);
  expect(await told()).toEqual([expect.objectContaining({ kind: 'health-restored', seconds: 11 * 60 })]);
});

test.each<[string, (minute: number) => number | undefined, RegExp]>([
  ['stay beyond', () => 30, /Metric p99: 3 of 3 windows are above 11/],
  ['are not measured any more', () => undefined, /Metric p99: There is no data yet/],
])('says after two hours that metrics %s', async (_, now, complaint) => {
  const { pass, told } = await patient(now);
  await pass(130);
  const [event, ...more] = await told();
  expect(event).toMatchObject({ kind: 'health-not-restored', seconds: 120 * 60, complaints: [expect.stringMatching(complaint)] });
  expect(more).toEqual([]);
});

test('without metrics the alarms decide, and an alarm without data is not well', async () => {
  const { alarms, pass, told } = await patient(() => 10, []);
  alarms[0] = { ...(alarms[0] as Alarm), state: 'INSUFFICIENT_DATA' };
  await pass(10);
  expect(await told()).toEqual([]);
  alarms[0] = { ...(alarms[0] as Alarm), state: 'OK' };
  await pass(5);
  expect(await told()).toMatchObject([{ kind: 'health-restored' }]);
});

test('the next run ends it', async () => {
  const { ledger, pass, told } = await patient(() => 30);
  const { generation } = await ledger.acquire('run-2', 'execution-2');
  await pass(1);
  await ledger.release(generation);
  await pass(130);
  expect(await told()).toEqual([]);
});
