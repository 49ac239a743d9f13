import { PRICES } from './prices';

/** What the way back costs: the side that is no longer in authority is stored, and kept up. */
export interface WindowUse {
  /** Bytes of that table with its indexes. */
  readonly bytes: number;
  readonly pointInTimeRecovery: boolean;
  /** Write units a second that replication uses on that table, as seen lately. */
  readonly writeUnits: number;
  /** True where the table is the same: nothing is stored or written twice. */
  readonly inPlace?: boolean;
}

/** US dollars a day, by what they are for. */
export interface WindowCost {
  readonly storage: number;
  readonly recovery: number;
  readonly writes: number;
  readonly total: number;
}

const GIGABYTE = 1024 ** 3;
const DAYS_OF_MONTH = 365 / 12;
const SECONDS_OF_DAY = 86_400;

/** What a day of an open reverse window costs, by the price list of `PRICES`. The checks that replication makes on the other side come on top. */
export function windowCost({ bytes, pointInTimeRecovery, writeUnits, inPlace = false }: WindowUse): WindowCost {
  const monthly = (price: number) => (inPlace ? 0 : ((bytes / GIGABYTE) * price) / DAYS_OF_MONTH);
  const storage = monthly(PRICES.storageMonth);
  const recovery = pointInTimeRecovery ? monthly(PRICES.recoveryMonth) : 0;
  const writes = inPlace ? 0 : (writeUnits * SECONDS_OF_DAY * PRICES.writeMillion) / 1_000_000;
  return { storage, recovery, writes, total: storage + recovery + writes };
}

/** The cost in one sentence. */
export function tellCost({ storage, recovery, writes, total }: WindowCost): string {
  const money = (dollars: number) => `$${dollars.toFixed(2)}`;
  return (
    `The open window costs about ${money(total)} a day: storage ${money(storage)}, point-in-time recovery ${money(recovery)}, replication ` +
    `${money(writes)} (on-demand list prices of ${PRICES.region}, ${PRICES.asOf}).`
  );
}
