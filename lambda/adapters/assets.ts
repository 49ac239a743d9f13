import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as v from 'valibot';
import { RolloutError } from '../core/errors';
import type { Model, Schemas } from '../core/model';
import type { Plan } from '../core/plan';
import { KINDS, POSITIONS } from '../core/position';
import { modelFrom } from './model';

const seconds = v.pipe(v.number(), v.minValue(0));
const percent = v.pipe(v.number(), v.minValue(0), v.maxValue(100));
const PLAN = v.object({
  kind: v.optional(v.picklist(KINDS)),
  earlier: v.optional(v.array(v.string())),
  separate: v.optional(v.boolean()),
  stages: v.array(
    v.object({
      name: v.string(),
      cohort: v.variant('kind', [
        v.object({ kind: v.literal('keys'), keys: v.array(v.string()) }),
        v.object({ kind: v.literal('percent'), percent }),
        v.object({ kind: v.literal('all') }),
      ]),
      goal: v.picklist(POSITIONS),
      sample: percent,
      bake: seconds,
      strategy: v.string(),
    }),
  ),
  lease: seconds,
  poll: seconds,
  inFlight: seconds,
});

/** The plan beside the handler. @throws InvalidConfiguration when there is none */
export function loadPlan(): Plan {
  const text = unless('plan.json', () => readFileSync(asset('plan.json'), 'utf8'));
  const result = v.safeParse(
    PLAN,
    unless('plan.json', () => JSON.parse(text)),
  );
  if (!result.success) throw unusable('plan.json', result.issues.map((i) => `${v.getDotPath(i)}: ${i.message}`).join('; '));
  // Not the parsed value: what this version does not know of stays.
  return JSON.parse(text) as Plan;
}

/** Loads an ECMAScript module by its file URL. */
export type ImportModule = (url: string) => Promise<{ default?: unknown }>;

/**
 * The model of the user's transform beside the handler. esbuild and tsc leave `import` of an address that is not known
 * as it is; jest has no way to load `.mjs` from its own modules, so a test gives one (`test/import-module.ts`).
 * @throws InvalidConfiguration when there is no transform, or it is none
 */
export async function loadModel(schemas: Schemas, importModule: ImportModule = (url) => import(url)): Promise<Model> {
  const url = pathToFileURL(asset('transform.mjs')).href;
  const module = await importModule(url).catch((cause) => {
    throw unusable('transform.mjs', (cause as Error).message, cause);
  });
  return modelFrom(module.default, schemas);
}

/**
 * Lambda unpacks an asset into LAMBDA_TASK_ROOT (AWS Lambda Developer Guide, "Defined runtime environment variables");
 * ROLLOUT_ASSETS names the folder where there is no Lambda.
 */
function asset(name: string): string {
  const folder = process.env.LAMBDA_TASK_ROOT ?? process.env.ROLLOUT_ASSETS;
  if (folder) return join(folder, name);
  throw unusable(name, 'neither LAMBDA_TASK_ROOT nor ROLLOUT_ASSETS says where it is');
}

function unless<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw unusable(name, (cause as Error).message, cause);
  }
}

function unusable(name: string, why: string, cause?: unknown): RolloutError {
  const text = `${name} beside the handler cannot be used: ${why}. The constructs put it there: deploy the stack again.`;
  return new RolloutError('InvalidConfiguration', text, { name }, cause);
}
