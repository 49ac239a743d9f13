import { fromWire } from '../../lambda/adapters/plain-items';
import type { ClientConfiguration, ConnectOptions, PlainItem } from '../../lambda/client';
import type { Item, KeySchema } from '../../lambda/core/item';
import type { Model } from '../../lambda/core/model';
import type { OperatorConfiguration } from '../../lambda/core/operator-configuration';
import type { Manifest } from '../../lib/operations/manifest';
import type { Connection } from '../local-aws';
import { AskingItems, askerOf, type Question } from '../rehearsal/asking';
import { Connections } from '../rehearsal/connections';
import type { Items } from '../rehearsal/traffic';

/** Questions that are asked again and again, of each query. */
const QUESTIONS = 10;

/** A user's transform, as the client takes it and as the core has it. */
export interface Transformed {
  readonly transform: ConnectOptions['transform'];
  readonly model: Model;
}

/** The application of a drill. */
export class Clients {
  private readonly connections: Connections;
  private readonly questions: readonly Question[];

  constructor(
    private readonly configuration: ClientConfiguration,
    connection: Connection,
    private readonly transformed: Transformed,
    sample: readonly Item[],
  ) {
    this.connections = new Connections(JSON.stringify(configuration), connection);
    this.questions = configuration.reindex ? questionsOf(transformed.model, sample) : [];
  }

  /** A new client, which reads and writes items of the new model. */
  async connect(): Promise<Items<PlainItem, PlainItem>> {
    const { transform, model } = this.transformed;
    const { rollout, dynamodb } = await this.connections.connect(transform);
    if (!this.configuration.reindex) return rollout.table<PlainItem, PlainItem>();
    return new AskingItems(askerOf(rollout, this.questions), dynamodb, this.configuration.targetTable, model.schemas.target);
  }

  close(): void {
    this.connections.close();
  }
}

/** What the constructs tell applications, from what they tell operators and what they were synthesised with. */
export function clientConfigurationOf(operator: OperatorConfiguration, { tables, plan, kind }: Manifest): ClientConfiguration {
  const { migration, metricNamespace, traffic } = operator;
  return {
    ...{ migration, metricNamespace, ...traffic, inFlight: plan.inFlight },
    ...{ legacyTable: operator.tables.legacy, targetTable: operator.tables.target },
    legacyKeys: tables.legacy.keys as unknown as KeySchema,
    targetKeys: tables.target.keys as unknown as KeySchema,
    ...(kind === 'amend' ? { inPlace: true, earlier: plan.earlier ?? [] } : {}),
    ...(kind === 'reindex' ? { reindex: true } : {}),
  };
}

function questionsOf(model: Model, sample: readonly Item[]): Question[] {
  return [...model.patterns].flatMap(([query, pattern]) => {
    const params = sample.flatMap((item) => pattern.params(item) ?? []).slice(0, QUESTIONS);
    return params.map(({ values }) => ({ query, params: fromWire(values) }));
  });
}
