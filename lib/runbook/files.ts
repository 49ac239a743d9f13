import type { Manifest } from '../operations/manifest';
import { toHtml } from './html';
import { toMarkdown } from './markdown';
import { preMortem } from './pre-mortem';
import { runbook } from './runbook';

/** What operators get beside the manifest of a change, by name of the file. */
export function runbookFiles(manifest: Manifest): Readonly<Record<string, string>> {
  const { migration } = manifest;
  const document = runbook(manifest);
  return {
    [`${migration}.runbook.md`]: toMarkdown(document),
    [`${migration}.runbook.html`]: toHtml(document),
    [`${migration}.pre-mortem.md`]: toMarkdown(preMortem(manifest)),
  };
}
