import pc from 'picocolors';
import type {
  Journey,
  JourneyDifference,
  JourneyItem,
  JourneyRecord,
  JourneyStream,
  TransformAnswer,
} from '../../lambda/core/journey';
import { table } from '../terminal/table';

/** Characters of a token or digest that are shown. */
const SHORT = 12;

/** The journey of a document, for people. */
export function journeyText(journey: Journey): string[] {
  const { asked, group, items, agreement, transform, streams, events, olderEvents, traces, unknown, valuesLeftOut } = journey;
  return [
    `${pc.bold(asked.key)}  ${asked.side}${group.canary ? ', a canary of ours' : ''}`,
    `stands      ${standing(journey)}`,
    `agreement   ${colour(agreement.verdict)}${agreement.looks > 1 ? pc.dim(`  (looked ${agreement.looks} times)`) : ''}`,
    ...agreement.differences.map((each) => `            ${difference(each)}`),
    `up          ${answer(transform.up)}`,
    `down        ${answer(transform.down)}`,
    ...section(`items${journey.form ? `, stored in the form of the ${journey.form}` : ''}`, itemTable(items)),
    ...items.flatMap(({ side, key, value }) => (value === undefined ? [] : [`${side} ${key}: ${JSON.stringify(value)}`])),
    ...streams.flatMap(stream),
    ...section(
      'traces',
      traces.map(({ at, direction, trace: id, outcome }) => `${at}  ${direction}  ${outcome}  ${id}`),
    ),
    ...section(
      `ledger${olderEvents > 0 ? ` (${olderEvents} older entries left out)` : ''}`,
      events.map(({ at, kind, run, data }) => `${at}  ${run}  ${kind}  ${JSON.stringify(data)}`),
    ),
    ...(valuesLeftOut > 0 ? [pc.yellow(`Values of ${valuesLeftOut} items are left out: an answer has no more room.`)] : []),
    ...unknown.map((each) => pc.yellow(each)),
  ];
}

function standing({ routing, group }: Journey): string {
  const bucket = `routing key ${group.routingKey}, bucket ${group.bucket}`;
  if (!routing) return `unknown  (${bucket})`;
  const { position, pinned, authority, revision, spreading } = routing;
  const where = `${pc.bold(position)}${pinned ? ', pinned' : ''}; ${authority} is the truth`;
  return `${where}  (${bucket}, table ${revision}${spreading ? ', while another one spreads' : ''})`;
}

function colour(verdict: Journey['agreement']['verdict']): string {
  return (verdict === 'same' ? pc.green : verdict === 'diverged' ? pc.red : pc.yellow)(verdict);
}

function difference({ targetKey, kind, paths }: JourneyDifference): string {
  return `${targetKey}  ${kind}${paths ? `: ${paths.join(', ')}` : ''}`;
}

function answer(said: TransformAnswer): string {
  if (said.outcome === 'none') return 'nothing to ask it about';
  return said.outcome === 'fits' ? `fits: ${said.keys.join('; ') || 'no item'}` : pc.red(`${said.error}: ${said.message}`);
}

function itemTable(items: readonly JourneyItem[]): string[] {
  if (items.length === 0) return ['none'];
  const rows = items.map(({ side, key, token, writer, bytes, digest }) => {
    return [side, key, writer ?? '-', token?.slice(0, SHORT) ?? '-', `${bytes}`, digest.slice(0, SHORT)];
  });
  return table([['side', 'key', 'writer', 'token', 'bytes', 'digest'], ...rows]);
}

function stream({ side, records, olderRecords, complete, shards, unread, reached }: JourneyStream): string[] {
  const partly = `${unread} of ${shards} shards not read to their end${reached ? `, the slowest until ${reached}` : ''}: there may be more`;
  return [
    ...section(
      `stream of the ${side} table${olderRecords > 0 ? ` (${olderRecords} older records left out)` : ''}`,
      records.map(record),
    ),
    ...(complete ? [] : [pc.yellow(partly)]),
  ];
}

function record({ at, change, key, token, writer, unadopted, byService, paths, before, after }: JourneyRecord): string {
  const who = byService ? 'time-to-live' : unadopted ? 'without the client' : (writer ?? '-');
  const images = [before, after].flatMap((image) => (image === undefined ? [] : [`  ${JSON.stringify(image)}`]));
  return `${at}  ${change}  ${key}  ${who}  ${token?.slice(0, SHORT) ?? '-'}${paths ? `  ${paths.join(', ')}` : ''}${images.join('')}`;
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', pc.dim(title), ...lines];
}
