import { defineTransform } from 'cdk-dynamodb-rollout/client';

/** A reading as the old table has it: all readings of a device are in one partition, which is too hot. */
export interface OldReading {
  readonly device: string;
  /** When it was taken, such as `2026-11-28T09:30:00Z`. */
  readonly at: string;
  readonly value?: number;
}

/** A reading in the new table: the readings of a device are spread over `SHARDS` partitions. */
export interface Reading extends OldReading {
  /** See `partitionOf`. */
  readonly shard: string;
}

/** Over how many partitions each device is spread. Never change it under one version: it decides keys. */
export const SHARDS = 8;

/** The partition of a reading: the device, and a number that follows from the time, so that whoever knows the key finds it. */
export function partitionOf({ device, at }: Pick<OldReading, 'device' | 'at'>): string {
  return `${device}#${fnv1a(at) % SHARDS}`;
}

/** All partitions of a device, for a query of each. */
export function partitionsOf(device: string): string[] {
  return Array.from({ length: SHARDS }, (_, n) => `${device}#${n}`);
}

/** The 32-bit FNV-1a hash, which needs no import: a transform may not reach for `crypto`. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

function deviceOf(shard: string): string {
  return shard.slice(0, shard.lastIndexOf('#'));
}

/** The partition key is spread by a hash of the sort key; the item keeps all it had. */
export default defineTransform<OldReading, Reading>({
  version: '2026-11-readings',

  up: (reading) => [{ ...reading, shard: partitionOf(reading) }],

  down: ([reading]) => {
    if (!reading) return undefined;
    const { shard: _, ...rest } = reading;
    return rest;
  },

  legacyKey: ({ shard, at }) => ({ device: deviceOf(shard), at }),

  legacyPartition: ({ shard }) => ({ device: deviceOf(shard) }),

  canary: {
    item: (n) => ({ device: `canary-${n}`, at: '1970-01-01T00:00:00Z' }),
    number: ({ device }) => {
      const match = /^canary-(\d+)$/.exec(device);
      return match ? Number(match[1]) : undefined;
    },
  },
});
