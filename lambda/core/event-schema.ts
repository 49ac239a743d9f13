import { type Fields, type JsonSchema, propertiesOf } from './event-field';
import { EVENT_KINDS, EVENT_SOURCE, type EventKindSpec, OTHER_EVENT } from './event-kinds';

const KINDS = Object.entries<EventKindSpec>(EVENT_KINDS);

/** The JSON Schema of every event, made of the table of kinds. Unknown attributes are allowed everywhere: there may be more one day. */
export function eventSchema(): JsonSchema {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'An event of cdk-dynamodb-rollout, as EventBridge delivers it',
    type: 'object',
    properties: {
      source: { const: EVENT_SOURCE },
      'detail-type': { enum: [...KINDS.map(([, { name }]) => name), OTHER_EVENT] },
      detail: { $ref: '#/definitions/detail' },
    },
    required: ['source', 'detail-type', 'detail'],
    oneOf: [...KINDS.map(([kind, { name }]) => ofKind(name, { $ref: `#/definitions/${kind}` })), ofKind(OTHER_EVENT, {})],
    definitions: { detail: DETAIL, ...Object.fromEntries(KINDS.map(([kind, spec]) => [kind, detailOf(kind, spec)])) },
  };
}

/** What an event tells of the data of its entry. */
export function publishedFields({ data }: EventKindSpec): Fields {
  return Object.fromEntries(Object.entries(data).filter(([, { inLedgerOnly }]) => !inLedgerOnly));
}

const DETAIL: JsonSchema = {
  type: 'object',
  properties: {
    format: { const: 1, description: 'Of this schema.' },
    migration: { type: 'string', description: 'Id of the change.' },
    run: { type: 'string', description: 'Id of the run, or `none`.' },
    seq: { type: 'integer', minimum: 1, description: 'Of the entry in the ledger of the change: no number is left out.' },
    at: { type: 'string', description: 'ISO time of the entry.' },
    kind: { type: 'string', description: 'Of the entry.' },
    who: { type: 'string', description: 'Who caused it, where that is known.' },
    data: { type: 'object', description: 'What the kind of entry has.' },
    truncated: { const: true, description: 'There where some of `data` was left out, because it was too large for an event.' },
  },
  required: ['format', 'migration', 'run', 'seq', 'at', 'kind', 'data'],
};

function ofKind(name: string, detail: JsonSchema): JsonSchema {
  return { properties: { 'detail-type': { const: name }, detail } };
}

/** What is required is there unless the event was too large. */
function detailOf(kind: string, spec: EventKindSpec): JsonSchema {
  const { properties = {}, required } = propertiesOf(publishedFields(spec));
  return {
    description: spec.about,
    properties: { kind: { const: kind }, data: { properties } },
    ...(required ? { if: { required: ['truncated'] }, else: { properties: { data: { required } } } } : {}),
  };
}
