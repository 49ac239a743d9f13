import { RolloutError } from './errors';
import { represented, versionToken } from './group';
import { type Item, keyOf, keyText } from './item';
import type { Model } from './model';
import { parts } from './pace';
import { stamped } from './stamp';

/** Inserts of one request (BatchExecuteStatement takes 25 statements). */
export const BATCH = 25;

/**
 * The target items of some legacy items as batches of inserts, stamped with the token of the legacy version that they
 * are made of, so that replication and reconciliation know them.
 * @throws NotRepresentable where `down` does not give a legacy item back; TransformFailed where `up` throws, gives one key twice, or
 * gives a key that `legacyKey` does not lead back
 */
export function insertsOf(model: Model, legacyItems: readonly Item[]): Item[][] {
  return parts(
    legacyItems.flatMap((legacy) => targetsOf(model, legacy)),
    BATCH,
  );
}

function targetsOf(model: Model, legacy: Item): Item[] {
  const token = versionToken(legacy);
  const legacyKey = keyText(keyOf(legacy, model.schemas.legacy));
  return [...represented(model, legacy).values()].map((item) => {
    const back = keyText(model.legacyKey(keyOf(item, model.schemas.target)));
    if (back !== legacyKey) throw strayed(legacyKey, keyText(keyOf(item, model.schemas.target)), back);
    return stamped(item, token, 'backfill');
  });
}

function strayed(legacyKey: string, targetKey: string, back: string): RolloutError {
  return new RolloutError(
    'TransformFailed',
    `up() of ${legacyKey} gave the target key ${targetKey}, but legacyKey() leads from there to ${back}. ` +
      'Both must agree, or a change of one item would be carried to another.',
    { key: legacyKey, targetKey, back },
  );
}
