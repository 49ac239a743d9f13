export { type AmendmentDefinition, defineAmendment } from './amendment';
export { type CanaryDefinition, defineTransform, type PlainItem, type TransformDefinition } from './transform';
