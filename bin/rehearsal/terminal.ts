import { log } from '@clack/prompts';
import pc from 'picocolors';

/** Between two lines of progress where lines cannot be updated, in milliseconds. */
const PLAIN_INTERVAL = 10_000;

/** What a person sees: lines that stay, and one line below them that is updated while something goes on. */
export class Terminal {
  private readonly updating: boolean;
  private shown = '';
  private told = Number.NEGATIVE_INFINITY;
  private topic = '';

  constructor(private readonly out: NodeJS.WriteStream = process.stdout) {
    this.updating = out.isTTY === true;
  }

  title(text: string): void {
    this.clear();
    log.step(pc.bold(text), { output: this.out });
  }

  line(text: string): void {
    this.clear();
    log.message(text, { output: this.out, spacing: 0 });
  }

  good(text: string): void {
    this.clear();
    log.success(text, { output: this.out });
  }

  bad(text: string): void {
    this.clear();
    log.error(text, { output: this.out });
  }

  /** Shows progress. Where lines cannot be updated: one line when the topic changes and every ten seconds. */
  live(topic: string, details: string): void {
    if (this.updating) {
      this.update(`${pc.cyan('│')}  ${pc.bold(topic)}  ${pc.dim(details)}`);
      return;
    }
    const now = performance.now();
    if (topic === this.topic && now - this.told < PLAIN_INTERVAL) return;
    this.topic = topic;
    this.told = now;
    this.line(`${topic}  ${details}`);
  }

  /** Takes the updated line away. */
  clear(): void {
    if (this.shown) this.out.write('\r\u001b[2K');
    this.shown = '';
  }

  private update(text: string): void {
    const line = clip(text, (this.out.columns ?? 80) - 1);
    if (line === this.shown) return;
    this.out.write(`\r\u001b[2K${line}`);
    this.shown = line;
  }
}

/** The text cut to a width, colours not counted. */
export function clip(text: string, width: number): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours of a terminal are control characters
  const parts = text.split(/(\u001b\[[0-9;]*m)/);
  let left = width;
  return parts
    .map((part, index) => {
      if (index % 2 === 1) return part;
      const kept = [...part].slice(0, Math.max(0, left)).join('');
      left -= [...kept].length;
      return kept;
    })
    .join('');
}
