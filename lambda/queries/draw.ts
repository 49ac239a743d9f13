import { RandomItems } from '../compatibility/random-items';
import { type AccessPattern, isCanary } from '../core/access-pattern';
import { canonical, type Item } from '../core/item';
import type { Ledger } from '../core/ledger';
import type { Model } from '../core/model';
import type { Database } from '../core/ports';
import type { Standing } from '../core/query-gate';
import { whyNot } from './ask';

export interface DrawPorts {
  readonly ledger: Ledger;
  readonly database: Database;
  readonly model: Model;
  /** At least 0, less than 1. */
  readonly random: () => number;
}

/** Legacy items that are looked at for each question: many give the same one. */
const ITEMS_PER_QUESTION = 10;

/** Questions of each pattern, `sample` at most, no two with the same params, from random legacy items. */
export async function drawQuestions(
  { ledger, database, model, random }: DrawPorts,
  patterns: ReadonlyMap<string, AccessPattern>,
  sample: number,
): Promise<Standing[]> {
  const size = ((await ledger.note('size'))?.items as number | undefined) ?? 0;
  const drawn = [...patterns].map(([name, pattern]) => ({ name, pattern, questions: new Map<string, Standing>() }));
  const items = new RandomItems({ database, random }, size, ITEMS_PER_QUESTION * sample);
  while (!items.isDone && drawn.some(({ questions }) => questions.size < sample)) {
    for (const item of await items.page()) {
      if (isCanary(model, 'legacy', item)) continue;
      for (const { name, pattern, questions } of drawn) {
        if (questions.size >= sample) continue;
        const question = questionOf(name, pattern, item);
        const text = canonical(question?.params?.values ?? {});
        if (question && !questions.has(text)) questions.set(text, question);
      }
    }
  }
  return drawn.flatMap(({ questions }) => [...questions.values()]);
}

/** The question that an item gives, if it gives one; without params where its function throws. */
function questionOf(name: string, pattern: AccessPattern, item: Item): Standing | undefined {
  const unknown = { pattern: name, looks: 0, open: new Map() };
  try {
    const params = pattern.params(item);
    return params && { ...unknown, params };
  } catch (error) {
    return { ...unknown, failure: whyNot(error) };
  }
}
