import { toWire } from '../adapters/plain-items';
import { RolloutError } from '../core/errors';
import { type Item, keyOf } from '../core/item';
import type { TraceInput } from '../core/journey';
import type { Model, Schemas } from '../core/model';
import type { Database } from '../core/ports';
import type { Side } from '../core/position';
import { itemFromJson } from '../core/wire-json';

/** A key that was asked for, and whose it is. */
export interface Asked {
  readonly side: Side;
  readonly key: Item;
}

interface Asking {
  readonly database: Database;
  readonly model: Model;
  readonly inPlace: boolean;
}

const SIDES: readonly Side[] = ['legacy', 'target'];

/**
 * The key that an operator means. Where both tables have key attributes of the same names, it is that of the table that has such an
 * item, and the legacy table's where both have one or none.
 * @throws InvalidItem when it is no key of either table
 */
export async function askedKey({ database, model, inPlace }: Asking, { key, side }: TraceInput): Promise<Asked> {
  const wire = wireKey(key);
  const fitting = SIDES.filter((one) => (side ?? one) === one && isKey(wire, model.schemas[one]));
  const [first, second] = fitting;
  if (!first) throw refused(`It has the attributes ${Object.keys(wire).join(', ') || 'none'}`, model.schemas);
  const asked = (one: Side) => ({ side: one, key: keyOf(wire, model.schemas[one]) });
  if (!second || inPlace) return asked(first);
  const [legacy, target] = await Promise.all(fitting.map((one) => database.get(one, asked(one).key)));
  return asked(!legacy && target ? second : first);
}

/** What DynamoDB answers to a key whose attributes have other types than the table's. */
export function refusedKey(error: unknown, { schemas }: Model): unknown {
  const isRefused = error instanceof Error && error.name === 'ValidationException';
  return isRefused ? refused(`DynamoDB refuses it: ${error.message}`, schemas) : error;
}

function wireKey(key: unknown): Item {
  if (typeof key !== 'object' || key === null || Array.isArray(key))
    throw invalid('The key must be a JSON object of key attributes, such as { "id": "42" }.');
  const entries = Object.entries(key as Record<string, unknown>);
  try {
    return Object.fromEntries(entries.flatMap(([name, value]) => Object.entries(wireAttribute(name, value))));
  } catch (error) {
    throw invalid(`The key cannot be one of DynamoDB: ${(error as Error).message}`);
  }
}

/** No key attribute is a map, so an object is DynamoDB's own JSON. */
function wireAttribute(name: string, value: unknown): Item {
  return typeof value === 'object' && value !== null ? itemFromJson({ [name]: value }) : toWire({ [name]: value });
}

function isKey(wire: Item, schema: readonly string[]): boolean {
  return Object.keys(wire).length === schema.length && schema.every((name) => name in wire);
}

function refused(why: string, { legacy, target }: Schemas): RolloutError {
  return invalid(
    `That is no key of these tables. ${why}. A key of the legacy table has ${legacy.join(' and ')}; one of the target table has ` +
      `${target.join(' and ')}. Give all of one of them, texts as texts and numbers as numbers.`,
  );
}

function invalid(message: string): RolloutError {
  return new RolloutError('InvalidItem', message);
}
