import type { RoutingControl } from '../../lambda/core/control';
import type { Plan } from '../../lambda/core/plan';
import type { Database } from '../../lambda/core/ports';
import type { PollRouting } from '../../lambda/core/routing-source';
import type { Rates } from './faults';
import type { Process } from './process';
import type { Settings } from './settings';
import type { Handler } from './tasks';

/** A world that differs from the real one in some port: to see whether the invariants notice. */
export interface Variant {
  readonly database?: (database: Database, process: Process) => Database;
  readonly control?: (control: RoutingControl, plan: Plan) => RoutingControl;
  /** The plan as the handlers see it. */
  readonly plan?: (plan: Plan) => Plan;
  readonly poll?: (poll: PollRouting, process: string) => PollRouting;
  /** Handlers in place of the real ones, by task. */
  readonly handlers?: Readonly<Record<string, Handler>>;
  /** Answers `not done` where a request that was sent twice may have been done. */
  readonly hidesDoubt?: boolean;
  /** Sends single writes again, whatever they ask for. */
  readonly repeats?: boolean;
  /** Where the event sources start, and how many milliseconds after the beginning. */
  readonly startsAt?: 'TRIM_HORIZON' | 'LATEST';
  readonly startsAfter?: number;
  /** Faults and settings that bring the difference to light sooner. */
  readonly rates?: Rates;
  readonly settings?: (settings: Settings) => Settings;
}
