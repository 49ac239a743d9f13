import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { attachCustomSynthesis, type ISynthesisSession, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { Plan, StageSpec } from '../../lambda/core/plan';
import type { Kind } from '../../lambda/core/position';
import type { Drill } from '../change/drill';
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
  /** Who answers for the change. */
  readonly owner?: string;
  readonly tables: { readonly legacy: ManifestTable; readonly target: ManifestTable };
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
}

/** A hypothesis. */
export interface ManifestRisk {
  readonly id: string;
  readonly statement: string;
  readonly owner: string;
  readonly rollback: string;
}

/** What is known of a trigger's alarm at synth. */
export function manifestTrigger(id: string, rollback: string, alarm: cloudwatch.IAlarm): ManifestTrigger {
  const made = alarm.node.defaultChild;
  if (made instanceof cloudwatch.CfnCompositeAlarm) return { id, rollback, description: made.alarmDescription };
  if (!(made instanceof cloudwatch.CfnAlarm)) return { id, rollback };
  const { alarmDescription: description, comparisonOperator: comparison, threshold } = made;
  const { evaluationPeriods: windows, datapointsToAlarm = windows } = made;
  return { id, rollback, description, comparison, threshold, windows, breaching: datapointsToAlarm };
}

/** Name of the file in the cloud assembly. */
export function manifestFile(migration: string): string {
  return `${migration}.rollout.json`;
}

/** Has the manifest written when the app is synthesised. `make` is called then: the whole construct tree is there. */
export function writeManifest(scope: Construct, make: () => Manifest): void {
  attachCustomSynthesis(scope, {
    onSynthesize: ({ assembly }: ISynthesisSession) => {
      const manifest = Stack.of(scope).resolve(make()) as Manifest;
      writeFileSync(join(assembly.outdir, manifestFile(manifest.migration)), `${JSON.stringify(manifest, null, 2)}\n`);
    },
  });
}
