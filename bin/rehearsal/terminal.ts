import { log } from '@clack/prompts';
import pc from 'picocolors';
import type { Screen } from '../terminal/screen';

/** Between two lines of progress where lines cannot be updated, in milliseconds. */
const PLAIN_INTERVAL = 15_000;
const BAR = pc.gray('│');

/** What a person sees of one thing among several. */
export class Terminal {
  private told = Number.NEGATIVE_INFINITY;
  private topic = '';

  /** `name` stands before every line; none is needed when nothing else goes on. */
  constructor(
    private readonly screen: Screen,
    private readonly name = '',
  ) {}

  title(text: string): void {
    this.screen.print(() => log.step(pc.bold(this.named(text)), this.options));
  }

  line(text: string): void {
    this.screen.print(() => log.message(this.named(text), { ...this.options, spacing: 0 }));
  }

  good(text: string): void {
    this.screen.print(() => log.success(this.named(text), this.options));
  }

  bad(text: string): void {
    this.screen.print(() => log.error(this.named(text), this.options));
  }

  /** Shows progress. Where lines cannot be updated: one line when the topic changes and from time to time. */
  live(topic: string, details: string): void {
    if (this.screen.updating) {
      this.screen.update(this.name, `${BAR}  ${this.named(`${pc.bold(topic)}  ${pc.dim(details)}`)}`);
      return;
    }
    const now = performance.now();
    if (topic === this.topic && now - this.told < PLAIN_INTERVAL) return;
    this.topic = topic;
    this.told = now;
    this.line(`${topic}  ${details}`);
  }

  /** Takes the progress away. */
  clear(): void {
    this.screen.update(this.name);
  }

  private named(text: string): string {
    return this.name ? `${pc.cyan(this.name.padEnd(10))} ${text}` : text;
  }

  private get options() {
    return { output: this.screen.out };
  }
}
