import type { Manifest } from '../operations/manifest';
import { changeSection } from './change-section';
import { DOES } from './change-words';
import { closing } from './closing';
import { type Document, page } from './document';
import { failures } from './failures';
import { firstPage } from './first-page';
import { stageSection } from './stage-section';
import { thresholds } from './thresholds';

/** The runbook of one change, for whoever is on call and did not write it. */
export function runbook(manifest: Manifest): Document {
  const { migration, kind, owner, stages, stack } = manifest;
  return {
    title: `Runbook: ${migration}`,
    about: [`${DOES[kind]}, in ${stages.length} stages. Stack `, { code: stack }, owner ? `, answered for by ${owner}.` : '.'],
    blocks: [
      ...firstPage(manifest),
      page('Stages'),
      ...stages.flatMap((stage, index) => stageSection(manifest, stage, index)),
      ...thresholds(manifest),
      ...failures(manifest),
      ...closing(manifest),
      ...changeSection(manifest),
    ],
  };
}
