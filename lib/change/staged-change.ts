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
   * The function that sets how hard the workers of the rollout work while it runs: invoke it with
   * `{ "maxWriteUnits": 500, "maxConcurrency": 20, "reason": "...", "by": "<who>" }`, either number and `by` being optional;
   * `"maxWriteUnits": 0` is no limit. It holds until the run ends, and answers with what holds now.
   */
  get set(): lambda.IFunction {
    return this._parts.set;
  }

  /**
   * The workflow that ends the change for good, once it is complete and its window is over: it compares both tables in full, and then no
   * run of the change begins and none is taken back any more, and its streams are read no longer, so that another change may begin on
   * the table. Tables stay, and a backup of each is kept. Start it with `{ "reason": "...", "by": "<who>" }`, and with `"early": true` before
   * the window is over; started again it goes on where it was. A `ChangePlan` starts it by itself.
   */
  get ending(): sfn.IStateMachine {
    return this._parts.ending;
  }

  /** Goes off before the reverse window is over, by `windowWarning`. It takes nothing back: give it an action that tells somebody. */
  get windowClosing(): cloudwatch.Alarm {
    return this._parts.windowClosing;
  }

  /** Goes off when the reverse window has been over for an hour and the change was not ended: both sides are still kept up, and paid for. */
  get windowOver(): cloudwatch.Alarm {
    return this._parts.windowOver;
  }

  /**
   * The function that tells the journey of one document: where it stands, what both tables hold of it, what the transform says, what the
   * streams and the ledger have of it. Invoke it with `{ "key": { ... } }`, the key attributes of either table, and with
   * `"values": true` to be told values, too. It writes nothing. Undefined for a `StagedReindex`, which changes no document.
   */
  get trace(): lambda.IFunction | undefined {
    return this._parts.trace;
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
