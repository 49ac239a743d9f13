import { Duration } from 'aws-cdk-lib';
import type { Gate } from '../gates/gate';
import type { Hook } from '../hooks/hook';
import { requireBetween, requireName, requireText } from '../private/refuse';
import { Deployment } from '../traffic/deployment';
import { Cohort } from './cohort';
import { Goal } from './goal';

/** Options of every stage. */
export interface StageOptions {
  /**
   * A name that no other stage of the migration has: letters, digits, space, `.`, `_` and `-`, up to 60.
   * @default - `shadow`, `pilot`, `<n> percent` or `full`
   */
  readonly name?: string;
  /**
   * Who answers for the stage: in the runbook and in the report. 1 to 100 characters.
   * @default - the owner of the change
   */
  readonly owner?: string;
  /**
   * How long the stage is observed after its last shift. A trigger that goes off meanwhile, or an observation that
   * fails, takes traffic back. Whole seconds.
   * @default Duration.hours(1)
   */
  readonly bake?: Duration;
  /**
   * Percent of the reads that are compared with the other table while a key is in `shadow` or `dual-target`. 0 to 100.
   * @default - 10 for `Stage.shadow()`, 1 otherwise
   */
  readonly sample?: number;
  /**
   * How the routing tables of the stage spread among the clients.
   * @default Deployment.linear()
   */
  readonly deployment?: Deployment;
  /**
   * What decides the stage while it bakes, besides what is always observed: divergence, lag, poison and the triggers' alarms.
   * @default - nothing else
   */
  readonly gates?: Gate[];
  /**
   * Functions of yours that may refuse the stage, asked in this order when its gates let it begin and before its traffic moves. At
   * most five.
   * @default - none
   */
  readonly hooks?: Hook[];
}

/** Options of a stage that moves some of the keys. */
export interface PartialStageOptions extends StageOptions {
  /**
   * Where the keys stand at the end of the stage.
   * @default Goal.dualTarget()
   */
  readonly goal?: Goal;
}

/** Options of `Stage.pilot()`. */
export interface PilotOptions extends PartialStageOptions {
  /** Who goes first. */
  readonly cohort: Cohort;
}

/** A part of the way: whose keys move how far, and how long that is observed. */
export class Stage {
  /** Everyone stays on the legacy table, and a sample of the reads is compared with the target. */
  static shadow(options: StageOptions = {}): Stage {
    return new Stage('shadow', Cohort._all(), Goal._shadow(), 10, options);
  }

  /** A chosen cohort moves, whatever the rest does. */
  static pilot(options: PilotOptions): Stage {
    return new Stage('pilot', options.cohort, options.goal ?? Goal.dualTarget(), 1, options);
  }

  /** A share of all keys moves: above 0 (one hundredth of a percent at least), up to 100. Later stages include it. */
  static percent(percent: number, options: PartialStageOptions = {}): Stage {
    return new Stage(`${percent} percent`, Cohort.percent(percent), options.goal ?? Goal.dualTarget(), 1, options);
  }

  /** All keys move to the target table for good. The last stage. */
  static full(options: StageOptions = {}): Stage {
    return new Stage('full', Cohort._all(), Goal.target(), 1, options);
  }

  /** The same stage, in a hurry: for drills.
   * @internal
   */
  static _hurried(
    { name, owner, cohort, goal, sample }: Stage,
    options: Pick<StageOptions, 'bake' | 'deployment' | 'gates'>,
  ): Stage {
    return new Stage(name, cohort, goal, sample, { ...options, name, owner, sample });
  }

  /** The name, in the workflow and in the ledger. */
  readonly name: string;
  /** Who answers for the stage, if not the owner of the change. */
  readonly owner?: string;
  /** How long the stage is observed. */
  readonly bake: Duration;
  /** Percent of the reads that are compared. */
  readonly sample: number;
  /** How routing tables spread. */
  readonly deployment: Deployment;
  /** What decides the stage while it bakes. */
  readonly gates: Gate[];
  /** What may refuse the stage. */
  readonly hooks: Hook[];

  private constructor(
    defaultName: string,
    /** Whose keys move. */
    readonly cohort: Cohort,
    /** How far they move. */
    readonly goal: Goal,
    defaultSample: number,
    options: StageOptions,
  ) {
    this.name = options.name ?? defaultName;
    this.owner = options.owner;
    this.bake = options.bake ?? Duration.hours(1);
    this.sample = options.sample ?? defaultSample;
    this.deployment = options.deployment ?? Deployment.linear();
    this.gates = options.gates ?? [];
    this.hooks = options.hooks ?? [];
    requireName('Stage', 'name', this.name);
    if (this.owner !== undefined) requireText(`Stage '${this.name}'`, 'owner', this.owner, 100);
    requireBetween(`Stage '${this.name}'`, 'sample', this.sample, 0, 100);
  }
}
