import { Duration, Token } from 'aws-cdk-lib';

/** An error for a misused prop: whose prop, its bounds, and what was received. */
export function refusal(owner: string, prop: string, bounds: string, received?: unknown): Error {
  const suffix = received === undefined ? '' : ` Received: ${textOf(received)}.`;
  return new Error(`${owner}: ${prop} ${bounds}.${suffix}`);
}

/** Names fit for an entry of the ledger, and for a state of a workflow, which may have 80 characters in all. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9 ._-]{0,59}$/;

/** Refuses a name that is not fit for ledger and workflow. Tokens are skipped. */
export function requireName(owner: string, prop: string, name: string): void {
  if (Token.isUnresolved(name) || NAME.test(name)) return;
  throw refusal(owner, prop, 'must be 1 to 60 letters, digits, spaces, dots, underscores and hyphens', name);
}

/** Refuses a number outside of the bounds. Tokens are skipped: their value is not known yet. */
export function requireBetween(owner: string, prop: string, value: number, min: number, max: number): void {
  if (Token.isUnresolved(value)) return;
  if (!(value >= min && value <= max)) throw refusal(owner, prop, `must be between ${min} and ${max}`, value);
}

/** Refuses a number that is not whole or outside of the bounds. Tokens are skipped. */
export function requireWhole(owner: string, prop: string, value: number, min: number, max: number): void {
  if (Token.isUnresolved(value)) return;
  if (!Number.isInteger(value)) throw refusal(owner, prop, `must be a whole number from ${min} to ${max}`, value);
  requireBetween(owner, prop, value, min, max);
}

/** Refuses a text that is blank or too long. Tokens are skipped. */
export function requireText(owner: string, prop: string, text: string, longest: number): void {
  if (Token.isUnresolved(text) || (text.trim() !== '' && text.length <= longest)) return;
  throw refusal(owner, prop, `must be a text of 1 to ${longest} characters`, text);
}

function textOf(value: unknown): string {
  if (value instanceof Duration) return value.toHumanString();
  if (typeof value === 'string') return `'${value}'`;
  return typeof value === 'number' ? `${value}` : JSON.stringify(value);
}
