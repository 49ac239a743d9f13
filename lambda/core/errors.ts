/**
 * Every error that this software raises at run time. The name is set by hand, because minifying renames classes
 * and Step Functions matches Retry and Catch on the name. Names are contract.
 */
export const ERROR_NAMES = [
  'AlarmRaised',
  'AlreadyRunning',
  'BarrierNotReached',
  'BrakeNotSeen',
  'CalendarUnavailable',
  'CertificateUnavailable',
  'ChangeClosed',
  'DeploymentReverted',
  'Diverged',
  'DutiesNotSeparate',
  'EndingRefused',
  'GateFailed',
  'GroupTooLarge',
  'HookFailed',
  'IdentityNotProved',
  'IdentityUnavailable',
  'InvalidConfiguration',
  'InvalidDecision',
  'InvalidItem',
  'LeaseExpired',
  'LeaseLost',
  'NotCompleted',
  'NotMeasured',
  'NotRepresentable',
  'OutcomeUnknown',
  'Paused',
  'PlanChanged',
  'PreflightFailed',
  'QueryFailed',
  'ReconciliationFailed',
  'ReplicationNotProved',
  'TooMuchContention',
  'TransformChanged',
  'TransformFailed',
  'TransformImpure',
  'WindowOpen',
  'WritersNotAdopted',
  'WritesFenced',
] as const;

/** The name of an error: what `isRolloutError` asks for. */
export type ErrorName = (typeof ERROR_NAMES)[number];

/** An error with a fixed name, a text that says what to do next, and its data. */
export class RolloutError extends Error {
  /** What the error is about, such as the key. */
  readonly data: Readonly<Record<string, unknown>>;

  constructor(name: ErrorName, message: string, data: Record<string, unknown> = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = name;
    this.data = data;
  }
}

/** True for a `RolloutError` of that name, also across bundles. */
export function isRolloutError(error: unknown, name: ErrorName): error is RolloutError {
  return error instanceof Error && error.name === name;
}
