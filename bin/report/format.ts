import { type Html, html } from './html';

/** What stands where nothing is known. */
export const UNKNOWN = html`<span class="unknown">not measured</span>`;

/** A moment in UTC, to the minute or the second. */
export function moment(at: number | string, seconds = false): Html {
  const iso = new Date(at).toISOString();
  return html`<time datetime="${iso}">${iso.slice(0, 10)} ${iso.slice(11, seconds ? 19 : 16)}</time>`;
}

const UNITS: readonly (readonly [seconds: number, name: string])[] = [
  [86_400, 'd'],
  [3600, 'h'],
  [60, 'min'],
  [1, 's'],
];

/** Milliseconds in words: the two largest units. */
export function duration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  const at = UNITS.findIndex(([length]) => seconds >= length);
  if (at === -1) return '0 s';
  const [length, name] = UNITS[at] as readonly [number, string];
  const next = UNITS[at + 1];
  const rest = next ? Math.floor((seconds % length) / next[0]) : 0;
  return `${Math.floor(seconds / length)} ${name}${rest > 0 && next ? ` ${rest} ${next[1]}` : ''}`;
}

/** A number as people read it: with two decimals below 10, one below 100, and none above. */
export function number(value: number): string {
  const size = Math.abs(value);
  return value.toLocaleString('en-US', { maximumFractionDigits: size < 10 ? 2 : size < 100 ? 1 : 0 });
}

/** Bytes as people read them. */
export function bytes(value: number): string {
  const at = value < 1000 ? 0 : Math.min(4, Math.floor(Math.log10(value) / 3));
  return `${number(value / 1000 ** at)} ${['bytes', 'kB', 'MB', 'GB', 'TB'][at]}`;
}

/** A share, 0 to 1. What is pinned only has none. */
export function percent(share: number): string {
  return `${number(share * 100)} %`;
}

/** A count with its noun. */
export function count(value: number, one: string, many = `${one}s`): string {
  return `${number(value)} ${value === 1 ? one : many}`;
}

/** The last part of an ARN, and other texts as they are. */
export function shortArn(text: string): string {
  return text.startsWith('arn:') ? text.split(/[:/]/).slice(-2).join('/') : text;
}
