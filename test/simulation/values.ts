import type { Attribute } from '../../lambda/core/item';
import { hashOf } from './random';

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));
const textOf = (value: Uint8Array): string => Buffer.from(value).toString();

/** Three digits a character behind a one: up to twelve characters in the 38 digits of a number. */
const digitsOf = (text: string): string => `1${[...text].map((c) => String(c.charCodeAt(0)).padStart(3, '0')).join('')}`;
const fromDigits = (digits: string): string =>
  (digits.slice(1).match(/\d{3}/g) ?? []).map((code) => String.fromCharCode(Number(code))).join('');

/** Marks what is in a set beside the name. */
const BESIDE = '~';

/** A way to write a name as a value of one type. */
interface Form {
  readonly type: string;
  readonly write: (name: string) => Attribute;
  // biome-ignore lint/suspicious/noExplicitAny: the value under its type descriptor
  readonly read: (value: any) => string;
}

const FORMS: readonly Form[] = [
  { type: 'S', write: (name) => ({ S: name }), read: (value) => value },
  { type: 'N', write: (name) => ({ N: digitsOf(name) }), read: fromDigits },
  { type: 'B', write: (name) => ({ B: bytes(name) }), read: textOf },
  {
    type: 'SS',
    write: (name) => ({ SS: [BESIDE, name] }),
    read: (value: string[]) => value.find((text) => text !== BESIDE) as string,
  },
  {
    type: 'NS',
    write: (name) => ({ NS: [digitsOf(name), '-0.5'] }),
    read: (value: string[]) => fromDigits(value.find((number) => !number.startsWith('-')) as string),
  },
  {
    type: 'BS',
    write: (name) => ({ BS: [bytes(name), bytes(BESIDE)] }),
    read: (value: Uint8Array[]) => value.map(textOf).find((text) => text !== BESIDE) as string,
  },
  {
    type: 'L',
    write: (name) => ({ L: [{ NULL: true }, { S: name }, { N: '1.50' }] }),
    read: (value: Attribute[]) => readName(value[1] as Attribute),
  },
  {
    type: 'M',
    write: (name) => ({ M: { flag: { BOOL: true }, name: { S: name } } }),
    read: (value: { name: Attribute }) => readName(value.name),
  },
];

/** The name of a write as a value: in one of DynamoDB's types, always the same one for the same name. */
export function writeName(name: string): Attribute {
  return (FORMS[Math.abs(hashOf(name)) % FORMS.length] as Form).write(name);
}

/** The name of the write that a value comes from. */
export function readName(value: Attribute): string {
  const [type, content] = Object.entries(value)[0] as [string, unknown];
  return (FORMS.find((form) => form.type === type) as Form).read(content);
}
