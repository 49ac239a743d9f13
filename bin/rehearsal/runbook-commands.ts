import type { Manifest } from '../../lib/operations/manifest';
import { commandsOf } from '../../lib/runbook/document';
import { runbook } from '../../lib/runbook/runbook';
import { RehearsalError } from './shell';

/** What is rehearsed by itself: a drill has a local AWS of its own (`npm run drill`). */
const ELSEWHERE = ['drill'];

/** The commands of a runbook, each under what it says without what is filled in: `rollback --soft --reason`. */
export class RunbookCommands {
  private readonly byShape = new Map<string, readonly string[]>();
  private readonly given = new Set<string>();

  constructor(manifest: Manifest) {
    for (const { args } of commandsOf(runbook(manifest))) {
      const words = args.slice(1);
      if (!ELSEWHERE.includes(words[0] as string) && !this.byShape.has(shapeOf(words))) this.byShape.set(shapeOf(words), words);
    }
  }

  /** The command as the runbook has it, its blanks filled in in their order. @throws RehearsalError when it has no such command */
  take(shape: string, ...filling: string[]): string[] {
    const found = this.byShape.get(shape);
    if (!found)
      throw new RehearsalError(`The runbook has no command '${shape}'. It has: ${[...this.byShape.keys()].join('; ')}.`);
    this.given.add(shape);
    const rest = [...filling];
    return found.map((word) => (/<[^>]*>/.test(word) ? (rest.shift() ?? word) : word));
  }

  /** Those that nobody took. */
  missing(): string[] {
    return [...this.byShape.keys()].filter((shape) => !this.given.has(shape));
  }
}

/** The verb and its options, without where it acts. */
function shapeOf([verb, ...words]: readonly string[]): string {
  return [verb, ...words.filter((word) => word.startsWith('--') && word !== '--migration' && word !== '--region')].join(' ');
}
