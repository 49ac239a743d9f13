import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { refusal } from '../private/refuse';
import { bundleTransform } from './bundle-transform';
import { reverseBundle } from './reverse-bundle';

/**
 * How items of the legacy model become items of the target model and back: a file whose default export is
 * `defineTransform({ ... })`. Its SHA-256 is its identity: a version that was begun with one is never run with another.
 */
export class Transform {
  /**
   * A TypeScript or JavaScript file, bundled at synth with esbuild, which must be installed in your app.
   * A path that is not absolute starts at the current directory.
   * @throws when the file or esbuild is missing, or the file does not compile
   */
  static fromEntry(entry: string): Transform {
    const file = existing('Transform.fromEntry()', 'entry', entry);
    return new Transform(bundleTransform(file, entry));
  }

  /**
   * An ES module (`.mjs`) that needs nothing else, bundled by you. A path that is not absolute starts at the current directory.
   * @throws when the file is missing
   */
  static fromBundle(bundle: string): Transform {
    const file = existing('Transform.fromBundle()', 'bundle', bundle);
    if (!bundle.endsWith('.mjs')) throw refusal('Transform.fromBundle()', 'bundle', 'must be an ES module named *.mjs', bundle);
    return new Transform(readFileSync(file, 'utf8'));
  }

  /**
   * The way back as a migration of its own, for when the reverse window is over: the same transform the other way round, under the version
   * `<version>-reversed`. The table that was the target is its `source`, and its `target` is a new table with the keys of the old model. The
   * transform must say `targetKey`, and make exactly one item of each; it is run once where the app is synthesised.
   * @throws when the transform does not say `targetKey`, when its canary becomes several items, or when esbuild is missing
   */
  static reversed(transform: Transform): Transform {
    return new Transform(reverseBundle(transform._code));
  }

  /** SHA-256 of the bundle, as hex. */
  readonly sha256: string;

  private constructor(
    /** The bundle.
     * @internal
     */
    readonly _code: string,
  ) {
    this.sha256 = createHash('sha256').update(_code).digest('hex');
  }
}

function existing(factory: string, prop: string, path: string): string {
  const file = resolve(path);
  if (!existsSync(file)) throw refusal(factory, prop, `must name a file that exists, from ${process.cwd()} on`, path);
  return file;
}
