import { type Command, command, shellLine } from '../../../lib/runbook/command';
import { type Block, commandsOf, type Document } from '../../../lib/runbook/document';
import { toHtml } from '../../../lib/runbook/html';
import { toMarkdown } from '../../../lib/runbook/markdown';
import { preMortem } from '../../../lib/runbook/pre-mortem';
import { runbook } from '../../../lib/runbook/runbook';
import { STATES_AFTER, STATES_BEFORE, STATES_OF_SHIFT, statesOfStage } from '../../../lib/runbook/states';
import { definitionOf, statesOf } from '../workflow/definitions';
import { CHANGES, type Synthesised } from './changes';

/** What goes wrong is under test with the catalogue: of that section the titles are enough. */
function withoutFailures({ blocks, ...document }: Document): Document {
  const from = blocks.findIndex((block) => isHeading(block, 2) && block.text === 'What goes wrong');
  const to = blocks.findIndex((block, index) => index > from && isHeading(block, 2));
  const within = blocks.slice(from, to).filter((block) => block.kind === 'heading');
  return { ...document, blocks: [...blocks.slice(0, from), ...within, ...blocks.slice(to)] };
}

function isHeading(block: Block, level: number): block is Extract<Block, { kind: 'heading' }> {
  return block.kind === 'heading' && block.level === level;
}

describe.each(Object.entries(CHANGES))('%s', (_, make) => {
  let change: Synthesised;
  beforeAll(() => {
    change = make();
  }, 120_000);

  it('has a runbook', () => {
    expect(toMarkdown(withoutFailures(runbook(change.manifest)))).toMatchSnapshot();
  });

  it('has a pre-mortem', () => {
    expect(toMarkdown(preMortem(change.manifest))).toMatchSnapshot();
  });

  it('has both beside its manifest, the runbook as a page, too', () => {
    const { manifest, files } = change;
    expect(Object.keys(files).sort()).toEqual(['pre-mortem.md', 'rollout.json', 'runbook.html', 'runbook.md']);
    expect(files['runbook.md']).toBe(toMarkdown(runbook(manifest)));
    expect(files['runbook.html']).toBe(toHtml(runbook(manifest)));
    expect(files['pre-mortem.md']).toBe(toMarkdown(preMortem(manifest)));
  });

  it('names states that its workflows have, in the order in which they come', () => {
    const { manifest, template } = change;
    const { kind, stages } = manifest;
    const about = { rehydrate: 'Rolls', amend: 'Amends', reindex: 'Reindexes' }[kind];
    const rollout = definitionOf(template, about);
    const reached = [rollout.StartAt];
    for (const name of reached) {
      const {
        Next,
        Choices = [],
        Default,
      } = rollout.States[name] as { Next?: string; Choices?: { Next: string }[]; Default?: string };
      reached.push(
        ...([Next, Default, ...Choices.map((choice) => choice.Next)].filter(
          (next) => next && !reached.includes(next),
        ) as string[]),
      );
    }
    const told = [...STATES_BEFORE[kind], ...stages.flatMap(statesOfStage), ...STATES_AFTER[kind]].map(([state]) => state);
    const shown = told.map((state) => reached.indexOf(state));
    expect(told.filter((_, index) => shown[index] === -1)).toEqual([]);
    expect(shown).toEqual([...shown].sort((a, b) => a - b));
    const moving = statesOf(definitionOf(template, 'Moves traffic')).map(([state]) => state);
    expect(moving).toEqual(expect.arrayContaining(STATES_OF_SHIFT.map(([state]) => state)));
  });

  it('has commands that name the change', () => {
    const { manifest } = change;
    const commands = commandsOf(runbook(manifest));
    expect(commands.length).toBeGreaterThan(20);
    for (const { args, line } of commands) {
      expect(args.slice(args.indexOf('--migration'), args.indexOf('--migration') + 2)).toEqual([
        '--migration',
        manifest.migration,
      ]);
      expect(args.includes('--region')).toBe(manifest.region !== undefined);
      expect(line).toBe(shellLine(args));
    }
    const verbs = new Set(commands.map(({ args }) => args[1]));
    const only = manifest.kind === 'rehydrate' ? ['reconcile', 'redrive'] : [];
    expect([...verbs]).toEqual(
      expect.arrayContaining([
        'status',
        'start',
        'pause',
        'resume',
        'rollback',
        'trace',
        'verify-ledger',
        'report',
        'complete',
        ...only,
      ]),
    );
  });

  it('is a page that needs nothing else, whose links lead somewhere, with every command in it', () => {
    const document = runbook(change.manifest);
    const html = toHtml(document);
    expect(html).not.toMatch(/<script|<link|<img|src=|@import|url\(|https?:/i);
    const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect([...html.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id).filter((id) => !ids.includes(id as string))).toEqual([]);
    const typed = [...html.matchAll(/<pre><code>(.*?)<\/code><\/pre>/g)].map(([, code]) => plain(code as string));
    expect(typed).toEqual(commandsOf(document).map(({ line }) => line));
  });
});

function plain(html: string): string {
  const signs: Record<string, string> = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'", '&amp;': '&' };
  return html.replace(/<[^>]+>/g, '').replace(/&\w+;|&#\d+;/g, (entity) => signs[entity] ?? entity);
}

const HOSTILE = '<b onclick="x">&amp;</b> `code` *strong* | [a](b) \n# no heading';

describe('texts of a user', () => {
  const document: Document = {
    title: HOSTILE,
    about: [HOSTILE, { code: HOSTILE }],
    blocks: [
      { kind: 'heading', level: 2, text: HOSTILE },
      { kind: 'heading', level: 2, text: HOSTILE },
      { kind: 'table', head: ['x'], rows: [[[HOSTILE]]] },
    ],
  };

  it('are no markup of the page', () => {
    const html = toHtml(document);
    expect(html).not.toContain('<b ');
    expect(plain(html.slice(html.indexOf('<td>'), html.indexOf('</td>')))).toBe(HOSTILE);
  });

  it('are no markup of the Markdown, and stay in their line and in their cell', () => {
    const markdown = toMarkdown(document);
    const [row] = markdown.split('\n').filter((line) => line.startsWith('| \\<b'));
    expect(row?.replace(/\\[|]/g, '').match(/\|/g)).toHaveLength(2);
    expect(markdown).not.toMatch(/^# no heading/m);
    expect(markdown.replace(/``.*?``/g, '')).not.toMatch(/(^|[^\\])<b /m);
  });
});

describe('a command', () => {
  const typed = (one: Command) => shellLine(['cdk-dynamodb-rollout', one.verb, ...one.args]);

  it.each([
    ['npx cdk-dynamodb-rollout status --watch', command('status', { watch: true })],
    [
      'npx cdk-dynamodb-rollout rollback --hard --immediate --reason down',
      command('rollback', { mode: 'immediate', reason: 'down' }),
    ],
    [`npx cdk-dynamodb-rollout trace '{"pk":"a"}'`, command('trace', { key: '{"pk":"a"}' })],
    [`npx cdk-dynamodb-rollout pause --reason 'it'\\''s late; wait'`, command('pause', { reason: "it's late; wait" })],
    ['npx cdk-dynamodb-rollout set --write-units 5 --reason busy', command('set', { writeUnits: 5, reason: 'busy' })],
  ])('%s', (line, one) => expect(typed(one)).toBe(line));
});
