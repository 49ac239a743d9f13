import { clip } from './clip';

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

  /** Shows these lines in place of what was updated before. */
  show(lines: readonly string[]): void {
    this.live.clear();
    this.print(() => {
      lines.forEach((line, index) => {
        this.live.set(String(index), line);
      });
    });
  }

  private draw(): void {
    if (!this.updating) return;
    for (const text of this.live.values()) this.out.write(`${clip(text, (this.out.columns ?? 80) - 1)}\n`);
    this.drawn = this.live.size;
  }
}
