import { Stack } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as events from 'aws-cdk-lib/aws-events';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { RolloutLedger } from '../ledger/rollout-ledger';
import { CLIENT_VARIABLE, type ClientConfiguration } from '../migration/client-configuration';
import type { MigrationGrants } from '../migration/migration-grants';
import type { MigrationMetrics } from '../monitoring/migration-metrics';
import type { TrafficShift } from '../traffic/traffic-shift';
import type { ChangeParts } from './foundation';
import { type OnTransitionOptions, transitionRule } from './on-transition';

/** A change that is made in stages, observed, and taken back by itself. Deploying it changes nothing: start `stateMachine`. */
export abstract class StagedChange extends Construct {
  /** @internal */
  abstract readonly _parts: ChangeParts;

  /** Names the change in metrics and in the ledger. Made of the construct's path: moving it begins a new record. */
  get migrationId(): string {
    return this._parts.migrationId;
  }

  /** The rollout workflow. Start it with `{ "reason": "..." }`, or with `{}`. */
  get stateMachine(): sfn.IStateMachine {
    return this._parts.rollout;
  }

  /**
   * The rollback workflow. Start it with `{ "reason": "..." }`, or with `{}`; between tables also with
   * `"mode": "soft" | "fenced" | "immediate"`, which is soft if not given.
   */
  get rollbackStateMachine(): sfn.IStateMachine {
    return this._parts.rollback;
  }

  /** Where runs, checkpoints and evidence are recorded. */
  get ledger(): RolloutLedger {
    return this._parts.ledger;
  }

  /** The AppConfig pieces that carry the routing table. */
  get traffic(): TrafficShift {
    return this._parts.traffic;
  }

  /** The alarms that take traffic back or pause the rollout, in the order of `triggers`. */
  get alarms(): cloudwatch.IAlarm[] {
    return this._parts.alarms;
  }

  /**
   * Goes off when a rollback ended without having arrived, and keeps the lease: somebody has to look. Give it an action that
   * wakes whoever is on call.
   */
  get rollbackStuck(): cloudwatch.Alarm {
    return this._parts.rollbackStuck;
  }

  /**
   * Listens to what becomes of the change: each entry of its audit trail is an event on the bus of its ledger, as docs/events.md says.
   * At least once: whoever must act once tells events apart by `migration` and `seq` in their detail.
   * @returns the rule, for more targets
   */
  onTransition(id: string, options: OnTransitionOptions = {}): events.Rule {
    return transitionRule(this, id, options);
  }

  /**
   * The function of each approver of `Gate.approval()`, by name. Invoke it with
   * `{ "stage": "<name>", "decision": "approve" | "reject", "reason": "...", "by": "<who>" }`, `by` being optional; it answers
   * with what is still missing.
   */
  get approvals(): { [approver: string]: lambda.IFunction } {
    return this._parts.approvals;
  }

  /**
   * The function that pauses the rollout: invoke it with `{ "reason": "...", "by": "<who>" }`, `by` being optional. No key moves
   * further forward until somebody resumes it; a rollback ends the pause. It answers with the pauses that stand.
   */
  get pause(): lambda.IFunction {
    return this._parts.pause;
  }

  /** The function that resumes it, whoever or whichever alarm paused it: invoke it in the same way. It answers with what still stands. */
  get resume(): lambda.IFunction {
    return this._parts.resume;
  }

  /**
   * The function that ends the change for good, once it is complete: no run of it begins and none is taken back any more, and its
   * streams are read no longer, so that another change may begin on the table. Invoke it with `{}`, again until it answers
   * `"closed": true`. A `ChangePlan` calls it when the window of the change is over.
   */
  get closing(): lambda.IFunction {
    return this._parts.close;
  }

  /** The page that shows the change. */
  get dashboard(): cloudwatch.Dashboard {
    return this._parts.dashboard;
  }

  /** Permissions to start, to pause, to roll back, to decide, and to be a client. */
  get grants(): MigrationGrants {
    return this._parts.grants;
  }

  /** What the change measures. */
  get metrics(): MigrationMetrics {
    return this._parts.metrics;
  }

  /** What an application needs to know. Also an output of the stack, as JSON. */
  get clientConfiguration(): ClientConfiguration {
    return this._parts.clientConfiguration;
  }

  /** The environment variable with which the client finds the change, such as for a Lambda function of the application. */
  clientEnvironment(): { [name: string]: string } {
    return { [CLIENT_VARIABLE]: Stack.of(this).toJsonString(this.clientConfiguration) };
  }
}
