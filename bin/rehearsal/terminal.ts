import { log } from '@clack/prompts';
import pc from 'picocolors';
import { clip } from './clip';

/** Between two lines of progress where lines cannot be updated, in milliseconds. */
const PLAIN_INTERVAL = 15_000;
const BAR = pc.gray('│');

/** Lines that stay, and below them one line for each thing that goes on, updated where the output is a terminal. */
export class Screen {
  private readonly live = new Map<string, string>();
  private drawn = 0;

  constructor(readonly out: NodeJS.WriteStream = process.stdout) {}

  get updating(): boolean {
    return this.out.isTTY === true;
  }

  /** Writes what stays, above what is updated. */
  print(write: () => void): void {
    if (this.drawn > 0) this.out.write(`\u001b[${this.drawn}A\u001b[J`);
    this.drawn = 0;
    write();
    this.draw();
  }

  /** Sets or, without a text, takes away what goes on under a name. */
  update(name: string, text?: string): void {
    if (this.live.get(name) === text) return;
    if (text === undefined) this.live.delete(name);
    else this.live.set(name, text);
    this.print(() => {});
  }

  private draw(): void {
    if (!this.updating) return;
    for (const text of this.live.values()) this.out.write(`${clip(text, (this.out.columns ?? 80) - 1)}\n`);
    this.drawn = this.live.size;
  }
}

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
