import type { Callbacks } from '../../lambda/core/control';

/** Tasks that wait, and what they were answered. */
export class WaitingTasks implements Callbacks {
  readonly answers: string[] = [];

  constructor(private readonly tokens: Set<string>) {}

  async succeed(token: string, output: Record<string, unknown>) {
    return this.answer(token, `${token} goes on: ${JSON.stringify(output)}`);
  }

  async fail(token: string, error: string, cause: string) {
    return this.answer(token, `${token} fails: ${error}: ${cause}`);
  }

  private answer(token: string, text: string): boolean {
    if (!this.tokens.delete(token)) return false;
    this.answers.push(text);
    return true;
  }
}
