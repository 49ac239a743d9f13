import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Cohort, Gate, Goal, Risk, Rollback, Stage, type StagedChange, Trigger } from '../../../lib';
import type { Manifest } from '../../../lib/operations/manifest';
import { aMigration, anAmendment, anIndexedTable, aReindex } from '../fixture';

/** A change as it is synthesised. */
export interface Synthesised {
  readonly manifest: Manifest;
  readonly template: Template;
  /** What the assembly has beside the templates, by the end of the file's name: `rollout.json`, `runbook.md` and so on. */
  readonly files: Readonly<Record<string, string>>;
}

/** Synthesises a change, and reads what is written beside it. */
export function synthesised(make: (stack: Stack) => StagedChange, region?: string): Synthesised {
  const outdir = mkdtempSync(join(tmpdir(), 'rollout-runbook-'));
  try {
    const app = new App({ outdir });
    const stack = new Stack(app, 'Shop', region ? { env: { region, account: '111122223333' } } : {});
    const { migrationId } = make(stack);
    app.synth();
    const own = readdirSync(outdir).filter((name) => name.startsWith(`${migrationId}.`));
    const files = Object.fromEntries(
      own.map((name) => [name.slice(migrationId.length + 1), readFileSync(join(outdir, name), 'utf8')]),
    );
    return { files, manifest: JSON.parse(files['rollout.json'] ?? '{}'), template: Template.fromStack(stack) };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

const metric = (metricName: string, statistic = 'Sum') =>
  new cloudwatch.Metric({ namespace: 'Shop', metricName, statistic, period: Duration.minutes(1) });
const [errors, requests, latency] = [metric('Errors'), metric('Requests'), metric('Latency', 'p99')];

const ownAlarm = (stack: Stack, id: string) =>
  latency.createAlarm(stack, id, { threshold: 300, evaluationPeriods: 4, alarmDescription: 'Pages are slow.' });

/** Every trigger that can watch both tables. */
export const TRIGGERS: Readonly<Record<string, (stack: Stack) => Trigger>> = {
  divergence: () => Trigger.divergence(),
  replicationLag: () => Trigger.replicationLag({ max: Duration.seconds(90) }),
  forwardLag: () => Trigger.forwardLag(),
  reverseLag: () => Trigger.reverseLag({ max: Duration.minutes(5), rollback: Rollback.pause() }),
  deadLetters: () => Trigger.deadLetters(),
  throttling: () => Trigger.throttling({ max: 10 }),
  shadowMismatch: () => Trigger.shadowMismatch({ maxPercent: 1 }),
  metric: () =>
    Trigger.metric(latency, { atLeast: 1, failOnMissing: true, windows: 3, breaching: 2, reason: 'Nobody <buys> & "sells".' }),
  errorRate: () => Trigger.errorRate({ errors, requests, maxPercent: 2 }),
  anomaly: () => Trigger.anomaly(latency, { band: 3 }),
  burnRate: () => Trigger.burnRate({ errors, requests, objective: 99.9 }),
  alarm: (stack) => Trigger.alarm(ownAlarm(stack, 'Slow'), { rollback: Rollback.immediate() }),
};

/** Every gate, as one stage can have them. */
export const GATES: Readonly<Record<string, (stack: Stack) => Gate>> = {
  promotion: (stack) =>
    Gate.promotion({
      certificates: s3.Bucket.fromBucketName(stack, 'Staging', 'staging'),
      key: kms.Key.fromKeyArn(stack, 'Certificates', 'arn:aws:kms:eu-west-1:111122223333:key/certificates'),
      within: Duration.days(7),
    }),
  compatibility: () => Gate.compatibility({ sample: 500 }),
  approval: () => Gate.approval({ approvers: ['dba', 'product-owner', 'security'], atLeast: 2, expiresAfter: Duration.days(2) }),
  window: () => Gate.window({ timeZone: 'Europe/Berlin', to: '16:30', blackouts: ['2026-12-24'], calendars: ['Freeze'] }),
  alarm: (stack) => Gate.alarm(ownAlarm(stack, 'Gated')),
  metric: () => Gate.metric(latency, { maxPercentAboveBaseline: 10, observeOnly: true }),
  probe: (stack) =>
    Gate.probe(lambda.Function.fromFunctionArn(stack, 'Probe', 'arn:aws:lambda:eu-west-1:111122223333:function:orders'), {
      id: 'orders',
    }),
  shadowReads: () => Gate.shadowReads({ maxMismatch: 1, minSamples: 500 }),
  latency: () => Gate.latency({ percentiles: [50, 99] }),
  queries: () => Gate.queries(['inTown', 'byId']),
  indexCoherence: () => Gate.indexCoherence('byTown'),
  reconciliation: () => Gate.reconciliation(),
};

const gatesOf = (stack: Stack, ...without: string[]) =>
  Object.entries(GATES).flatMap(([name, make]) => (without.includes(name) ? [] : [make(stack)]));

const triggersOf = (stack: Stack, ...without: string[]) =>
  Object.entries(TRIGGERS).flatMap(([name, make]) => (without.includes(name) ? [] : [make(stack)]));

const BETWEEN_TABLES = ['divergence', 'replicationLag', 'forwardLag', 'reverseLag', 'deadLetters'];
const OWNER = 'Team Shop <shop@example.com>, +49 30 1234';
const DAY = Duration.days(1);

const risks = () => [
  Risk.hypothesis('Pages show prices within 300 ms | at *all* times', {
    metric: latency,
    atMost: 300,
    owner: 'Team Web',
    id: 'Risk-Pages',
  }),
];

const longest = (stack: Stack) => anIndexedTable(stack, 'Indexed', 'byTown');

/** The largest plan of each kind, and the smallest. */
export const CHANGES: Readonly<Record<string, () => Synthesised>> = {
  'a maximal migration': () =>
    synthesised(
      (stack) =>
        aMigration(stack, {
          target: longest(stack),
          owner: OWNER,
          stages: [
            Stage.shadow({ sample: 10, bake: DAY, owner: 'Team Data' }),
            Stage.pilot({ cohort: Cohort.keys(['tenant-`1`', "tenant's 2"]), goal: Goal.dualLegacy() }),
            Stage.percent(5, { bake: Duration.hours(36), goal: Goal.target(), gates: gatesOf(stack) }),
            Stage.full({ bake: Duration.days(7) }),
          ],
          triggers: triggersOf(stack),
          risks: risks(),
          backfill: { maxWriteUnits: 500 },
        }),
      'eu-central-1',
    ),
  'a minimal migration': () => synthesised((stack) => aMigration(stack, { stages: [Stage.shadow()] })),
  'a maximal amendment': () =>
    synthesised((stack) =>
      anAmendment(stack, {
        table: longest(stack),
        owner: OWNER,
        stages: [
          Stage.percent(5, { gates: gatesOf(stack, 'shadowReads', 'latency', 'queries', 'reconciliation') }),
          Stage.full(),
        ],
        triggers: triggersOf(stack, ...BETWEEN_TABLES, 'shadowMismatch'),
        risks: risks(),
      }),
    ),
  'a minimal amendment': () => synthesised((stack) => anAmendment(stack, { stages: [Stage.full()] })),
  'a maximal reindex': () =>
    synthesised((stack) =>
      aReindex(stack, {
        owner: OWNER,
        stages: [Stage.shadow({ bake: DAY, gates: gatesOf(stack, 'compatibility', 'reconciliation') }), Stage.full()],
        triggers: triggersOf(stack, ...BETWEEN_TABLES),
        risks: risks(),
      }),
    ),
  'a minimal reindex': () => synthesised((stack) => aReindex(stack, { stages: [Stage.full()] })),
};
