import { stripVTControlCharacters } from 'node:util';
import type { Context } from '../../bin/commands/command';
import { trace as command } from '../../bin/commands/trace';
import type { TraceInput } from '../../lambda/core/journey';
import { stamped } from '../../lambda/core/stamp';
import { keyDigest, tracesNote } from '../../lambda/core/tracing';
import { trace } from '../../lambda/trace/trace';
import { person, profile } from '../memory/people';
import { scene } from '../trace/scene';

const { raw, ledger, ports } = scene();

/** Runs the command against the function in memory. */
async function run(word: string, options: Context['options'] = {}, functions: object = { trace: 'trace-function' }) {
  const call = async (_: string, event: unknown) => JSON.parse(JSON.stringify(await trace(ports, event as TraceInput)));
  const context = { words: [word], options, change: async () => ({ configuration: { functions }, call }) };
  const { lines, exit } = await command.run(context as unknown as Context);
  return { said: stripVTControlCharacters(lines.join('\n')), exit };
}

beforeAll(async () => {
  raw.put('legacy', person('p1', 'secret', { token: 'token-of-p1' }));
  raw.put('target', profile('p1', 'secret', 'token-of-p1', 'forward'));
  raw.put('legacy', person('p2', 'a', { token: 't2' }));
  raw.put('target', stamped({ ...profile('p2', 'b'), age: { N: '1' } }, 't2', 'client'));
  raw.put('legacy', person('p3', 'poison', { token: 't3' }));
  await ledger.append('run-1', 'poison', {
    key: 'id=p3',
    error: 'TransformFailed',
    direction: 'forward',
    revision: 1,
    side: 'legacy',
    cause: 'It throws.',
  });
  const sample = { key: keyDigest({ id: { S: 'p1' } }), trace: '1-abc', at: '2026-01-01T00:00:00Z', sequence: '5' };
  await ledger.saveNote(tracesNote('forward'), { samples: [{ ...sample, outcome: 'changed' }] });
});

test('tells where a document stands, its items, its changes and its traces', async () => {
  const { said, exit } = await run('{"id":"p1"}');
  expect(exit).toBeUndefined();
  expect(said).toMatch(/^id=p1 {2}legacy$/m);
  expect(said).toMatch(/stands +shadow; legacy is the truth +\(routing key p1, bucket \d+, table 1\)/);
  expect(said).toMatch(/agreement +same/);
  expect(said).toMatch(/target +pk=P#p1,sk=PROFILE +forward +token-of-p1/);
  expect(said).toMatch(/inserted {2}id=p1 {2}client/);
  expect(said).toContain('2026-01-01T00:00:00Z  forward  changed  1-abc');
  expect(said).not.toContain('secret');
});

test('values are told where they are asked for', async () => {
  expect((await run('{"id":"p1"}', { values: true })).said).toContain('"name":{"S":"secret"}');
});

test('a document that differs is an honest no, with what differs', async () => {
  const { said, exit } = await run('{"id":"p2"}');
  expect(exit).toBe(5);
  expect(said).toMatch(/agreement +diverged/);
  expect(said).toContain('pk=P#p2,sk=PROFILE  different: age, name');
});

test('one that cannot be carried is told with what the transform and the ledger say', async () => {
  const { said } = await run('{"id":"p3"}');
  expect(said).toMatch(/up +TransformFailed: .*no such name/);
  expect(said).toMatch(/run-1 {2}poison {2}\{"key":"id=p3"/);
});

test.each(['id=p1', '[]', '"p1"', '{'])('%s is no key', async (word) => {
  await expect(run(word)).rejects.toMatchObject({ exit: 2, message: expect.stringContaining('KEY is a JSON object') });
});

test('a side is one of two, and a change of queries has no documents', async () => {
  await expect(run('{"id":"p1"}', { side: 'left' })).rejects.toMatchObject({ exit: 2 });
  await expect(run('{"id":"p1"}', {}, {})).rejects.toMatchObject({ exit: 3 });
});
