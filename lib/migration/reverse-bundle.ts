import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { refusal } from '../private/refuse';
import { BUNDLE, loadEsbuild } from './bundle-transform';

const OWNER = 'Transform.reversed()';
const REVERSED = join(__dirname, '..', '..', 'lambda', 'client', 'reversed');

/** What to do where a transform cannot be reversed. */
const INSTEAD =
  'Where a legacy item becomes several items, none of them alone says what the legacy item is, and it cannot be migrated back item by ' +
  'item: restore the point in time that the ending of the migration kept (docs/ending.md)';

/** The part that is looked at of what a transform declares: `TransformDefinition` of the client. */
interface Declared {
  readonly version?: string;
  readonly up?: (legacy: object) => readonly Readonly<Record<string, unknown>>[];
  readonly targetKey?: (legacyKey: object) => object;
  readonly canary?: { readonly item: (n: number) => object };
}

/** A bundle that goes the other way round. @throws where the transform is not from one item to one item, as far as its canary shows */
export function reverseBundle(code: string): string {
  requireOneToOne(definitionOf(code));
  const folder = mkdtempSync(join(tmpdir(), 'reversed-'));
  try {
    writeFileSync(join(folder, 'forward.mjs'), code);
    const contents = `import forward from './forward.mjs'; import { reverseTransform } from ${JSON.stringify(REVERSED)}; export default reverseTransform(forward);`;
    const { outputFiles } = loadEsbuild(OWNER).buildSync({ ...BUNDLE, stdin: { contents, resolveDir: folder } });
    return (outputFiles[0] as { text: string }).text;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The user's own definition, run where the app is synthesised. */
function definitionOf(code: string): Declared {
  const { code: common } = loadEsbuild(OWNER).transformSync(code, { format: 'cjs' });
  const module = { exports: {} as { default?: Declared } };
  new Function('module', 'exports', 'require', common)(module, module.exports, require);
  return module.exports.default ?? {};
}

function requireOneToOne({ version, up, targetKey, canary }: Declared): void {
  if (typeof targetKey !== 'function') {
    throw refusal(OWNER, 'transform', `must say targetKey, the key of the one target item of a legacy key. ${INSTEAD}`, version);
  }
  const item = canary?.item(1) ?? {};
  const items = up?.(item) ?? [];
  if (items.length !== 1) {
    throw refusal(
      OWNER,
      'transform',
      `must make one item of one item, and makes ${items.length} of its canary. ${INSTEAD}`,
      version,
    );
  }
  const key = Object.entries(targetKey(item));
  if (key.length > 0 && key.every(([name, value]) => items[0]?.[name] === value)) return;
  throw refusal(OWNER, 'transform', 'must have a targetKey() that gives the key which up() gives the item', version);
}
