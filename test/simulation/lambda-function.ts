import { Process, type Surroundings } from './process';
import type { Random } from './random';

/** One environment of a function: a process that is kept for later invocations. `ports` live as long. */
interface Environment<P> {
  readonly process: Process;
  readonly ports: P;
  /** When the invocation of now has to be over. */
  endsAt: number;
}

/** What the invoker hears when a function ends in the middle. */
export class FunctionEnded extends Error {
  override readonly name = 'Runtime.ExitError';
}

/** A Lambda function: environments that are frozen between invocations, and ended when the time is up. */
export class LambdaFunction<P = unknown> {
  private readonly idle: Environment<P>[] = [];
  private readonly random: Random;
  private made = 0;

  constructor(
    readonly name: string,
    private readonly around: Surroundings,
    private readonly timeout: number,
    /** Makes what an environment holds. `remaining` gives the milliseconds that are left. */
    private readonly begin: (process: Process, remaining: () => number) => P,
    private readonly handle: (ports: P, payload: never) => Promise<unknown>,
  ) {
    this.random = around.dice.stream(`function ${name}`);
  }

  /** The answer of one invocation. Ends with `FunctionEnded` when the process does. */
  invoke(payload: unknown): Promise<unknown> {
    const { scheduler } = this.around;
    const environment = this.environment();
    const { process } = environment;
    environment.endsAt = scheduler.now + this.timeout;
    return new Promise((resolve, reject) => {
      let running = true;
      const settle = (how: () => void) => {
        if (!running) return;
        running = false;
        scheduler.after(this.random.between(1, 10), () => {
          this.rest(environment);
          how();
        });
      };
      process.onCrash = () => settle(() => reject(new FunctionEnded(`${process.name} ended`)));
      scheduler.after(this.timeout, () => running && process.crash());
      scheduler.after(this.random.between(1, 15), () => {
        process.thaw();
        this.handle(environment.ports, payload as never).then(
          (value) => settle(() => resolve(value)),
          (error) => settle(() => reject(error)),
        );
      });
    });
  }

  /** After an answer the environment is frozen, and mostly kept. */
  private rest(environment: Environment<P>): void {
    const { process } = environment;
    if (!process.alive) return;
    process.freeze();
    if (this.random.chance(0.93)) this.idle.push(environment);
    else process.end();
  }

  private environment(): Environment<P> {
    let warm = this.idle.pop();
    while (warm && !warm.process.alive) warm = this.idle.pop();
    if (warm) return warm;
    const process = new Process(`${this.name}#${++this.made}`, this.around);
    const made: Environment<P> = {
      process,
      ports: this.begin(process, () => made.endsAt - this.around.scheduler.now),
      endsAt: 0,
    };
    return made;
  }
}
