import { FAULTS, type Mercy, NO_MERCY } from './faults';
import { type Options, type Report, simulate } from './run';
import { type Settings, settingsOf } from './settings';
import type { Variant } from './variant';

/** A failing schedule, made as small as it gets. */
export interface Shrunk {
  readonly settings: Settings;
  readonly mercy: Mercy;
  readonly report: Report;
  readonly runs: number;
}

/** Runs that a search may take. */
const MOST_RUNS = 400;

/**
 * Makes a failing schedule smaller while the same invariant stays broken: leaves out kinds of faults, then single faults,
 * then operations by halves, and looks for the earliest moment from which nothing has to go wrong any more.
 */
export async function shrink(seed: number, variant: Variant = {}): Promise<Shrunk> {
  const first = variant.settings?.(settingsOf(seed)) ?? settingsOf(seed);
  const report = await simulate(seed, { variant, settings: first });
  const search = new Search(seed, variant, first, report);
  await search.leaveOutKinds();
  await search.spareSingles();
  await search.shortenLists();
  await search.calmEarlier();
  return search.found;
}

class Search {
  private settings: Settings;
  private mercy: Mercy = NO_MERCY;
  private runs = 0;

  constructor(
    private readonly seed: number,
    private readonly variant: Variant,
    settings: Settings,
    private report: Report,
  ) {
    this.settings = settings;
  }

  get found(): Shrunk {
    const { settings, mercy, report, runs } = this;
    return { settings, mercy, report, runs };
  }

  async leaveOutKinds(): Promise<void> {
    for (const fault of FAULTS) {
      await this.attempt({ mercy: { ...this.mercy, without: new Set([...this.mercy.without, fault]) } });
    }
    await this.attempt({ settings: { ...this.settings, brakes: this.settings.brakes.slice(0, 1) } });
    await this.attempt({ settings: { ...this.settings, brakes: [] } });
    await this.attempt({ settings: { ...this.settings, pauses: this.settings.pauses.slice(0, 1) } });
    await this.attempt({ settings: { ...this.settings, pauses: [] } });
  }

  async spareSingles(): Promise<void> {
    for (const name of this.report.names) {
      await this.attempt({ mercy: { ...this.mercy, spared: new Set([...this.mercy.spared, name]) } });
    }
  }

  /** Each client's intentions: without a half, a quarter, and so on, down to single ones. */
  async shortenLists(): Promise<void> {
    await this.attempt({ settings: { ...this.settings, nativeWrites: 0 } });
    for (let client = 0; client < this.settings.clients.length; client++) {
      for (let size = 16; size >= 1; size = Math.floor(size / 2)) {
        for (let from = 0; from < (this.settings.clients[client] as unknown[]).length; ) {
          const clients = this.settings.clients.map((list, n) => (n === client ? list.toSpliced(from, size) : list));
          if (!(await this.attempt({ settings: { ...this.settings, clients } }))) from += size;
        }
      }
    }
  }

  async calmEarlier(): Promise<void> {
    let [good, bad] = [0, Math.min(this.mercy.calmAfter, this.report.duration)];
    for (let n = 0; n < 8; n++) {
      const middle = (good + bad) / 2;
      if (await this.attempt({ mercy: { ...this.mercy, calmAfter: middle } })) bad = middle;
      else good = middle;
    }
  }

  /** Keeps a smaller schedule if it breaks what the first one broke. */
  private async attempt(smaller: Pick<Options, 'settings' | 'mercy'>): Promise<boolean> {
    if (this.runs >= MOST_RUNS) return false;
    this.runs++;
    const settings = smaller.settings ?? this.settings;
    const mercy = smaller.mercy ?? this.mercy;
    const report = await simulate(this.seed, { variant: this.variant, settings, mercy });
    const broken = this.report.violations.map(({ invariant }) => invariant);
    if (!report.violations.some(({ invariant }) => broken.includes(invariant))) return false;
    Object.assign(this, { settings, mercy, report });
    return true;
  }
}
