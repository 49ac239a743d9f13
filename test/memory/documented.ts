import Ajv, { type ValidateFunction } from 'ajv';
import { propertiesOf } from '../../lambda/core/event-field';
import { EVENT_KINDS, EVENT_SOURCE, eventKindOf } from '../../lambda/core/event-kinds';
import { eventSchema } from '../../lambda/core/event-schema';
import type { Event } from '../../lambda/core/ledger';
import { publicationOf } from '../../lambda/core/publication';

const ajv = new Ajv({ strict: true, strictRequired: false, strictTypes: false, allErrors: true });
const validators = new Map<string, ValidateFunction>();

/** Refuses an entry that is not as the documentation says: of an unknown kind, without what is promised, or with more than that. */
export function requireDocumented(event: Event): void {
  const { kind, data } = event;
  check(`data of ${kind}`, () => dataSchema(kind), data);
  const { detailType, detail } = publicationOf('orders', event);
  check('event', eventSchema, { source: EVENT_SOURCE, 'detail-type': detailType, detail: JSON.parse(detail) });
}

function dataSchema(kind: string) {
  const spec = eventKindOf(kind);
  if (!spec) throw new Error(`Kind ${kind} is not among ${Object.keys(EVENT_KINDS).join(', ')}.`);
  return { type: 'object', additionalProperties: false, ...propertiesOf(spec.data) };
}

function check(what: string, schema: () => object, value: unknown): void {
  const validate = validators.get(what) ?? ajv.compile(schema());
  validators.set(what, validate);
  if (!validate(value)) throw new Error(`Not documented: ${what}: ${ajv.errorsText(validate.errors)}: ${JSON.stringify(value)}`);
}
