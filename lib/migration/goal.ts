import type { Position } from '../../lambda/core/position';

/** Where the keys of a stage stand at its end. */
export class Goal {
  /** Both tables are written in one transaction; the legacy table is read and is the authority. */
  static dualLegacy(): Goal {
    return new Goal('dual-legacy');
  }

  /** Both tables are written in one transaction; the target table is read and is the authority. The way back is immediate. */
  static dualTarget(): Goal {
    return new Goal('dual-target');
  }

  /** Only the target table is used; replication keeps the legacy table up for the way back. */
  static target(): Goal {
    return new Goal('target');
  }

  /** Only the legacy table is used, and a sample of the reads is compared with the target.
   * @internal
   */
  static _shadow(): Goal {
    return new Goal('shadow');
  }

  /** The position in the routing table. */
  readonly position: string;

  private constructor(position: Position) {
    this.position = position;
  }
}
