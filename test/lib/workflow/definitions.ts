import type { Template } from 'aws-cdk-lib/assertions';

/** A state as Amazon States Language has it, as far as these tests look. */
export interface State {
  readonly Type: string;
  readonly Retry?: { readonly ErrorEquals: string[]; readonly MaxAttempts: number }[];
  readonly Catch?: { readonly ErrorEquals: string[]; readonly Next: string }[];
  readonly Parameters?: Record<string, unknown>;
  readonly ItemProcessor?: Definition;
  readonly [field: string]: unknown;
}

/** A state machine as Amazon States Language has it. */
export interface Definition {
  readonly StartAt: string;
  readonly States: Record<string, State>;
  readonly ProcessorConfig?: Record<string, string>;
}

/** The definitions of all state machines, by what their comment says. Everything that is known only when deployed is `?`. */
export function definitionsOf(template: Template): {
  rollout: Definition;
  rollback: Definition;
  shift: Definition;
  bake: Definition;
} {
  const all = commented(template);
  const about = (text: string) => all.find(({ Comment }) => Comment.includes(text)) as Definition;
  return {
    rollout: about('Rolls') ?? about('Amends'),
    rollback: about('back to the legacy'),
    shift: about('Moves traffic'),
    bake: about('Observes'),
  };
}

/** The definition of the state machine whose comment says so. */
export function definitionOf(template: Template, text: string): Definition {
  return commented(template).find(({ Comment }) => Comment.includes(text)) as Definition;
}

function commented(template: Template): (Definition & { Comment: string })[] {
  return Object.values(template.findResources('AWS::StepFunctions::StateMachine')).map(({ Properties }) => {
    const [, parts] = Properties.DefinitionString['Fn::Join'] as [string, unknown[]];
    return JSON.parse(parts.map((part) => (typeof part === 'string' ? part : '?')).join('')) as Definition & { Comment: string };
  });
}

/** Every state, those of children too. */
export function statesOf(definition: Definition): [string, State][] {
  return Object.entries(definition.States).flatMap(([name, state]) => [
    [name, state] as [string, State],
    ...(state.ItemProcessor ? statesOf(state.ItemProcessor) : []),
  ]);
}
