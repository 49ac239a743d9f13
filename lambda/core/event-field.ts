/** A part of a JSON Schema. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** What one attribute of an event holds. */
export interface Field {
  /** Its type in JSON, and what it means. */
  readonly schema: JsonSchema & { readonly description: string };
  /** Not in every event of its kind. */
  readonly optional?: boolean;
  /** Stays in the ledger, under its key: events go to whoever reads the bus. */
  readonly inLedgerOnly?: boolean;
}

/** The attributes of an event by name. */
export type Fields = Readonly<Record<string, Field>>;

export function text(description: string): Field {
  return { schema: { type: 'string', description } };
}

/** A whole number of 0 or more, unless it says otherwise. */
export function whole(description: string, minimum = 0): Field {
  return { schema: { type: 'integer', minimum, description } };
}

export function amount(description: string): Field {
  return { schema: { type: 'number', description } };
}

export function flag(description: string): Field {
  return { schema: { type: 'boolean', description } };
}

export function oneOf(choices: readonly string[], description: string): Field {
  return { schema: { enum: [...choices], description } };
}

export function texts(description: string): Field {
  return { schema: { type: 'array', items: { type: 'string' }, description } };
}

/** A list of objects. What they hold is evidence, whose shape may grow. */
export function objects(description: string): Field {
  return { schema: { type: 'array', items: { type: 'object' }, description } };
}

/** An object with these attributes; without any it is evidence, whose shape may grow. */
export function object(description: string, fields: Fields = {}): Field {
  return { schema: { type: 'object', ...propertiesOf(fields), description } };
}

export function optional(field: Field): Field {
  return { ...field, optional: true };
}

/** For what is the user's data. */
export function inLedgerOnly(field: Field): Field {
  return { ...field, optional: true, inLedgerOnly: true };
}

/** The fields as `properties` and `required` of a JSON Schema. */
export function propertiesOf(fields: Fields): JsonSchema {
  const entries = Object.entries(fields);
  const required = entries.filter(([, { optional }]) => !optional).map(([name]) => name);
  const properties = Object.fromEntries(entries.map(([name, { schema }]) => [name, schema]));
  return { ...(entries.length > 0 ? { properties } : {}), ...(required.length > 0 ? { required } : {}) };
}
