/** What an operation does to one register, the value of one target key; undefined is absence. */
export type Effect =
  | { readonly kind: 'read'; readonly value: string | undefined }
  /** Whatever was there. */
  | { readonly kind: 'write'; readonly value: string | undefined }
  /** Only on what was read: an update tries again until it fits. */
  | { readonly kind: 'change'; readonly from: string | undefined; readonly value: string | undefined };

/** One operation on one key. */
export interface Operation {
  readonly key: string;
  readonly who: string;
  readonly began: number;
  /** When its answer came; undefined when none did: it may take effect at any later moment, or never. */
  ended?: number;
  /** What it may have done: one effect when it was answered, any of them or none when it was not. */
  effects: Effect[];
  readonly name: string;
}

/** Everything that was asked of the data, and what was answered. */
export class History {
  readonly operations: Operation[] = [];

  /** An operation of which nothing is known yet. */
  begin(key: string, who: string, name: string, began: number): Operation {
    const operation: Operation = { key, who, name, began, effects: [] };
    this.operations.push(operation);
    return operation;
  }

  /** It was answered, and this is what it did. */
  answered(operation: Operation, ended: number, effect: Effect): void {
    operation.ended = ended;
    operation.effects = [effect];
  }

  /** It was refused: nothing was done. */
  refused(operation: Operation): void {
    this.operations.splice(this.operations.indexOf(operation), 1);
  }

  byKey(): Map<string, Operation[]> {
    const keys = new Map<string, Operation[]>();
    for (const operation of this.operations) keys.set(operation.key, [...(keys.get(operation.key) ?? []), operation]);
    return keys;
  }
}
