import { Duration, Lazy } from 'aws-cdk-lib';
import { refusal, requireBetween } from '../private/refuse';

/** How long the way back stays open, and how long before its end somebody is told. */
export interface ReverseWindowProps {
  readonly window?: Duration;
  readonly warning?: Duration;
}

/** Days that a window may last: an execution of a plan with all of its changes ends after a year. */
const LONGEST = 90;

/** The warning, unless the user says otherwise or the window is not much longer. */
const WARNING = Duration.hours(24);

/** The reverse window of a change: its own, or that of the plan which the change becomes a part of. */
export class ReverseWindow {
  private window: Duration;
  private readonly warning?: Duration;

  constructor(
    private readonly owner: string,
    { window = Duration.days(14), warning }: ReverseWindowProps,
  ) {
    this.window = checked(owner, window);
    this.warning = warning;
    this.checkWarning();
  }

  get duration(): Duration {
    return this.window;
  }

  /** The plan's window takes the place of the change's own. */
  become(owner: string, window: Duration): void {
    this.window = checked(owner, window);
    this.checkWarning();
  }

  /** Seconds, known when the app is synthesised. */
  get seconds(): string {
    return Lazy.string({ produce: () => `${this.window.toSeconds()}` });
  }

  /** Hours before the end at which the alarm goes off, known when the app is synthesised. */
  get warningHours(): number {
    return Lazy.number({ produce: () => this.warningSeconds() / 3600 });
  }

  /** A short window is not warned of all the time: half of it, at most. */
  private warningSeconds(): number {
    return this.warning?.toSeconds() ?? Math.min(WARNING.toSeconds(), this.window.toSeconds() / 2);
  }

  private checkWarning(): void {
    if (!this.warning || this.warning.isUnresolved() || this.window.isUnresolved()) return;
    if (this.warning.toSeconds() <= this.window.toSeconds()) return;
    throw refusal(
      this.owner,
      'windowWarning',
      `must be within the reverse window of ${this.window.toHumanString()}`,
      this.warning,
    );
  }
}

function checked(owner: string, window: Duration): Duration {
  const days = window.isUnresolved() ? 0 : window.toSeconds() / 86_400;
  requireBetween(owner, 'reverseWindow, in days,', days, 0, LONGEST);
  return window;
}
