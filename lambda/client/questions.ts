import { fromWire } from '../adapters/model';
import type { AccessPattern, Params, PatternQueries } from '../core/access-pattern';
import { type Disagreements, differenceOf, disagreementsOf, persisting } from '../core/answers';
import { RolloutError } from '../core/errors';
import { canonical, type Item } from '../core/item';
import { answerOf } from '../core/pattern-answer';
import { authorityOf } from '../core/position';
import { positionOfRoutingKey } from '../core/routing-table';
import type { Access } from './access';
import type { Beside } from './beside';
import { wireParams } from './codec';
import type { ReadTimes } from './shadow-counts';
import type { PlainItem } from './transform';

/** What questions are asked with. */
export interface QuestionsOptions {
  readonly queries: PatternQueries;
  readonly beside: Beside;
  /** Milliseconds after which answers that differed are looked at again. */
  readonly secondLook: number;
  /** Does not keep the process alive. */
  readonly pause: (milliseconds: number) => Promise<void>;
}

interface Question {
  readonly name: string;
  readonly pattern: AccessPattern;
  readonly params: Params;
}

/**
 * Questions of the application while an index replaces another one. The text of the params decides which of the two is asked; in
 * `shadow` a sample is asked of both, beside the answer. Both indexes are eventually consistent, so only what stands at a second look
 * counts as a mismatch.
 */
export class Questions {
  constructor(
    private readonly access: Access,
    private readonly options: QuestionsOptions,
  ) {}

  async ask(name: string, given: object): Promise<PlainItem[]> {
    const question = this.question(name, given);
    const { routing, random } = this.access;
    const table = await routing.current();
    const position = positionOfRoutingKey(table, canonical(question.params.values));
    const items = await this.answer(authorityOf(position), question);
    if (position === 'shadow' && random() * 100 < table.sample) this.compareBeside(question);
    return items.map(fromWire);
  }

  private question(name: string, given: object): Question {
    const { patterns, version } = this.access.model;
    const pattern = patterns.get(name);
    const values = wireParams(given);
    if (pattern) return { name, pattern, params: { values, from: values } };
    throw new RolloutError(
      'InvalidConfiguration',
      `Reindex ${version} has no query ${name}; it has: ${[...patterns.keys()].join(', ')}. Ask one of these, or add it under a new version.`,
      { name },
    );
  }

  private answer(side: 'legacy' | 'target', { pattern, params }: Question): Promise<readonly Item[]> {
    return answerOf({ queries: this.options.queries, model: this.access.model }, side, pattern, params);
  }

  private compareBeside(question: Question): void {
    const { name: query, params } = question;
    this.options.beside.start(
      () => this.compare(question),
      (error) => this.access.tell({ type: 'comparison-failed', query, key: fromWire(params.values), error }),
    );
  }

  private async compare(question: Question): Promise<void> {
    const { beside, pause, secondLook } = this.options;
    const first = await this.look(question);
    if (first.found.size === 0) return beside.counts.add(false, first.times);
    await pause(secondLook);
    if (beside.closed) return;
    const { found } = await this.look(question);
    const left = persisting(first.found, found);
    // What differs in another way by now is a change under way: it counts neither way.
    if (left.size === 0 && found.size > 0) return;
    beside.counts.add(left.size > 0, first.times);
    if (left.size === 0) return;
    const { name: query, params } = question;
    this.access.tell({ type: 'answer-mismatch', query, params: fromWire(params.values), ...differenceOf(left) });
  }

  /** One after the other: the times are compared, and neither should wait for the other. */
  private async look(question: Question): Promise<{ found: Disagreements; times: ReadTimes }> {
    const { clock } = this.access;
    const begun = clock.now();
    const legacy = await this.answer('legacy', question);
    const between = clock.now();
    const target = await this.answer('target', question);
    const times = { legacy: between - begun, target: clock.now() - between };
    return { found: disagreementsOf(legacy, target, question.pattern.ordered), times };
  }
}
