import { type AccessPattern, isCanary, type Params, type PatternQueries } from './access-pattern';
import { RolloutError } from './errors';
import type { Item } from './item';
import type { Model } from './model';
import type { Side } from './position';

/** What asking needs from outside. */
export interface Asking {
  readonly queries: PatternQueries;
  readonly model: Model;
}

/** Items of one answer: more do not fit into the memory of a function beside others. */
const MOST_ITEMS = 20_000;

/** The answer of one side: all pages, or as many as the limit asks for, without canaries. @throws QueryFailed, TransformFailed */
export async function answerOf(
  { queries, model }: Asking,
  side: Side,
  pattern: AccessPattern,
  params: Params,
): Promise<readonly Item[]> {
  const query = pattern.query(side, params);
  const { limit = Number.POSITIVE_INFINITY } = query;
  const items: Item[] = [];
  let after: Item | undefined;
  do {
    const page = await queries.page(side, query, after);
    items.push(...page.items.filter((item) => !isCanary(model, side, item)));
    if (items.length > MOST_ITEMS) throw tooMany(side);
    after = page.next;
  } while (after && items.length < limit);
  return pattern.answer(side, items.slice(0, limit), params);
}

function tooMany(side: Side): RolloutError {
  return new RolloutError(
    'QueryFailed',
    `A query of the ${side} table finds more than ${MOST_ITEMS} items. Give it a limit or a sort condition in the transform, under a new version.`,
    { side },
  );
}
