import * as fc from 'fast-check';
import type { ReportData } from '../../bin/report/data';
import { bytes, duration, number, shortArn } from '../../bin/report/format';
import { html } from '../../bin/report/html';
import { report } from '../../bin/report/page';
import type { Event } from '../../lambda/core/ledger';
import { completed, FIRST_RUN, nothingYet, rolledBack, SECOND_RUN, underWay } from './fixture';

/** The page without its style and its charts' numbers, as a reader has it. */
async function read(data: ReportData): Promise<string> {
  const text = (await report(data)).replace(/<(style|svg)[\s\S]*?<\/\1>/g, '');
  return text.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
}

test('the same data is the same page, which needs nothing from elsewhere and no script', async () => {
  const page = await report(rolledBack());
  expect(await report(rolledBack())).toBe(page);
  expect(page).not.toMatch(/<script|<link|<img|<iframe|@import|url\(|\son\w+=/i);
  expect(page.match(/https?:\/\/[^\s"']+/g)?.filter((url) => !url.startsWith('http://www.w3.org/'))).toEqual([]);
  expect(page.length).toBeLessThan(400_000);
});

test('what the change board asks is there', async () => {
  const text = await read(rolledBack());
  for (const fact of [
    ...['CitiesV2 rolled back', 'cities-1', 'CHG-2041', '2026-11-cities-v2', '41d7aa', 'rollout-operator/maria'],
    ...['59 min 24 s', 'not restored', 'Alarm checkout is in ALARM', 'search-team', 'broken', '7 h 24 min'],
    ...[
      '12,981,400',
      '648,220',
      'reads old 51,204, new 50,988',
      '5.31 GB',
      'cities-2',
      `${FIRST_RUN.length + SECOND_RUN.length} entries, chain of hashes whole`,
    ],
  ]) {
    expect(text).toContain(fact);
  }
});

test('what was not measured says so, and is no zero', async () => {
  const text = await read(completed());
  expect(text).toContain('Longest lag not measured');
  expect(text.match(/Not measured: CloudWatch has no values/g)).toHaveLength(3);
  expect(text).toContain('No work on items is on record.');
});

test('a run that is not over is told as far as it is known', async () => {
  const text = await read(underWay());
  expect(text).toMatch(/Post-implementation review, so far/);
  expect(text).toContain('The run is not over: this is what is known after 1 d 12 h. 1 of 4 stages passed.');
  expect(text).toContain('As of 2026-11-03 20:00:00');
  expect(text).toContain('pilot under way');
});

test('where there is no run, or not that one, the page says so', async () => {
  expect(await read(nothingYet())).toContain('No run of this migration was ever begun.');
  expect(await read({ ...rolledBack(), run: 'other' })).toContain('The ledger knows no run other.');
});

test('a ledger that was tampered with is named before anything else is believed', async () => {
  const data = rolledBack();
  const events = data.events.map((event) => (event.seq === 9 ? { ...event, who: 'nobody' } : event));
  expect(await read({ ...data, events })).toContain('tampered entry 9 does not follow');
});

/** Every text of a value replaced, names and structure left. */
function poisoned(value: unknown, text: string): unknown {
  if (typeof value === 'string') return text;
  if (Array.isArray(value)) return value.map((part) => poisoned(part, text));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, poisoned(part, text)]));
}

const MARK = 'q7z';

test('whatever a text contains, no tag and no attribute comes of it', async () => {
  const nasty = fc.constantFrom(
    '<b q7z>',
    '"><img q7z onerror=1>',
    "' q7z='",
    '</title><q7z>',
    '</style><q7z>',
    '&lt;q7z',
    ']]><q7z>',
    '\n<q7z',
    '$&<q7z>',
    '\u0000<q7z>',
  );
  await fc.assert(
    fc.asyncProperty(fc.oneof(nasty, fc.tuple(nasty, fc.string({ unit: 'binary' }))), async (drawn) => {
      const text = [drawn].flat().join('');
      const data = rolledBack();
      const bad = (event: Event) => ({ ...event, who: text, data: poisoned(event.data, text) as Event['data'] });
      // What a switch looks at stays; what anybody may write is replaced.
      const page = await report({
        ...data,
        migration: text,
        events: data.events.map(bad),
        work: data.work.map((work) => ({ ...work, phase: text })),
      });
      const tags = page.match(/<[a-z!/][^>]*>/gi) ?? [];
      const outside = tags.map((tag) => tag.replace(/"[^"]*"/g, '""'));
      expect(outside.filter((tag) => tag.includes(MARK))).toEqual([]);
    }),
    { numRuns: 12 },
  );
}, 120_000);

test('a template escapes texts, keeps pieces, joins lists, and leaves out what is absent', () => {
  expect(html`<p title="${'a"b'}">${'<i>'}${html`<b>`}${[1, '&']}${undefined}${false}</p>`.text).toBe(
    '<p title="a&quot;b">&lt;i&gt;<b>1&amp;</p>',
  );
});

test('numbers and times as people read them', () => {
  expect([0, 59_000, 60_000, 5_430_000, 90_000_000].map(duration)).toEqual(['0 s', '59 s', '1 min', '1 h 30 min', '1 d 1 h']);
  expect([0, 1.234, 11.44, 1234567].map(number)).toEqual(['0', '1.23', '11.4', '1,234,567']);
  expect([12, 5_310_442_981].map(bytes)).toEqual(['12 bytes', '5.31 GB']);
  expect([shortArn('arn:aws:sts::1:assumed-role/a/b'), shortArn('maria')]).toEqual(['a/b', 'maria']);
});
