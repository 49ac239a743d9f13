import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isLocalAws } from '../../lambda/adapters/local-aws';
import { DRILL_PARAMETER } from '../../lib/change/drill-context';
import { type LocalAws, startLocalAws } from '../local-aws';
import { Aws } from '../operator/aws';
import { Change } from '../operator/change';
import { findChange } from '../operator/changes';
import { misused, refused } from '../operator/failure';
import { bootstrap, deploy, type Place } from '../rehearsal/deploy';
import { History } from '../rehearsal/history';
import type { Live } from '../rehearsal/patience';
import { keepPointsInTime, load } from '../rehearsal/tables';
import { cdkOf, sourceOf, synthesised } from './cdk';
import { contentsOf } from './contents';
import { type DrillPlan, drillPlan, type PlanOptions } from './plan';
import { type Practised, practise, type Scene } from './practice';
import type { Drilled } from './report';
import type { Programme } from './rollbacks';
import { sampleOf } from './sample';
import { keepsPointsInTime } from './tables';

/** What is asked for. */
export interface DrillOptions extends PlanOptions {
  /** The user's project. */
  readonly folder: string;
  /** File with items of the legacy table. */
  readonly sample: string;
  /** A folder that is synthesised, or the command of the app. */
  readonly app?: string;
  readonly keep: boolean;
  readonly signal: AbortSignal;
  readonly live: Live;
  readonly tell: (line: string) => void;
}

/** Does something that takes a while and tells how long it took. */
type Timed = <T>(what: string, work: () => Promise<T>) => Promise<T>;

/**
 * Deploys a change on local AWS with a sample of data, and practises its rollbacks. What can be refused without local AWS is refused
 * before that starts.
 * @throws CommandError, LocalAwsError, RehearsalError
 */
export async function drill(options: DrillOptions): Promise<Drilled> {
  const { folder, tell, signal } = options;
  requireLocalAws();
  const sample = sampleOf(textOf(options.sample));
  const source = sourceOf(folder, options.app);
  const early = 'synthesised' in source ? await drillPlan(source.synthesised, sample, options) : undefined;
  const cdk = cdkOf(folder);
  const logs = mkdtempSync(join(tmpdir(), 'drill-'));
  tell(`Logs: ${logs}`);
  const aws = await startLocalAws({ logFile: join(logs, 'local-aws.log'), say: tell });
  const ended = AbortSignal.any([signal, aws.died]);
  const place = { root: folder, cdk, folder: logs, assembly: join(logs, 'cdk.out'), environment: aws.environment, signal: ended };
  const timed = timer(options, ended);
  try {
    const synthesise = () => timed('app synthesised', () => synthesised(source, place));
    const plan = early ?? (await drillPlan(await synthesise(), sample, options));
    const scene = await deployed(aws, place, plan, options, timed);
    const drilled = await everyPractice(scene, plan, timed);
    if (options.keep) await kept(aws, options);
    return drilled;
  } finally {
    await aws.stop();
    rmSync(place.assembly, { recursive: true, force: true });
  }
}

/** The stacks of the change, with the sample in its table. */
async function deployed(aws: LocalAws, at: Place, plan: DrillPlan, options: DrillOptions, timed: Timed): Promise<Scene> {
  const { manifest, stacks, items, transformed, work, legacyTable } = plan;
  const { place, connection } = inRegion(aws, { ...at, assembly: plan.assembly }, stacks.at(-1)?.region);
  await timed('cdk bootstrap', () => bootstrap(place));
  for (const { path } of stacks) {
    await timed(`cdk deploy ${path}`, () => deploy(place, path, ['--parameters', `${DRILL_PARAMETER}=yes`]));
  }
  const client = new Aws(connection);
  const change = new Change(await findChange(client.ssm, manifest.migration), client);
  const { tables } = change.configuration;
  if (keepsPointsInTime(legacyTable)) await keepPointsInTime(client.dynamodb, tables.legacy);
  const filled = () => load(client.dynamodb, tables.legacy, transformed.model, items, new History());
  await timed(`${items.length} items loaded`, filled);
  const contents = () => contentsOf(client.dynamodb, manifest, tables, transformed.model);
  const { live, tell } = options;
  return { manifest, change, connection, transformed, sample: items, work, contents, signal: place.signal, live, tell };
}

/** One after the other; what does not come back leaves nothing to go on with. */
async function everyPractice(scene: Scene, { manifest, items, programme }: DrillPlan, timed: Timed): Promise<Drilled> {
  const practised: Practised[] = [];
  const began = Date.now();
  for (const [index, practice] of programme.practices.entries()) {
    const { way, from } = practice;
    const run = `drill-${began}-${index + 1}-${way}-${from}`;
    practised.push(await timed(`practised ${way} from the ${from}`, () => practise(scene, practice, run)));
    if (practised.at(-1)?.trouble) break;
  }
  const leftOut = [...(manifest.drill?.leftOut ?? []), ...programme.leftOut, ...rest(programme, practised)];
  return { manifest, items: items.length, practised, leftOut };
}

function rest({ practices }: Programme, practised: readonly Practised[]): Programme['leftOut'] {
  return practices.slice(practised.length).map(({ way, from }) => {
    return { what: `the rollback ${way} from the ${from}`, why: 'the one before it did not come back' };
  });
}

function requireLocalAws(): void {
  const { AWS_ENDPOINT_URL: url } = process.env;
  if (!url || isLocalAws()) return;
  throw refused(`A drill is for local AWS only, and AWS_ENDPOINT_URL is ${url}. Unset it. Nothing was tried.`);
}

function timer({ live, tell }: DrillOptions, signal: AbortSignal): Timed {
  return async (what, work) => {
    live.live(what, '');
    const from = performance.now();
    const done = await work();
    signal.throwIfAborted();
    tell(`${what} (${((performance.now() - from) / 1000).toFixed(0)} s)`);
    return done;
  };
}

/** The same in the region of the stack, where it names one. */
function inRegion({ connection }: LocalAws, place: Place, region = connection.region) {
  const environment = { ...place.environment, AWS_REGION: region, AWS_DEFAULT_REGION: region };
  return { place: { ...place, environment }, connection: { ...connection, region } };
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw misused(`The sample ${file} cannot be read (${code}). Give a file with items of the legacy table.`);
  }
}

/** Leaves local AWS running until somebody ends the drill. */
async function kept({ endpoint }: LocalAws, { signal, tell }: DrillOptions): Promise<void> {
  tell(`Local AWS is kept at ${endpoint} until Ctrl-C.`);
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
}
