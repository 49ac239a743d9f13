import { Duration } from 'aws-cdk-lib';
import type * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { ErrorName } from '../../lambda/core/errors';

/** Errors that the next try meets again: somebody has to do something first. */
export const LASTING: ErrorName[] = [
  'AlarmRaised',
  'AlreadyRunning',
  'ChangeClosed',
  'DeploymentReverted',
  'Diverged',
  'DutiesNotSeparate',
  'EndingRefused',
  'GateFailed',
  'GroupTooLarge',
  'IdentityNotProved',
  'InvalidConfiguration',
  'InvalidDecision',
  'InvalidItem',
  'LeaseLost',
  'NotCompleted',
  'NotMeasured',
  'NotRepresentable',
  'Paused',
  'PlanChanged',
  'PreflightFailed',
  'QueryFailed',
  'ReconciliationFailed',
  'TransformChanged',
  'TransformFailed',
  'TransformImpure',
  'WindowOpen',
  'WritersNotAdopted',
];

/** Errors that pass with time. */
export const PASSING: ErrorName[] = [
  'BarrierNotReached',
  'BrakeNotSeen',
  'CalendarUnavailable',
  'CertificateUnavailable',
  'HookFailed',
  'IdentityUnavailable',
  'LeaseExpired',
  'OutcomeUnknown',
  'ReplicationNotProved',
  'TooMuchContention',
  'WritesFenced',
];

/** How often a phase tries again, and how long it waits before the second and before the last try at most. */
export interface Patience {
  readonly attempts: number;
  readonly first: Duration;
  readonly longest: Duration;
}

/** For tasks that answer at once. About four minutes. */
export const SHORT: Patience = { attempts: 6, first: Duration.seconds(2), longest: Duration.minutes(2) };

/** For what waits on replication or on AppConfig. About half an hour. */
export const LONG: Patience = { attempts: 15, first: Duration.seconds(5), longest: Duration.minutes(3) };

/** For the way back, which must arrive. About five hours. */
export const STUBBORN: Patience = { attempts: 60, first: Duration.seconds(2), longest: Duration.minutes(5) };

/**
 * Tries again after everything but what lasts: every task may run twice. Errors of Lambda itself are covered, too,
 * as is a function that ran out of time.
 */
export function retryTransient<T extends Retryable>(state: T, patience: Patience): T {
  state.addRetry({ errors: LASTING, maxAttempts: 0 });
  state.addRetry({
    errors: ['States.ALL'],
    interval: patience.first,
    maxAttempts: patience.attempts,
    maxDelay: patience.longest,
    backoffRate: 2,
  });
  return state;
}

/** Errors of starting another workflow; those of the other workflow itself are its own business. */
const START_ERRORS = [
  'StepFunctions.SdkClientException',
  'StepFunctions.AWSStepFunctionsException',
  'StepFunctions.ExecutionLimitExceededException',
];

/** Tries again to start another workflow, and only that. */
export function retryStart(state: Retryable, { attempts, first, longest }: Patience): void {
  state.addRetry({ errors: START_ERRORS, interval: first, maxAttempts: attempts, maxDelay: longest });
}

/** A state that can try again. */
export interface Retryable {
  addRetry(props?: sfn.RetryProps): unknown;
}
