import { readFileSync } from 'node:fs';
import Ajv from 'ajv';
import { eventText, SCHEMA, TEXT } from '../../bin/document-events';
import { EVENT_KINDS, EVENT_SOURCE, OTHER_EVENT } from '../../lambda/core/event-kinds';
import { eventSchema } from '../../lambda/core/event-schema';

test('kinds, and what they are called, are contract', () => {
  expect([
    EVENT_SOURCE,
    OTHER_EVENT,
    Object.entries(EVENT_KINDS).map(([kind, { name }]) => `${kind}: ${name}`),
  ]).toMatchSnapshot();
});

test('no two kinds have one name, and EventBridge takes each', () => {
  const names = Object.values(EVENT_KINDS).map(({ name }) => name as string);
  expect(new Set([...names, OTHER_EVENT]).size).toBe(names.length + 1);
  expect(names.filter((name) => name.length > 128)).toEqual([]);
});

test('the documents are as the table says: otherwise run npx tsx bin/document-events.ts', () => {
  const text = readFileSync(TEXT, 'utf8');
  expect(text).toBe(eventText(text));
  expect(JSON.parse(readFileSync(SCHEMA, 'utf8'))).toEqual(eventSchema());
});

test('what is promised is required, unless the event was too large; what is new is allowed', () => {
  const validate = new Ajv({ strictTypes: false, strictRequired: false }).compile(JSON.parse(readFileSync(SCHEMA, 'utf8')));
  const detail = {
    format: 1,
    migration: 'orders',
    run: 'run-1',
    seq: 1,
    at: '2026-11-20T12:00:00.000Z',
    kind: 'paused',
    data: {},
  };
  const is = (more: object, detailType = 'Rollout Paused') =>
    validate({ source: EVENT_SOURCE, 'detail-type': detailType, account: '1', detail: { ...detail, ...more } });
  const data = { generation: 1, reason: 'odd', severity: 'new' };
  expect([is({ data }), is({ data, trace: 'new' }), is({ truncated: true })]).toEqual([true, true, true]);
  expect([is({}), is({ data: { ...data, generation: 0 } }), is({ data, format: 2 }), is({ data }, 'Rollout Begun')]).toEqual([
    ...[false, false, false, false],
  ]);
  expect([is({ kind: 'of-tomorrow' }, OTHER_EVENT), is({ data }, 'Something')]).toEqual([true, false]);
});
