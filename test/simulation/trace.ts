import { textOf, type What } from './process';
import { hashOf } from './random';

/** One line of what happened. */
export interface Line {
  /** Milliseconds from the beginning. */
  readonly at: number;
  readonly who: string;
  readonly what: string;
  readonly detail: string;
}

/** What happened in a run: as lines when somebody wants to read them, and otherwise as a number alone. */
export class Trace {
  readonly lines: Line[] = [];
  private hash = 0;

  constructor(private readonly mode: 'lines' | 'digest' | 'none' = 'none') {}

  add(at: number, who: string, given: What, detail?: () => string): void {
    if (this.mode === 'none') return;
    const what = textOf(given);
    this.hash = hashOf(`${at} ${who} ${what}`, this.hash);
    if (this.mode === 'lines') this.lines.push({ at, who, what, detail: detail?.() ?? '' });
  }

  /** The same for the same run. */
  get digest(): string {
    return (this.hash >>> 0).toString(16);
  }
}
