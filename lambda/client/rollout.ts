import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AppConfigDataClient } from '@aws-sdk/client-appconfigdata';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { appConfigDataClient, pollRouting } from '../adapters/appconfig-data';
import { dynamoClient, dynamoDatabase } from '../adapters/dynamodb';
import { callSeconds } from '../adapters/dynamodb-client';
import { DynamoQueries } from '../adapters/dynamodb-query';
import { modelFrom } from '../adapters/model';
import type { PatternQueries } from '../core/access-pattern';
import { amendedDatabase } from '../core/amendment';
import { RolloutError } from '../core/errors';
import { authorityOf, type Position, type Side } from '../core/position';
import { RoutingSource } from '../core/routing-source';
import { positionsOf } from '../core/routing-table';
import { type Access, route } from './access';
import { Beside } from './beside';
import { plainItem, wireKey } from './codec';
import { Comparison } from './comparison';
import { type ClientConfiguration, CONFIGURATION_VARIABLE, clientConfiguration } from './configuration';
import type { RolloutEvent } from './events';
import { Questions } from './questions';
import { embeddedMetrics, ShadowCounts, type ShadowReport } from './shadow-counts';
import { Table } from './table';
import type { PlainItem, TransformDefinition } from './transform';

/** How an application connects to a migration. */
export interface ConnectOptions {
  /** The transform of the migration: the same file that the constructs have. */
  // biome-ignore lint/suspicious/noExplicitAny: the types of the user's items do not matter here
  readonly transform: TransformDefinition<any, any>;
  /**
   * Tables and AppConfig ids, as an object or as JSON.
   * @default the environment variable ROLLOUT_CLIENT
   */
  readonly configuration?: ClientConfiguration | string;
  /**
   * A DynamoDB client of your own. Its time-outs should be short: a call is given up after 8 seconds, whatever the client
   * says, because a write that lands later may land after its key has moved on.
   * @default one with short time-outs and adaptive retries
   */
  readonly dynamodb?: DynamoDBClient;
  /**
   * An AppConfig Data client of your own, with `maxAttempts: 1`.
   * @default one with short time-outs
   */
  readonly appConfigData?: AppConfigDataClient;
  /**
   * Hears of mismatches and divergence. What it throws is ignored.
   * @default nobody does
   */
  readonly onEvent?: (event: RolloutEvent) => void;
  /**
   * Takes lines in the embedded metric format of CloudWatch, which count compared reads and mismatches: one every 15 seconds at
   * most, and one at each mismatch. `Gate.shadowReads()` and `Trigger.shadowMismatch()` live on them. Where the CloudWatch agent
   * reads the log of the process, give `console.log`; elsewhere publish the two counts yourself.
   * @default console.log in AWS Lambda, nobody elsewhere
   */
  readonly metrics?: (line: string) => void;
  /**
   * Milliseconds for which a write to a fenced key is tried again before it fails with `WritesFenced`; 0 to fail at once.
   * @default 5000
   */
  readonly fenceWait?: number;
  /**
   * Milliseconds after which a compared read that differed is looked at again.
   * @default 5000
   */
  readonly secondLook?: number;
}

/** What a `Rollout` over ports may be given. */
interface RolloutOptions {
  readonly secondLook?: number;
  readonly pause?: (milliseconds: number) => Promise<void>;
  readonly report?: (report: ShadowReport) => void;
  /** Where queries move from one index to another. */
  readonly queries?: PatternQueries;
}

/** Where a key stands, for code that does its own reads. */
export interface Route {
  /** How far it has moved. */
  readonly position: Position;
  /** The table whose version of the key is the truth, and that answers reads. Ask again before each read. */
  readonly authority: Side;
  /** Of the legacy item whose group it is. */
  readonly legacyKey: PlainItem;
  /** Revision of the routing table that says so. */
  readonly revision: number;
}

/** What this process knows of the rollout, for health checks and logs. */
export interface RolloutStatus {
  /** False when reads and writes would first have to reach AppConfig. */
  readonly leased: boolean;
  /** Milliseconds since the routing table in use was asked for; infinite before the first. */
  readonly age: number;
  /** Of the routing table in use, which grows with each release. */
  readonly revision?: number;
  /** The run that released it. */
  readonly run?: string;
  /** Positions that some key has. */
  readonly positions: readonly Position[];
  /** Why AppConfig could not be asked the last time. */
  readonly failure?: unknown;
}

const FENCE_WAIT = 5_000;
const SECOND_LOOK = 5_000;

/** The application's side of a migration: the new model in every position, whichever table has the bytes. */
export class Rollout {
  private readonly comparison: Comparison;
  private readonly beside: Beside;
  /** Where an index replaces another one, and nothing else. */
  private readonly questions: Questions | undefined;

  /** Over ports, for tests. Applications use `connect`.
   * @internal
   */
  constructor(
    private readonly access: Access,
    options: RolloutOptions = {},
    private readonly dispose: () => void = () => {},
  ) {
    const unwaited = (milliseconds: number) => sleep(milliseconds, undefined, { ref: false });
    const counts = new ShadowCounts(options.report ?? (() => {}), () => access.clock.now());
    const { queries, secondLook = SECOND_LOOK, pause = unwaited } = options;
    this.beside = new Beside(counts);
    this.comparison = new Comparison(access, secondLook, pause, this.beside);
    this.questions = queries && new Questions(access, { queries, beside: this.beside, secondLook, pause });
  }

  /**
   * Connects a process to a migration: once, at its start. Later the routing table is asked for as the client is used;
   * there is no timer, and nothing keeps the process alive.
   * @throws InvalidConfiguration, LeaseExpired when AppConfig cannot be reached
   */
  static async connect(options: ConnectOptions): Promise<Rollout> {
    const configuration = clientConfiguration(options.configuration ?? process.env[CONFIGURATION_VARIABLE]);
    const model = modelFrom(options.transform, { legacy: configuration.legacyKeys, target: configuration.targetKeys });
    const dynamodb = options.dynamodb ?? dynamoClient();
    const appConfigData = options.appConfigData ?? appConfigDataClient();
    const tables = { legacy: configuration.legacyTable, target: configuration.targetTable };
    const database = dynamoDatabase(dynamodb, tables, model.schemas, callSeconds(configuration.inFlight));
    const now = () => performance.now();
    const access: Access = {
      database: configuration.inPlace ? amendedDatabase(database, { model, earlier: configuration.earlier ?? [] }) : database,
      model,
      routing: new RoutingSource(pollRouting(appConfigData, configuration), now, () => Date.now()),
      tokens: randomUUID,
      clock: { now, sleep: (milliseconds) => sleep(milliseconds) },
      random: Math.random,
      tell: (event) => told(options.onEvent, event),
      fenceWait: options.fenceWait ?? FENCE_WAIT,
    };
    const report = reporterOf(configuration, options.metrics);
    const queries = configuration.reindex ? new DynamoQueries(dynamodb, tables) : undefined;
    const rollout = new Rollout(access, { secondLook: options.secondLook, report, queries }, () => {
      if (!options.dynamodb) dynamodb.destroy();
      if (!options.appConfigData) appConfigData.destroy();
    });
    await access.routing.current();
    return rollout;
  }

  /**
   * The items of the new model.
   * @typeParam T the type of the items; a union where the table has several
   * @typeParam Key the key attributes, such as `Pick<City, 'pk' | 'sk'>`. Without it each key is checked when it is used.
   */
  table<T extends object, Key extends object = Partial<T>>(): Table<T, Key> {
    this.requireItems('table()');
    return new Table(this.access, this.comparison);
  }

  /** Where a target key stands now, for code that does its own reads. Writes belong to `table()`. @throws LeaseExpired */
  async route(targetKey: object): Promise<Route> {
    this.requireItems('route()');
    const { table, position, legacyKey } = await route(this.access, wireKey(targetKey, this.access.model.schemas.target));
    return {
      position,
      authority: authorityOf(position),
      legacyKey: plainItem(legacyKey) as PlainItem,
      revision: table.revision,
    };
  }

  /**
   * Asks a query of a `StagedReindex`, by its name in `defineReindex`, of the index that answers it now. The params decide which: the
   * same params ask the same index, until the stage of the rollout changes. Items are read and written without this client.
   * @typeParam T the type of the answer's items
   * @throws LeaseExpired; QueryFailed when DynamoDB refuses the query; TransformFailed; InvalidItem for params that cannot be sent
   */
  async ask<T extends object = PlainItem>(query: string, params: object): Promise<T[]> {
    if (this.questions) return (await this.questions.ask(query, params)) as T[];
    throw new RolloutError(
      'InvalidConfiguration',
      'ask() belongs to a StagedReindex, and this client is connected to another change. Use table().',
    );
  }

  /** What is known now, without asking anybody. */
  status(): RolloutStatus {
    const { table, leased, age, failure } = this.access.routing.status();
    return { leased, age, revision: table?.revision, run: table?.run, positions: table ? positionsOf(table) : [], failure };
  }

  /** Resolves when the comparisons under way are over: for a Lambda function that wants them done before it is frozen. */
  idle(): Promise<void> {
    return this.beside.idle();
  }

  /** Ends comparisons and closes the connections that `connect` opened. */
  close(): void {
    this.beside.close();
    this.dispose();
  }

  private requireItems(what: string): void {
    if (!this.questions) return;
    throw new RolloutError(
      'InvalidConfiguration',
      `${what} is for changes of items, and a StagedReindex moves queries only. Use ask(), and read and write items as ever.`,
    );
  }
}

/** Lambda reads what is printed; elsewhere somebody has to. */
function reporterOf({ metricNamespace, migration }: ClientConfiguration, metrics: ConnectOptions['metrics']) {
  const take = metrics ?? (process.env.AWS_LAMBDA_FUNCTION_NAME ? console.log : undefined);
  // A stack that was deployed before there were such metrics does not name them.
  if (!take || !metricNamespace || !migration) return undefined;
  return (report: ShadowReport) => {
    try {
      take(embeddedMetrics(metricNamespace, migration, report, Date.now()));
    } catch {
      // The listener is the application's; so is its failure.
    }
  };
}

/** A listener that throws must not fail an answer. */
function told(listener: ConnectOptions['onEvent'], event: RolloutEvent): void {
  try {
    listener?.(event);
  } catch {
    // The listener is the application's; so is its failure.
  }
}
