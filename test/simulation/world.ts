import type { RoutingControl } from '../../lambda/core/control';
import type { Ledger } from '../../lambda/core/ledger';
import type { Plan } from '../../lambda/core/plan';
import type { Database } from '../../lambda/core/ports';
import { RoutingSource } from '../../lambda/core/routing-source';
import { initialTable } from '../../lambda/core/routing-table';
import { MemoryArchive } from '../memory/memory-archive';
import { MemoryLedger } from '../memory/memory-ledger';
import { MemoryQueue } from '../memory/memory-queue';
import { Alarms } from './alarms';
import { AppConfig, generationOf } from './app-config';
import { Application } from './application';
import { Client } from './client';
import { EventSource } from './event-source';
import { StepFunctions } from './executions';
import { Dice, type Mercy } from './faults';
import { History } from './history';
import type { LambdaFunction } from './lambda-function';
import { Milestones } from './milestones';
import { NativeWriter } from './native-writer';
import { group, type PartsModel, partsModel } from './parts-model';
import type { CallOptions, Process, Surroundings, What } from './process';
import type { Random } from './random';
import { BEGINNING, Scheduler } from './scheduler';
import { INITIAL, PARTS, PLANS, type Settings, workflowsOf } from './settings';
import { SimulatedTables } from './simulated-database';
import { functionsOf } from './tasks';
import type { Trace } from './trace';
import type { Variant } from './variant';

const LEDGER_CALL: CallOptions = { limit: 8000, inFlight: 14_500 };
const LEDGER_METHODS = [
  ...['lease', 'acquire', 'takeOver', 'hold', 'stillAt', 'release', 'registerTransform', 'append', 'events', 'checkpoint'],
  ...[
    'saveCheckpoint',
    'checkpoints',
    'count',
    'counter',
    'resetCounters',
    'note',
    'saveNote',
    'saveLatest',
    'canaries',
    'addCanaries',
    'removeCanaries',
  ],
] as const;

/** Everything of one run: tables, streams, AppConfig, Step Functions, functions, and the applications that use them. */
export class World implements Surroundings {
  readonly scheduler = new Scheduler();
  readonly dice: Dice;
  readonly history = new History();
  readonly plan: Plan;
  readonly model: PartsModel;
  readonly parts = PARTS;
  readonly tables: SimulatedTables;
  readonly appConfig: AppConfig;
  readonly ledger = new MemoryLedger(() => this.scheduler.now);
  readonly poison = new MemoryQueue();
  readonly givenUp = new MemoryQueue();
  readonly archive = new MemoryArchive();
  readonly alarms = new Alarms(() => this.scheduler.now);
  readonly application: Application;
  readonly crowds: Random;
  readonly functions: Record<string, LambdaFunction>;
  readonly stepFunctions: StepFunctions;
  readonly sources: readonly EventSource[];
  readonly clients: readonly Client[];
  readonly native: NativeWriter;
  readonly milestones = new Milestones();
  readonly refusals = new Map<string, number>();
  private made = 0;

  constructor(
    readonly settings: Settings,
    mercy: Mercy,
    readonly trace: Trace,
    /** What is wrong on purpose. */
    readonly variant: Variant = {},
  ) {
    this.dice = new Dice(settings.seed, mercy, () => this.scheduler.now - BEGINNING, variant.rates);
    this.application = new Application(this.dice);
    this.crowds = this.dice.stream('crowds');
    this.plan = PLANS[settings.plan] as Plan;
    this.model = partsModel(settings.shape);
    this.tables = new SimulatedTables(this.model.schemas, this, settings.shards, variant);
    this.appConfig = new AppConfig(this);
    this.appConfig.seed(initialTable('seed', this.plan.lease, this.plan.poll));
    this.functions = functionsOf(this);
    this.stepFunctions = new StepFunctions(this, workflowsOf(settings.plan), this.functions);
    const { startsAt } = variant;
    this.sources = [
      new EventSource(
        'legacy',
        this,
        this.tables.streams.legacy,
        this.functions.forward as LambdaFunction,
        this.givenUp,
        startsAt,
      ),
      new EventSource(
        'target',
        this,
        this.tables.streams.target,
        this.functions.reverse as LambdaFunction,
        this.givenUp,
        startsAt,
      ),
    ];
    this.clients = settings.clients.map((intentions, n) => new Client(this, `c${n}`, [...intentions]));
    this.native = new NativeWriter(this, settings.groups, settings.nativeWrites);
    this.appConfig.changed = ({ number, label, state }) => {
      this.milestones.reach(number);
      // The way back is where much may go wrong: everybody is at work then.
      if (state === 'progress' && generationOf(label) > 1) this.milestones.wake();
    };
    this.fill();
  }

  readonly tokens = (): string => `t${++this.made}`;

  readonly tell = (who: string, what: What, detail?: () => string): void => {
    this.trace.add(this.scheduler.now - BEGINNING, who, what, detail);
  };

  /** The data before the run. Groups that are not named begin absent. */
  private fill(): void {
    const groups = new Map<string, Record<string, string>>();
    for (const [key, value] of INITIAL) {
      const [id, part] = key.split('/') as [string, string];
      groups.set(id, { ...groups.get(id), [part]: value });
    }
    for (const [id, parts] of groups) this.tables.memory.put('legacy', group(id, parts));
    this.tables.forgetChanges();
  }

  databaseOf(process: Process): Database {
    const database = this.tables.seenBy(process);
    return this.variant.database?.(database, process) ?? database;
  }

  /** The routing table of a process under its real lease. */
  routingOf(process: Process, reachable: () => boolean): RoutingSource {
    const poll = this.appConfig.pollOf(process, reachable);
    return new RoutingSource(this.variant.poll?.(poll, process.name) ?? poll, () => this.scheduler.now);
  }

  controlOf(process: Process): RoutingControl {
    const control = this.appConfig.controlOf(process);
    return this.variant.control?.(control, this.plan) ?? control;
  }

  ledgerOf(process: Process): Ledger {
    return process.seeing('ledger', this.ledger, LEDGER_METHODS, LEDGER_CALL);
  }

  nativeWritersMayWrite(): boolean {
    const { nativeUntil } = this.settings;
    return (
      this.scheduler.now < BEGINNING + nativeUntil &&
      !this.appConfig.deployments.some(({ table }) => table.scout === 'dual-legacy')
    );
  }

  refusal(name: string): void {
    this.refusals.set(name, (this.refusals.get(name) ?? 0) + 1);
  }
}
