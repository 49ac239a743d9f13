import { createHash } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { DISABLE_ASSET_STAGING_CONTEXT } from 'aws-cdk-lib/cx-api';
import type { Construct } from 'constructs';
import { handlerFolder } from './handler-folder';

/** What lies beside every handler. */
export interface HandlerCompanions {
  /** The user's transform as one ES module. */
  readonly transform: string;
  /** `plan.json`, as text. */
  readonly plan: string;
}

/**
 * Puts a folder with `index.mjs`, `transform.mjs` and `plan.json` together and has `use` make a function of it. The function
 * copies it into the cloud assembly, so the folder goes again; it stays where the app asks that assets be used in place.
 */
export function withHandlerCode<T>(
  scope: Construct,
  task: string,
  companions: HandlerCompanions,
  use: (code: lambda.Code) => T,
): T {
  const source = join(handlerFolder(task), 'index.mjs');
  const folder = mkdtempSync(join(tmpdir(), `rollout-${task}-`));
  try {
    copyFileSync(source, join(folder, 'index.mjs'));
    writeFileSync(join(folder, 'transform.mjs'), companions.transform);
    writeFileSync(join(folder, 'plan.json'), companions.plan);
    const assetHash = sha256(readFileSync(source), companions.transform, companions.plan);
    return use(lambda.Code.fromAsset(folder, { assetHash }));
  } finally {
    if (!scope.node.tryGetContext(DISABLE_ASSET_STAGING_CONTEXT)) rmSync(folder, { recursive: true });
  }
}

/** SHA-256 of the parts, as hex. */
export function sha256(...parts: (string | Buffer)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(createHash('sha256').update(part).digest());
  return hash.digest('hex');
}
