import { setTimeout as wait } from 'node:timers/promises';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** What goes wrong with the application and its target table. Nothing, until it is set. */
export class Disturbance {
  constructor(private readonly table: string) {}

  /** Milliseconds that every request waits. */
  slowness = 0;
  /** Share of the requests that fail, 0 to 1. */
  failures = 0;
  /** Ends the client of another version, where there is one. */
  endStray = (): void => {};

  /** Stands between a client of the application and DynamoDB. */
  attach(database: DynamoDBClient): void {
    database.middlewareStack.add(
      (next) => async (given) => {
        if (this.slowness + this.failures === 0 || !this.concerns(given.input)) return next(given);
        if (this.slowness > 0) await wait(this.slowness);
        if (Math.random() < this.failures) throw Object.assign(new Error('Rehearsal: no access.'), { name: 'AccessDenied' });
        return next(given);
      },
      { step: 'initialize', name: 'rehearsalDisturbance' },
    );
  }

  /** Transactions with the table included. */
  private concerns(input: unknown): boolean {
    return JSON.stringify(input).includes(`"${this.table}"`);
  }
}
