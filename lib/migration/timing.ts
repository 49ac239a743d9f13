import { Duration } from 'aws-cdk-lib';

/**
 * How fast routing tables travel and how long everyone waits for everyone. A barrier takes `lease` + `inFlight`.
 */
export class Timing {
  /** For AWS: AppConfig answers a client every 15 seconds at most, a table may be used for a minute, and writers have adopted the client after ten. */
  static standard(): Timing {
    return new Timing(
      Duration.seconds(15),
      Duration.seconds(60),
      Duration.seconds(15),
      Duration.seconds(60),
      Duration.minutes(10),
    );
  }

  /** For rehearsals on local AWS only: seconds, with less than AWS AppConfig lets a client ask, and six tries in a lease. */
  static rehearsal(): Timing {
    return new Timing(Duration.seconds(1), Duration.seconds(6), Duration.seconds(2), Duration.seconds(2), Duration.seconds(5));
  }

  private constructor(
    /** Time between two requests for the routing table. */
    readonly poll: Duration,
    /** How long a table may be used after it was asked for. */
    readonly lease: Duration,
    /** Time after which no request of a worker or client that died can still land. */
    readonly inFlight: Duration,
    /** Time between two observations while a stage bakes. */
    readonly tick: Duration,
    /** How long nobody may have written without the client before the first stage of an amendment. */
    readonly quiet: Duration,
  ) {}
}
