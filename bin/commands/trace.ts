import type { Journey } from '../../lambda/core/journey';
import { EXIT, misused, refused } from '../operator/failure';
import { journeyText } from '../operator/journey-text';
import type { Command } from './command';

/** The journey of one document. */
export const trace: Command = {
  about: 'the journey of one document: both tables, stamps, streams, ledger and traces',
  words: ['KEY'],
  options: {
    side: { value: 'SIDE', about: 'legacy or target: whose key it is, where both tables have the same key attributes' },
    values: { about: 'tells the values of items, too: they are data of users' },
  },
  details:
    'KEY is JSON: the key attributes of either table, such as \'{"id": "42"}\'. Numbers of more than 15 digits and binary keys in ' +
    'DynamoDB\'s JSON: \'{"id": {"N": "12345678901234567890"}}\'. It changes nothing. Streams go back for 24 hours; it reads them for 20 seconds.',
  async run(context) {
    const { words, options } = context;
    const key = keyOf(words[0] as string);
    const { side } = options;
    if (side !== undefined && side !== 'legacy' && side !== 'target') throw misused('--side is legacy or target.');
    const change = await context.change();
    const { trace: fn } = change.configuration.functions;
    if (!fn) throw refused('This change moves queries and changes no document, so there is no journey to tell.');
    const input = { key, ...(side ? { side } : {}), ...(options.values ? { values: true } : {}) };
    const journey = await change.call<Journey>(fn, input);
    const differs = journey.agreement.verdict === 'diverged';
    return { data: journey, lines: journeyText(journey), ...(differs ? { exit: EXIT.no } : {}) };
  },
};

function keyOf(text: string): Record<string, unknown> {
  try {
    const key: unknown = JSON.parse(text);
    if (typeof key === 'object' && key !== null && !Array.isArray(key)) return key as Record<string, unknown>;
  } catch {
    // Said below.
  }
  throw misused(`KEY is a JSON object of key attributes, such as '{"id": "42"}', and not ${text}.`);
}
