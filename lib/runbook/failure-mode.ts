import type { ErrorName } from '../../lambda/core/errors';
import type { Kind, Position } from '../../lambda/core/position';
import type { GateKind } from '../gates/gate-kinds';
import type { TriggerKind } from '../safety/trigger-kinds';
import type { Command } from './command';

/**
 * What shows that the project handles it: a fault of `npm run rehearse`, a case of `test/scenario` by its name, a variant of the
 * simulation without one rule, or a test by its file and title.
 */
export type Proof = `rehearse:${string}` | `scenario:${string}` | `bad:${string}` | `test:${string}: ${string}`;

/** Something that a person does. */
export type Remedy = string | { readonly say: string; readonly command: Command };

/** One way in which a change goes wrong. Texts are prose: what stands between backticks is code. */
export interface FailureMode {
  readonly id: string;
  readonly title: string;
  /** Kinds of change that it can happen to. */
  readonly kinds: readonly Kind[];
  /** Where given, it can happen only to a plan with one of these gates. */
  readonly onlyWith?: readonly GateKind[];
  /** Where given, it can happen only to a plan that takes keys as far. */
  readonly onlyFrom?: Position;
  /** What the operator sees. */
  readonly symptom: string;
  readonly cause: string;
  readonly detection: Detection;
  /** What the system does by itself. */
  readonly response: string;
  /** What a person does, in order. */
  readonly remedy: readonly Remedy[];
  /** At least one. */
  readonly proof: readonly Proof[];
}

/** What notices it. */
export interface Detection {
  /** What is always there to notice it, whatever the plan has. */
  readonly by: string;
  /** Names of errors that say so. */
  readonly errors?: readonly ErrorName[];
  /** Triggers and gates that notice it, where the plan has them. */
  readonly triggers?: readonly TriggerKind[];
  readonly gates?: readonly GateKind[];
}

export const ALL: readonly Kind[] = ['rehydrate', 'amend', 'reindex'];
/** Kinds that write items. */
export const WRITING: readonly Kind[] = ['rehydrate', 'amend'];
/** Kinds with two sides whose answers can be compared. */
export const COMPARING: readonly Kind[] = ['rehydrate', 'reindex'];
export const BETWEEN_TABLES: readonly Kind[] = ['rehydrate'];
