import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { attachCustomSynthesis, type ISynthesisSession, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { Plan, StageSpec } from '../../lambda/core/plan';
import type { Kind } from '../../lambda/core/position';
import type { Drill } from '../change/drill';
import { runbookFiles } from '../runbook/files';
import type { Trigger } from '../safety/trigger';
import type { TriggerKind } from '../safety/trigger-kinds';
import type { StageChecks } from '../workflow/stage';

/**
 * What a change is, as it is synthesised: everything that the runbook, the pre-mortem and `plan` are made of. Written beside the
 * templates as `<migration id>.rollout.json`. What only a deployment knows stands as CloudFormation writes it, such as `{"Ref": ...}`.
 */
export interface Manifest {
  readonly format: 1;
  readonly migration: string;
  readonly kind: Kind;
  /** Path of the construct. */
  readonly path: string;
  readonly stack: string;
  /** Where the stack is deployed; undefined where only its deployment knows. */
  readonly region?: string;
  /** Who answers for the change. */
  readonly owner?: string;
  readonly tables: { readonly legacy: ManifestTable; readonly target: ManifestTable };
  /** The index that queries move to, where only queries move. */
  readonly index?: string;
  readonly transformSha256: string;
  readonly plan: Plan;
  readonly stages: readonly ManifestStage[];
  readonly triggers: readonly ManifestTrigger[];
  readonly risks: readonly ManifestRisk[];
  readonly backfill: { readonly maxWriteUnits: number; readonly maxConcurrency: number; readonly itemsPerSlice: number };
  /** Seconds between two observations of a stage. */
  readonly tick: number;
  /** Set where it is synthesised for a drill on local AWS, and for nothing else. */
  readonly drill?: Drill;
}

/** One side of a change. */
export interface ManifestTable {
  /** A text, or what CloudFormation makes one of. */
  readonly name: unknown;
  /** Key attributes, partition key first. */
  readonly keys: readonly string[];
}

/** A stage, with what decides it. */
export interface ManifestStage extends Pick<StageSpec, 'name' | 'cohort' | 'goal' | 'sample' | 'bake'> {
  readonly owner?: string;
  readonly deployment: { readonly growthType: string; readonly minutes: number; readonly growth: number };
  readonly checks: StageChecks;
}

/** What takes back or pauses by itself. */
export interface ManifestTrigger {
  /** Which of the factories made it. */
  readonly kind: TriggerKind;
  readonly id: string;
  /** `soft`, `fenced`, `immediate` or `pause`. */
  readonly rollback: string;
  /** What the alarm means and does; undefined for one that is made elsewhere. */
  readonly description?: string;
  /** `GreaterThanThreshold` and its like; undefined where the alarm joins others. */
  readonly comparison?: string;
  readonly threshold?: number;
  readonly windows?: number;
  readonly breaching?: number;
  /** Seconds of one window. */
  readonly period?: number;
}

/** A hypothesis. */
export interface ManifestRisk {
  readonly id: string;
  readonly statement: string;
  readonly owner: string;
  readonly rollback: string;
}

/** What is known of a trigger and of its alarm at synth. */
export function manifestTrigger({ _kind: kind, id, rollback }: Trigger, alarm: cloudwatch.IAlarm): ManifestTrigger {
  const trigger = { kind, id, rollback: rollback.mode };
  const made = alarm.node.defaultChild;
  if (made instanceof cloudwatch.CfnCompositeAlarm) return { ...trigger, description: made.alarmDescription };
  if (!(made instanceof cloudwatch.CfnAlarm)) return trigger;
  const { alarmDescription: description, comparisonOperator: comparison, threshold } = made;
  const { evaluationPeriods: windows, datapointsToAlarm: breaching = windows } = made;
  return { ...trigger, description, comparison, threshold, windows, breaching, period: periodOf(made) };
}

/** An alarm on an expression has the period in the expression, or in what it is made of. */
function periodOf({ period, metrics }: cloudwatch.CfnAlarm): number | undefined {
  if (period !== undefined || !Array.isArray(metrics)) return period;
  const periods = (metrics as cloudwatch.CfnAlarm.MetricDataQueryProperty[]).map((query) => {
    const stat = query.metricStat as cloudwatch.CfnAlarm.MetricStatProperty | undefined;
    return query.period ?? stat?.period;
  });
  return periods.find((one) => one !== undefined);
}

/** Name of the file in the cloud assembly. */
export function manifestFile(migration: string): string {
  return `${migration}.rollout.json`;
}

/** Has manifest, runbook and pre-mortem written when the app is synthesised. `make` is called then: the whole construct tree is there. */
export function writeManifest(scope: Construct, make: () => Manifest): void {
  attachCustomSynthesis(scope, {
    onSynthesize: ({ assembly: { outdir } }: ISynthesisSession) => {
      const manifest = Stack.of(scope).resolve(make()) as Manifest;
      writeFileSync(join(outdir, manifestFile(manifest.migration)), `${JSON.stringify(manifest, null, 2)}\n`);
      writeRunbook(outdir, manifest);
    },
  });
}

/** A deployment never waits for words: what could not be written is told, and the rest goes on. */
function writeRunbook(outdir: string, manifest: Manifest): void {
  try {
    for (const [name, text] of Object.entries(runbookFiles(manifest))) writeFileSync(join(outdir, name), text);
  } catch (error) {
    process.emitWarning(`The runbook of ${manifest.migration} could not be written: ${(error as Error).message}`);
  }
}
