import * as events from 'aws-cdk-lib/aws-events';
import { detailTypeOf, EVENT_KINDS, EVENT_SOURCE } from '../../lambda/core/event-kinds';
import { refusal } from '../private/refuse';
import type { StagedChange } from './staged-change';

/** Options of `StagedChange.onTransition()`. */
export interface OnTransitionOptions extends events.OnEventOptions {
  /**
   * Kinds of entries that are listened to, such as `stage-passed` and `rollback-begun`; docs/events.md has all of them.
   * @default - every kind
   */
  readonly kinds?: string[];
}

/** A rule on the bus of the change's ledger, for events of this change and no other. */
export function transitionRule(change: StagedChange, id: string, options: OnTransitionOptions): events.Rule {
  const { kinds, target, crossStackScope, ...rest } = options;
  if (kinds) validateKinds(`onTransition('${id}')`, kinds);
  const rule = new events.Rule(crossStackScope ?? change, id, { ...rest, eventBus: change.ledger.eventBus });
  rule.addEventPattern({
    source: [EVENT_SOURCE],
    ...(kinds ? { detailType: kinds.map(detailTypeOf) } : {}),
    detail: { migration: [change.migrationId] },
  });
  rule.addTarget(target);
  return rule;
}

function validateKinds(owner: string, kinds: string[]): void {
  if (kinds.length === 0) throw refusal(owner, 'kinds', 'must hold at least one kind; leave it out for every kind');
  const known = Object.keys(EVENT_KINDS);
  const strange = kinds.find((kind) => !known.includes(kind));
  if (strange !== undefined) throw refusal(owner, 'kinds', `must hold kinds of entries: ${known.join(', ')}`, strange);
}
