import type { Dice } from './faults';
import type { Random } from './random';

const MINUTE = 60_000;

/** What gates measure of the application: a latency that is sometimes too high or not told, and a probe that sometimes objects. */
export class Application {
  private readonly random: Random;

  constructor(private readonly dice: Dice) {
    this.random = dice.stream('application');
  }

  async values(_queries: readonly unknown[], from: number, to: number): Promise<Map<number, number>> {
    const values = new Map<number, number>();
    const isSlow = this.dice.happens('slow', 0.02, this.random, 'application');
    for (let at = from; at < to; at += MINUTE) if (this.random.chance(0.9)) values.set(at, isSlow ? 100 : 10);
    return values;
  }

  async probe(): Promise<unknown> {
    if (this.dice.happens('objects', 0.02, this.random, 'probe')) return { verdict: 'failed', reason: 'It objects.' };
    return this.random.chance(0.9) ? { verdict: 'successful', evidence: 1 } : { verdict: 'inconclusive' };
  }
}
