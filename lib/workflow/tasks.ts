import type * as lambda from 'aws-cdk-lib/aws-lambda';

/** The functions that the workflows call, by task. */
export interface WorkflowTasks {
  readonly begin: lambda.IFunction;
  readonly preflight: lambda.IFunction;
  readonly prove: lambda.IFunction;
  readonly planSlices: lambda.IFunction;
  readonly backfill: lambda.IFunction;
  readonly sketch: lambda.IFunction;
  readonly differences: lambda.IFunction;
  readonly reconcile: lambda.IFunction;
  readonly sumSlices: lambda.IFunction;
  readonly compatibility: lambda.IFunction;
  readonly askApproval: lambda.IFunction;
  readonly window: lambda.IFunction;
  readonly awaitResume: lambda.IFunction;
  readonly traffic: lambda.IFunction;
  readonly observe: lambda.IFunction;
  readonly evidence: lambda.IFunction;
  readonly finish: lambda.IFunction;
  readonly takeover: lambda.IFunction;
}
