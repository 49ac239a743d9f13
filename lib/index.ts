/**
 * Constructs of staged changes, and what they are made of.
 * @module cdk-dynamodb-rollout
 */
export * from './access/rollout-roles';
export * from './amendment/staged-amendment';
export * from './amendment/staged-amendment-props';
export * from './change/change-plan';
export * from './change/change-set';
export type { OnTransitionOptions } from './change/on-transition';
export * from './change/staged-change';
export * from './change/staged-change-props';
export * from './gates/gate';
export * from './gates/gate-options';
export { Hook, type HookOptions } from './hooks/hook';
export * from './hooks/hook-failure';
export * from './ledger/ledger-grants';
export * from './ledger/rollout-ledger';
export * from './migration/backfill-options';
export type { ClientConfiguration } from './migration/client-configuration';
export * from './migration/cohort';
export * from './migration/goal';
export * from './migration/migration-grants';
export * from './migration/stage';
export * from './migration/staged-migration';
export * from './migration/staged-migration-props';
export * from './migration/timing';
export * from './migration/transform';
export * from './monitoring/migration-metrics';
export * from './reindex/staged-reindex';
export * from './reindex/staged-reindex-props';
export * from './safety/risk';
export * from './safety/rollback';
export * from './safety/trigger';
export * from './traffic/deployment';
export * from './traffic/traffic-grants';
export * from './traffic/traffic-shift';
