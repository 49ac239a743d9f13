import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where package.json is, seen from the source (`bin/operator`) and from the package (`dist/bin`): both are two folders below it. */
const FILE = join(__dirname, '..', '..', 'package.json');

/** Version of this package. */
export function version(): string {
  return JSON.parse(readFileSync(FILE, 'utf8')).version;
}
