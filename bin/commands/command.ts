import type { Aws } from '../operator/aws';
import type { Change } from '../operator/change';
import type { ExitCode } from '../operator/failure';

/** An option of a command: a flag, or one with a value. */
export interface Option {
  /** What stands for the value in the help; a flag has none. */
  readonly value?: string;
  readonly about: string;
  readonly required?: boolean;
}

/** What a command came to. */
export interface Outcome {
  /** For `--json`. */
  readonly data: unknown;
  /** For people. */
  readonly lines: readonly string[];
  /** @default done */
  readonly exit?: ExitCode;
}

/** What a command has at hand. */
export interface Context {
  /** Options that were given, by name. */
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
  /** What was given without a name. */
  readonly words: readonly string[];
  readonly aws: Aws;
  /** The change that is named, or the only one. */
  change(): Promise<Change>;
  /** Asks whoever sits there, unless `--yes` says so already. @throws CommandError without a yes */
  confirm(question: string): Promise<void>;
  /** Tells what goes on before there is an outcome. Silent with `--json`. */
  tell(line: string): void;
  readonly json: boolean;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  readonly out: NodeJS.WriteStream;
}

/** A verb of the command line. */
export interface Command {
  /** One line of the help. */
  readonly about: string;
  /** What stands without a name, such as `KEY`. */
  readonly words?: readonly string[];
  readonly options?: Readonly<Record<string, Option>>;
  /** More for its own help: what it does, when to use it. */
  readonly details?: string;
  run(context: Context): Promise<Outcome>;
}

/** The value of an option that is required. */
export function text(context: Context, name: string): string {
  return context.options[name] as string;
}

/** Why somebody does something: required wherever it is recorded. */
export const REASON: Option = { value: 'TEXT', about: 'why; kept in the ledger', required: true };
