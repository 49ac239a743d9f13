export { type AmendmentDefinition, defineAmendment } from './amendment';
export { defineReindex, type ReindexDefinition } from './reindex';
export { type CanaryDefinition, defineTransform, type PlainItem, type TransformDefinition } from './transform';
