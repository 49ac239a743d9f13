import { keepToken } from '../../lambda/core/waiting';
import { MemoryLedger } from '../memory/memory-ledger';

const FIRST = '2026-11-24T03:00:00Z';
const SECOND = '2026-11-24T03:00:00.001Z';

async function kept(...tries: (readonly [token: string, entered: string | undefined, attempt: number])[]) {
  const ledger = new MemoryLedger();
  const answers = [];
  for (const [token, entered, attempt] of tries) answers.push(await keepToken(ledger, 'note', { token, entered, attempt }));
  return { answers, token: (await ledger.note('note'))?.token };
}

test.each<[string, Parameters<typeof kept>, boolean[], string]>([
  [
    'the next try',
    [
      ['a', FIRST, 0],
      ['b', FIRST, 1],
    ],
    [true, true],
    'b',
  ],
  [
    'a try that was given up, and comes late',
    [
      ['b', FIRST, 1],
      ['a', FIRST, 0],
    ],
    [true, false],
    'b',
  ],
  [
    'the state entered again, whose tries are counted anew',
    [
      ['a', FIRST, 3],
      ['b', SECOND, 0],
    ],
    [true, true],
    'b',
  ],
  [
    'a late try of an earlier entry, however often it was tried',
    [
      ['b', SECOND, 0],
      ['a', FIRST, 12],
    ],
    [true, false],
    'b',
  ],
  [
    'the tenth try, which is later than the ninth',
    [
      ['b', FIRST, 10],
      ['a', FIRST, 9],
    ],
    [true, false],
    'b',
  ],
  [
    'a try that is not told when, of an older workflow',
    [
      ['a', FIRST, 0],
      ['b', undefined, 0],
    ],
    [true, true],
    'b',
  ],
])('%s', async (_, tries, answers, token) => {
  expect(await kept(...tries)).toEqual({ answers, token });
});
