import pLimit from 'p-limit';
import type { Clock } from '../core/control';
import { Parallelism, type UnitBudget } from '../core/pace';

/** Errors that ask for patience (Amazon DynamoDB Developer Guide, "Error handling with DynamoDB"). */
const THROTTLED = ['ProvisionedThroughputExceededException', 'RequestLimitExceeded', 'ThrottlingException', 'ThrottledException'];

/** Times that one request may be throttled in a row before the worker gives up. */
const ATTEMPTS = 10;

/** Milliseconds of the first wait after throttling; each further one is twice as long, up to a bound. */
const FIRST_WAIT = 100;
const LONGEST_WAIT = 5000;

/**
 * Requests of one worker, several in flight: more as long as answers are quick, fewer when DynamoDB throttles, and never faster than
 * the budget.
 */
export class Paced {
  constructor(
    private readonly clock: Clock,
    private readonly budget: UnitBudget,
    private readonly parallelism = new Parallelism(),
  ) {}

  /** The answers in order; `units` of each are write units. Returns or throws only when no request is in flight. */
  async all<Job, Answer extends { readonly units: number }>(
    jobs: readonly Job[],
    send: (job: Job) => Promise<Answer>,
  ): Promise<Answer[]> {
    const limit = pLimit(this.parallelism.value);
    let failed = false;
    const attempt = async (job: Job): Promise<Answer[]> => {
      if (failed) return [];
      try {
        return [await this.patiently(() => send(job))];
      } catch (error) {
        failed = true;
        throw error;
      } finally {
        limit.concurrency = this.parallelism.value;
      }
    };
    const answers = await Promise.allSettled(jobs.map((job) => limit(() => attempt(job))));
    return answers.flatMap((answer) => {
      if (answer.status === 'rejected') throw answer.reason;
      return answer.value;
    });
  }

  private async patiently<Answer extends { readonly units: number }>(send: () => Promise<Answer>): Promise<Answer> {
    for (let attempt = 1; ; attempt++) {
      await this.affordable();
      const askedAt = this.clock.now();
      try {
        const answer = await send();
        this.budget.spend(answer.units, this.clock.now());
        this.parallelism.answered(askedAt, this.clock.now());
        return answer;
      } catch (error) {
        if (!(error instanceof Error && THROTTLED.includes(error.name)) || attempt === ATTEMPTS) throw error;
        this.parallelism.throttled(askedAt, this.clock.now());
        await this.clock.sleep(Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (attempt - 1)));
      }
    }
  }

  private async affordable(): Promise<void> {
    for (;;) {
      const wait = this.budget.wait(this.clock.now());
      if (wait === 0) return;
      await this.clock.sleep(wait);
    }
  }
}
