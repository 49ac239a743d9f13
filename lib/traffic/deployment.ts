import { Duration } from 'aws-cdk-lib';
import { refusal, requireBetween } from '../private/refuse';

/** How a routing table spreads among the clients. */
export interface DeploymentOptions {
  /**
   * Time until all clients have it. Whole minutes, up to 24 hours: the bounds of AWS AppConfig.
   * @default Duration.minutes(10)
   */
  readonly duration?: Duration;
  /**
   * For `linear`: percent of the clients that each step adds. For `exponential`: the base of the growth, in percent.
   * From 1 to 100.
   * @default 20
   */
  readonly growth?: number;
}

/**
 * How AWS AppConfig deploys a routing table of a stage. All of our own moves, canaries and every step back, are immediate.
 *
 * @see https://docs.aws.amazon.com/appconfig/latest/userguide/appconfig-creating-deployment-strategy.html
 */
export class Deployment {
  /** All clients at once, as soon as they ask. */
  static immediate(): Deployment {
    return new Deployment('LINEAR', Duration.minutes(0), 100);
  }

  /** The same share of clients more at each step. */
  static linear(options: DeploymentOptions = {}): Deployment {
    return Deployment.of('Deployment.linear()', 'LINEAR', options);
  }

  /** Few clients first, then ever more. */
  static exponential(options: DeploymentOptions = {}): Deployment {
    return Deployment.of('Deployment.exponential()', 'EXPONENTIAL', options);
  }

  private static of(factory: string, growthType: string, options: DeploymentOptions): Deployment {
    const { duration = Duration.minutes(10), growth = 20 } = options;
    requireBetween(factory, 'growth', growth, 1, 100);
    if (!duration.isUnresolved()) {
      const seconds = duration.toSeconds();
      if (seconds % 60 !== 0 || seconds > 24 * 3600) {
        throw refusal(factory, 'duration', 'must be whole minutes from 0 to 24 hours', duration);
      }
    }
    return new Deployment(growthType, duration, growth);
  }

  private constructor(
    /** `LINEAR` or `EXPONENTIAL`. */
    readonly growthType: string,
    /** Time until all clients have the table. */
    readonly duration: Duration,
    /** Growth in percent. */
    readonly growth: number,
  ) {}

  /** A text that is equal for equal deployments, and fit for a construct id. */
  get key(): string {
    return `${this.growthType}-${this.duration.toMinutes()}-${this.growth}`;
  }
}
