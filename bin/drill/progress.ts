import pc from 'picocolors';
import type { Live } from '../rehearsal/patience';
import { Screen } from '../terminal/screen';

/** What a drill tells while it runs: lines that stay, and one that is updated where the output is a terminal. */
export class Progress implements Live {
  private readonly screen: Screen;
  private said = '';

  constructor(private readonly out: NodeJS.WriteStream) {
    this.screen = new Screen(out);
  }

  line(text: string): void {
    this.screen.print(() => this.out.write(`${text}\n`));
  }

  /** Where lines cannot be updated: one line when the topic changes. */
  live(topic: string, details: string): void {
    if (this.screen.updating) this.screen.update('', `${pc.bold(topic)}  ${pc.dim(details)}`);
    else if (topic !== this.said) this.line(`  ${topic}  ${details}`.trimEnd());
    this.said = topic;
  }

  /** Takes the progress away. */
  clear(): void {
    this.screen.update('');
  }
}
