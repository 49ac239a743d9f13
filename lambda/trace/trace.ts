import type { Clock, RoutingControl } from '../core/control';
import { type Item, keyText } from '../core/item';
import type { Journey, JourneyRouting, TraceInput } from '../core/journey';
import type { Event, Ledger } from '../core/ledger';
import type { Model } from '../core/model';
import { eventsNaming } from '../core/named-events';
import type { Database } from '../core/ports';
import { authorityOf } from '../core/position';
import { bucketOf, positionOf } from '../core/routing-table';
import { formsOf } from '../core/stamp';
import { keyDigest, samplesIn, tracesNote } from '../core/tracing';
import { askedKey, refusedKey } from './asked';
import { answersOf, type GroupLook, itemsOf, lookAtGroup } from './group-look';
import { type GroupHistory, historiesOf, type StreamPorts, streamOf } from './streams';
import { ToldValues } from './told-values';

/** Entries of the ledger that are told. */
const EVENTS = 50;

const DIRECTIONS = ['forward', 'reverse'] as const;

export interface TracePorts extends StreamPorts {
  readonly migration: string;
  readonly database: Database;
  readonly model: Model;
  readonly ledger: Pick<Ledger, 'events' | 'note'>;
  readonly control: Pick<RoutingControl, 'deployed'>;
  /** True where one table is amended in place. */
  readonly inPlace: boolean;
  readonly clock: Clock;
}

/** Does a part of the work; what cannot be done is remembered and does not stop the rest. */
type Attempt = <T>(what: string, otherwise: T, work: () => Promise<T>) => Promise<T>;

/**
 * Follows one document: where its group stands, what both tables hold of it, what the transform says, what the streams still have of it
 * and what the ledger says. It writes nothing.
 * @throws InvalidItem when the key is none of these tables; TransformFailed when the transform leads it nowhere
 */
export async function trace(ports: TracePorts, input: TraceInput): Promise<Journey> {
  const { model, migration } = ports;
  const asked = await orRefused(ports, () => askedKey(ports, input));
  const legacyKey = asked.side === 'legacy' ? asked.key : model.legacyKey(asked.key);
  const unknown: string[] = [];
  const attempt: Attempt = async (what, otherwise, work) => {
    try {
      return await work();
    } catch (error) {
      unknown.push(`${what} could not be read: ${error instanceof Error ? `${error.name}: ${error.message}` : error}`);
      return otherwise;
    }
  };
  const values = new ToldValues(input.values === true);
  const histories = await attempt<GroupHistory[]>('Streams', [], () => historiesOf(ports, legacyKey));
  // The tables after the streams: they say which target items the group had, and the tables are the truth.
  const group = await orRefused(ports, () =>
    lookAtGroup(ports, legacyKey, candidatesOf(ports, asked.side, asked.key, histories)),
  );
  const items = itemsOf(model, group, values);
  const digest = keyDigest(legacyKey);
  return {
    ...{ migration, asked: { side: asked.side, key: keyText(asked.key) }, group: groupOf(model, legacyKey, digest) },
    ...(await attempt<Pick<Journey, 'routing'>>('The routing table', {}, () => routingOf(ports, legacyKey))),
    items,
    ...formOf(ports, group),
    ...{ agreement: group.agreement, transform: answersOf(model, group) },
    streams: histories.map((one) => streamOf(one, values)),
    ...(await attempt('Entries of the ledger', { events: [] as Event[], olderEvents: 0 }, () =>
      eventsOf(ports, group, histories, input),
    )),
    traces: await attempt<Journey['traces']>('Traces', [], () => tracesOf(ports, digest)),
    ...{ valuesLeftOut: values.leftOut, unknown },
  };
}

async function orRefused<T>({ model }: TracePorts, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw refusedKey(error, model);
  }
}

/** Target keys that the group may have or had. */
function candidatesOf({ inPlace }: TracePorts, side: string, key: Item, histories: readonly GroupHistory[]): Item[] {
  const seen = histories.flatMap(({ side: of, history }) =>
    of === 'target' ? history.records.map(({ change }) => change.key) : [],
  );
  return side === 'target' || inPlace ? [key, ...seen] : seen;
}

function groupOf(model: Model, legacyKey: Item, digest: string): Journey['group'] {
  const routingKey = model.routingKey(legacyKey);
  const canary = model.canaryNumber(legacyKey) !== undefined;
  return { legacyKey: keyText(legacyKey), digest, routingKey, bucket: bucketOf(routingKey), canary };
}

async function routingOf({ control, model }: TracePorts, legacyKey: Item): Promise<{ routing: JourneyRouting }> {
  const deployed = await control.deployed();
  if (!deployed) throw new Error('no routing table is deployed yet');
  const { table, inProgress } = deployed;
  const position = positionOf(table, model, legacyKey);
  const pinned = table.pins.some(({ key }) => key === model.routingKey(legacyKey));
  const { revision, run } = table;
  const spreading = inProgress !== undefined;
  return { routing: { revision, run, position, pinned, authority: authorityOf(position), spreading } };
}

function formOf({ inPlace, model }: TracePorts, { legacy, found }: GroupLook): Pick<Journey, 'form'> {
  const item = legacy ?? [...found.values()][0];
  if (!inPlace || !item) return {};
  return { form: formsOf(item).includes(model.version) ? 'target' : 'legacy' };
}

async function eventsOf(
  { ledger }: TracePorts,
  { legacyKey, found, agreement }: GroupLook,
  histories: readonly GroupHistory[],
  { values = false }: TraceInput,
): Promise<Pick<Journey, 'events' | 'olderEvents'>> {
  const seen = histories.flatMap(({ history }) => history.records.map(({ change }) => keyText(change.key)));
  const differing = agreement.differences.map(({ targetKey }) => targetKey);
  const keys = new Set([keyText(legacyKey), ...found.keys(), ...differing, ...seen]);
  const all = eventsNaming(await ledger.events(), keys, values);
  return { events: all.slice(-EVENTS), olderEvents: Math.max(0, all.length - EVENTS) };
}

async function tracesOf({ ledger }: TracePorts, digest: string): Promise<Journey['traces']> {
  const all = DIRECTIONS.map(async (direction) => {
    const samples = samplesIn(await ledger.note(tracesNote(direction)));
    return samples.filter(({ key }) => key === digest).map((sample) => ({ ...sample, direction }));
  });
  return (await Promise.all(all)).flat().sort((a, b) => (a.at < b.at ? -1 : 1));
}
