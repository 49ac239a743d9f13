import type * as lambda from 'aws-cdk-lib/aws-lambda';

/** The functions that every workflow calls, by task. */
export interface StageTasks {
  readonly begin: lambda.IFunction;
  readonly preflight: lambda.IFunction;
  readonly planSlices: lambda.IFunction;
  readonly sumSlices: lambda.IFunction;
  readonly compatibility: lambda.IFunction;
  readonly askApproval: lambda.IFunction;
  readonly window: lambda.IFunction;
  readonly awaitResume: lambda.IFunction;
  readonly traffic: lambda.IFunction;
  readonly observe: lambda.IFunction;
  /** Where there are two tables to ask. */
  readonly queries?: lambda.IFunction;
  readonly evidence: lambda.IFunction;
  readonly finish: lambda.IFunction;
  readonly takeover: lambda.IFunction;
  /** Needed where some stage waits for a certificate of another environment. */
  readonly promotion?: lambda.IFunction;
  /** Needed where some step has hooks. */
  readonly hook?: lambda.IFunction;
  /** Only where some index is compared with its table. */
  readonly indexCoherence?: lambda.IFunction;
  /** Only where runs that complete are certified. */
  readonly certify?: lambda.IFunction;
}

/** Those that compare two tables, or an index with its table. */
export interface ComparingTasks extends Pick<StageTasks, 'planSlices' | 'sumSlices'> {
  readonly sketch: lambda.IFunction;
  readonly differences: lambda.IFunction;
  readonly reconcile: lambda.IFunction;
}

/** Those of a migration from table to table. */
export interface WorkflowTasks extends StageTasks, ComparingTasks {
  readonly prove: lambda.IFunction;
  readonly backfill: lambda.IFunction;
}

/** Those of a reindex. */
export interface ReindexTasks extends StageTasks {
  readonly buildIndex: lambda.IFunction;
}

/** Those of an amendment in place. */
export interface AmendTasks extends StageTasks {
  readonly amend: lambda.IFunction;
  readonly adoption: lambda.IFunction;
}
