import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { refusal } from './refuse';

/** Where the built handlers are, seen from the source (`lib/private`) and from the package (`dist/lib/private`). */
const CANDIDATES = [join(__dirname, '..', '..', 'dist', 'handlers'), join(__dirname, '..', '..', 'handlers')];

/** The folder with the built `index.mjs` of a task. @throws when it was not built */
export function handlerFolder(task: string): string {
  const found = CANDIDATES.map((folder) => join(folder, task)).find((folder) => existsSync(join(folder, 'index.mjs')));
  if (!found) {
    throw refusal('cdk-dynamodb-rollout', `the handler '${task}'`, 'is not built: run `npm run build` and synthesise again');
  }
  return found;
}
