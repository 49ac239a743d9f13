import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { catalogue } from '../lib/runbook/catalogue';
import { toMarkdown } from '../lib/runbook/markdown';

/** `npx tsx bin/write-failure-modes.ts` makes the page anew from the catalogue. */
writeFileSync(join(__dirname, '..', 'docs', 'failure-modes.md'), toMarkdown(catalogue()));
