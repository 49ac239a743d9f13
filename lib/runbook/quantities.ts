const UNITS: readonly (readonly [seconds: number, name: string])[] = [
  [86_400, 'day'],
  [3600, 'hour'],
  [60, 'minute'],
  [1, 'second'],
];

/** `1 day`, `90 minutes`, `36 hours`: in the largest unit that needs no fraction. */
export function duration(seconds: number): string {
  const whole = UNITS.find(([unit]) => seconds >= unit && seconds % unit === 0);
  const [unit, name] = whole ?? [1, 'second'];
  const count = Number((seconds / unit).toFixed(1));
  return `${count} ${name}${count === 1 ? '' : 's'}`;
}

/** `minute`, `5 minutes`: after the words every and the. */
export function each(seconds: number): string {
  return duration(seconds).replace(/^1 /, '');
}

/** A duration where seconds do not matter. */
export function roughly(seconds: number): string {
  if (seconds < 120) return duration(Math.ceil(seconds));
  return seconds < 2 * 86_400 ? hoursAndMinutes(Math.ceil(seconds / 60)) : `${Math.round(seconds / 8640) / 10} days`;
}

/** `a`, `a and b`, `a, b and c`. */
export function joined(parts: readonly string[], last = 'and'): string {
  return parts.length < 2 ? (parts[0] ?? '') : `${parts.slice(0, -1).join(', ')} ${last} ${parts.at(-1)}`;
}

/** Minutes of the day as `HH:MM`. */
export function timeOfDay(minutes: number): string {
  return [Math.floor(minutes / 60), minutes % 60].map((part) => `${part}`.padStart(2, '0')).join(':');
}

function hoursAndMinutes(minutes: number): string {
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  return joined([...(hours > 0 ? [duration(hours * 3600)] : []), ...(rest > 0 ? [duration(rest * 60)] : [])]);
}
