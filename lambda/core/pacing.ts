import type { Clock } from './control';
import type { Ledger } from './ledger';
import { portionOf, UnitBudget } from './pace';
import { SPEED_NOTE, type Speed, type SpeedNote, shareOf, speedOf } from './speed';

/** What pacing needs from outside. */
export interface PacingPorts {
  readonly ledger: Ledger;
  readonly clock: Clock;
  /** As the stack was deployed. */
  readonly speed: Speed;
}

/** A worker, as its child execution tells it. */
export interface PacedWorker {
  readonly run: string;
  readonly generation: number;
  readonly slices: number;
  /** Workers that its map was begun with. Executions of an older definition do not say. */
  readonly workers?: number;
}

/** Milliseconds between two looks at what an operator set. */
const LOOK_MILLISECONDS = 5000;

/** The pace of one worker, which an operator may change while it works. */
export class Pacing {
  readonly budget: UnitBudget;
  private rate: number;
  private lookedAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly ports: PacingPorts,
    private readonly worker: PacedWorker,
  ) {
    this.rate = this.rateAt(ports.speed);
    this.budget = new UnitBudget(this.rate, ports.clock.now());
  }

  /** Items to take on next: asked before each portion. */
  async portion(): Promise<number> {
    const { clock, ledger, speed } = this.ports;
    if (clock.now() - this.lookedAt >= LOOK_MILLISECONDS) {
      this.lookedAt = clock.now();
      const note = (await ledger.note(SPEED_NOTE)) as Partial<SpeedNote> | undefined;
      this.rate = this.rateAt(speedOf(note, this.worker.run, this.worker.generation, speed));
      this.budget.change(this.rate, clock.now());
    }
    return portionOf(this.rate);
  }

  private rateAt(speed: Speed): number {
    return shareOf(speed, this.worker.slices, this.worker.workers);
  }
}
