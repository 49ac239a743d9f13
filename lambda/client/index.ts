/**
 * The application's side: the new model in every position, and the definitions of transforms.
 * @module cdk-dynamodb-rollout/client
 */
export { ERROR_NAMES, type ErrorName, isRolloutError, RolloutError } from '../core/errors';
export type { KeySchema } from '../core/item';
export type { Position, Side } from '../core/position';
export { type ClientConfiguration, CONFIGURATION_VARIABLE } from './configuration';
export * from './definitions';
export type { AnswerMismatchEvent, ComparisonFailedEvent, DivergedEvent, MismatchEvent, RolloutEvent } from './events';
export type { QueryDefinition, SortCondition, TableQuery } from './query-definition';
export { type ConnectOptions, Rollout, type RolloutStatus, type Route } from './rollout';
export type { Table } from './table';
