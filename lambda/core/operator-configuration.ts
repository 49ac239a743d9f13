import type { Kind } from './position';

/** Under this path of the Parameter Store every change of an account and region has its configuration, by id. Contract. */
export const CHANGES = '/cdk-dynamodb-rollout';

/** Where the configuration of a change is. */
export function parameterOf(migration: string): string {
  return `${CHANGES}/${migration}`;
}

/** What an operator needs to find everything of one change. */
export interface OperatorConfiguration {
  /** 1; another number is of a later version of the package, which has to read it. */
  readonly format: 1;
  /** Id of the change. */
  readonly migration: string;
  readonly kind: Kind;
  readonly stack: string;
  /** The stages in order, each with the ids of the gates that are evaluated while it bakes. */
  readonly stages: readonly { readonly name: string; readonly gates: readonly string[] }[];
  /** ARNs of the workflows. */
  readonly workflows: {
    readonly rollout: string;
    readonly rollback: string;
    /** Ends the change for good. */
    readonly ending: string;
    /** Compares both tables in full, where there are two. */
    readonly comparison?: string;
  };
  /** Names of the functions that an operator calls. */
  readonly functions: {
    readonly pause: string;
    readonly resume: string;
    readonly set: string;
    readonly redrive?: string;
    /** Where documents change. */
    readonly trace?: string;
    /** By name of the approver. */
    readonly approve: Readonly<Record<string, string>>;
  };
  /** Seconds that the way back stays open after completion. A number as text: a plan may say it. */
  readonly reverseWindow: string;
  readonly tables: { readonly legacy: string; readonly target: string };
  readonly ledger: { readonly table: string; readonly archive: string };
  /** Ids in AppConfig. */
  readonly traffic: { readonly application: string; readonly environment: string; readonly profile: string };
  /** Names of alarms: the triggers in order, and those that call for somebody. */
  readonly alarms: {
    readonly triggers: readonly string[];
    readonly stuck: string;
    readonly windowClosing: string;
    readonly windowOver: string;
  };
  /** URLs of the queues of what was not carried over. */
  readonly queues: { readonly poison?: string; readonly givenUp?: string };
  readonly dashboard: string;
  readonly metricNamespace: string;
}
