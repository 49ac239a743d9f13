import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * Collects garbage now. Two audits at once would leave hundreds of megabytes of it: V8 has no reason to hurry, but a
 * rehearsal is to fit into two gigabytes. The function exists only where the flag is set (Node.js, `node --expose-gc`).
 */
export function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}
