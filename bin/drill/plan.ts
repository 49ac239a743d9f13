import type { ImportModule } from '../../lambda/adapters/assets';
import type { PlainItem } from '../../lambda/client';
import type { Item } from '../../lambda/core/item';
import { DRILL_CONTEXT } from '../../lib/change/drill-context';
import type { Manifest } from '../../lib/operations/manifest';
import { refused } from '../operator/failure';
import type { Work } from '../rehearsal/traffic';
import { type AssemblyStack, changeIn, readAssembly, stacksFor, transformOf } from './assembly';
import type { Transformed } from './clients';
import { type Programme, programmeOf } from './rollbacks';
import { requireKeys, type Sampled } from './sample';
import { workOnSample } from './sample-work';
import { type TableProperties, tableIn } from './tables';

/** What a drill is to do, checked: nothing of it needs AWS, local or not. */
export interface DrillPlan {
  /** Folder of the assembly. */
  readonly assembly: string;
  readonly manifest: Manifest;
  readonly programme: Programme;
  /** In the order in which they are deployed; the last one has the change. */
  readonly stacks: readonly AssemblyStack[];
  /** The legacy table in its template, where that can be told. */
  readonly legacyTable?: TableProperties;
  readonly transformed: Transformed;
  readonly items: readonly Item[];
  readonly work: Work<PlainItem, PlainItem>;
}

/** What is asked for. */
export interface PlanOptions {
  readonly migration?: string;
  /** Names with commas between them. */
  readonly rollbacks?: string;
  /** @default import */
  readonly importModule?: ImportModule;
}

/** Reads an assembly that is synthesised for a drill. @throws CommandError with what stands in the way */
export async function drillPlan(folder: string, sample: readonly Sampled[], options: PlanOptions): Promise<DrillPlan> {
  const assembly = readAssembly(folder);
  const manifest = drillable(changeIn(assembly, options.migration));
  const programme = programmeOf(manifest, options.rollbacks);
  const stacks = stacksFor(assembly, manifest);
  const legacyTable = requireOwnTables(stacks, manifest);
  const transformed = await transformOf(assembly, manifest, options.importModule);
  const items = requireKeys(sample, transformed.model.schemas.legacy);
  const work = workOnSample(transformed.model, items);
  if (work.keys.length === 0)
    throw refused('The transform makes nothing of the sample: there would be nothing to practise with.');
  return { assembly: folder, manifest, programme, stacks, legacyTable, transformed, items, work };
}

/** @throws CommandError where the change would roll out as on AWS, over days */
function drillable(manifest: Manifest): Manifest {
  if (manifest.drill) return manifest;
  throw refused(
    `${manifest.migration} is synthesised for AWS, with bakes of hours. Synthesise it for a drill: cdk synth -c ${DRILL_CONTEXT}=true --output cdk.drill, ` +
      'then drill --app cdk.drill; or leave --app out.',
  );
}

/** @throws CommandError where the stacks do not make a table */
function requireOwnTables(stacks: readonly AssemblyStack[], { tables }: Manifest): TableProperties | undefined {
  const own = stacks.at(-1) as AssemblyStack;
  const [legacy] = [tables.legacy, tables.target].map(({ name }) => {
    const found = tableIn(stacks, own, name);
    if (found !== 'elsewhere') return found;
    throw refused(
      `No stack that is deployed makes the table ${name}, and local AWS is empty. Make it in a stack of its own when the context key ` +
        `${DRILL_CONTEXT} is set, and give that to the change.`,
    );
  });
  return legacy;
}
