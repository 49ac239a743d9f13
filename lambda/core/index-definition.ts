/** A global secondary index to be made. */
export interface IndexDefinition {
  /** What partitions it, and what sorts it. */
  readonly keys: readonly { readonly name: string; readonly type: 'S' | 'N' | 'B' }[];
  readonly projection: 'ALL' | 'KEYS_ONLY' | 'INCLUDE';
  /** Attributes besides all keys, where some are included. */
  readonly attributes?: readonly string[];
}
