import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Field } from '../lambda/core/event-field';
import { EVENT_KINDS, type EventKindSpec } from '../lambda/core/event-kinds';
import { eventSchema, publishedFields } from '../lambda/core/event-schema';

/** Documents of the events, made of the table of kinds: `npx tsx bin/document-events.ts` writes them, and a test compares. */
export const SCHEMA = join(__dirname, '..', 'docs', 'events.schema.json');
export const TEXT = join(__dirname, '..', 'docs', 'events.md');

/** Between these two lines of the text is the table. */
const FROM = '<!-- kinds: made by bin/document-events.ts -->';
const TO = '<!-- end of kinds -->';

/** The text as it should be, with the table as it is now. */
export function eventText(text: string): string {
  const [before, rest] = text.split(FROM);
  const after = rest?.split(TO)[1];
  if (before === undefined || after === undefined) throw new Error(`${TEXT} has lost the lines "${FROM}" and "${TO}".`);
  return `${before}${FROM}\n${kindsTable()}\n${TO}${after}`;
}

function kindsTable(): string {
  const rows = Object.entries<EventKindSpec>(EVENT_KINDS).map(([kind, spec]) => {
    const fields = Object.entries(publishedFields(spec)).map(([name, field]) => `\`${name}\`${typeOf(field)}`);
    return `| \`${kind}\` | ${spec.name} | ${spec.about} | ${fields.join(', ')} |`;
  });
  return ['| kind | `detail-type` | when | `data` |', '|---|---|---|---|', ...rows].join('\n');
}

/** A question mark after what is not always there; the type where it is no text and no number. */
function typeOf({ schema, optional }: Field): string {
  const kind = schema.enum ? ` (${(schema.enum as string[]).map((one) => `\`${one}\``).join(', ')})` : '';
  const list = schema.type === 'array' ? ' [ ]' : schema.type === 'object' ? ' { }' : '';
  return `${optional ? '?' : ''}${kind}${list}`;
}

if (require.main === module) {
  writeFileSync(SCHEMA, JSON.stringify(eventSchema()));
  writeFileSync(TEXT, eventText(readFileSync(TEXT, 'utf8')));
  execFileSync('npx', ['biome', 'format', '--write', SCHEMA]);
}
