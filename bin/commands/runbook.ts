import { toMarkdown } from '../../lib/runbook/markdown';
import { runbook as runbookOf } from '../../lib/runbook/runbook';
import { ASSEMBLY, manifestIn } from '../operator/manifests';
import type { Command } from './command';

/** What to do, for this very change. */
export const runbook: Command = {
  about: 'prints the runbook of a change, as cdk synth has written it',
  options: { app: { value: 'FOLDER', about: `the cloud assembly (default: ${ASSEMBLY})` } },
  details:
    'Markdown. The same as one HTML page, and a pre-mortem, are beside it in the cloud assembly: <change>.runbook.html and\n' +
    '<change>.pre-mortem.md.',
  async run({ options: { app = ASSEMBLY, migration } }) {
    const manifest = manifestIn(app as string, migration as string | undefined);
    const markdown = toMarkdown(runbookOf(manifest));
    return { data: { migration: manifest.migration, markdown }, lines: [markdown.trimEnd()] };
  },
};
