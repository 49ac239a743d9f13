import { App, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { GateSpec } from '../../lambda/core/gate';
import type { Plan } from '../../lambda/core/plan';
import type { WindowSpec } from '../../lambda/core/window';
import { migrationPhases } from '../../lib/workflow/phases';
import type { StageApproval } from '../../lib/workflow/stage';
import type { WorkflowTasks } from '../../lib/workflow/tasks';
import { Workflows } from '../../lib/workflow/workflows';

/** A state as Amazon States Language has it, as far as the workflows use it. */
export interface State {
  readonly Type: 'Pass' | 'Task' | 'Choice' | 'Wait' | 'Map' | 'Succeed' | 'Fail';
  readonly Next?: string;
  readonly End?: boolean;
  readonly InputPath?: string | null;
  readonly OutputPath?: string | null;
  readonly ResultPath?: string | null;
  readonly Parameters?: Record<string, unknown>;
  readonly ResultSelector?: Record<string, unknown>;
  readonly Result?: unknown;
  readonly Resource?: string;
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly Catcher[];
  readonly Choices?: readonly (Rule & { readonly Next: string })[];
  readonly Default?: string;
  readonly Seconds?: number;
  readonly SecondsPath?: string;
  readonly TimeoutSeconds?: number;
  readonly ItemsPath?: string;
  readonly ItemSelector?: Record<string, unknown>;
  readonly ItemProcessor?: Definition;
  readonly MaxConcurrencyPath?: string;
  readonly ErrorPath?: string;
  readonly CausePath?: string;
  readonly Error?: string;
  readonly Cause?: string;
}

export interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds?: number;
  readonly MaxAttempts?: number;
  readonly BackoffRate?: number;
  readonly MaxDelaySeconds?: number;
}

export interface Catcher {
  readonly ErrorEquals: readonly string[];
  readonly Next: string;
  readonly ResultPath?: string | null;
}

/** A condition of a choice: a path and one operator, or a combination of others. */
export interface Rule {
  readonly Variable?: string;
  readonly And?: readonly Rule[];
  readonly Or?: readonly Rule[];
  readonly Not?: Rule;
  readonly [operator: string]: unknown;
}

export interface Definition {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

export type Machine = 'rollout' | 'rollback' | 'shift' | 'bake' | 'comparison';
export type Definitions = Readonly<Record<Machine, Definition>>;

const TASKS: readonly (keyof WorkflowTasks)[] = [
  ...([
    'begin',
    'preflight',
    'prove',
    'planSlices',
    'backfill',
    'compatibility',
    'askApproval',
    'awaitResume',
    'window',
    'sketch',
    'differences',
    'reconcile',
  ] as const),
  ...(['sumSlices', 'traffic', 'observe', 'queries', 'evidence', 'finish', 'takeover'] as const),
];

const BUDGETS = { observeOnly: false, inconclusiveBudget: 3, errorBudget: 2 };

/** What decides each stage, besides the observation itself. */
const GATES: GateSpec[] = [
  { kind: 'probe', id: 'probe', functionName: 'probe', ...BUDGETS },
  {
    ...{ kind: 'metric', id: 'latency', queries: [], period: 60, windows: 3, breaching: 2, failOnMissing: false, ...BUDGETS },
    ...{ bound: { kind: 'above-baseline', percent: 50, seconds: 600 }, inconclusiveBudget: 100 },
  },
];

/** When the second stage may begin: at eleven, three quarters of an hour after the beginning, and for the rest of the day. */
const WINDOW: WindowSpec = {
  timeZone: 'Etc/GMT+12',
  days: [0, 1, 2, 3, 4, 5, 6],
  from: 11 * 60,
  to: 24 * 60,
  blackouts: [],
};

/** Who has to agree before the last stage. */
export const APPROVAL: StageApproval = { approvers: ['dba', 'owner'], atLeast: 2, expiresAfter: 3600 };

/** The workflows of a plan, synthesised: each task's resource is its name, each workflow's is its own. */
export function definitionsOf(plan: Plan): Definitions {
  const stack = new Stack(new App(), 'Simulation');
  const tasks = Object.fromEntries(TASKS.map((name) => [name, aFunction(stack, name)])) as unknown as WorkflowTasks;
  new Workflows(stack, 'W', {
    tasks,
    phases: migrationPhases(tasks, { inFlight: Duration.seconds(plan.inFlight) }),
    plan,
    deployments: plan.stages.map(() => 60),
    checks: plan.stages.map((_, index) => ({
      compatibility: { sample: 20, observeOnly: index === 0 },
      approval: index === plan.stages.length - 1 ? APPROVAL : undefined,
      window: index === 1 ? WINDOW : undefined,
      gates: GATES,
      queries: { names: ['group'], sample: 3, observeOnly: index === 0 },
      comparison: { observeOnly: index === 0 },
    })),
    tick: Duration.seconds(30),
    logRetention: RetentionDays.ONE_DAY,
  });
  const names = new Map<string, string>(TASKS.map((name) => [idOf(stack, tasks[name] as lambda.Function), name]));
  const resources = Template.fromStack(stack).findResources('AWS::StepFunctions::StateMachine');
  const comments: [string, Machine][] = [
    ['Rolls', 'rollout'],
    ['back to the legacy', 'rollback'],
    ['Moves traffic', 'shift'],
    ['Observes', 'bake'],
    ['in full', 'comparison'],
  ];
  const machineOf = (text: string) => comments.find(([comment]) => text.includes(comment))?.[1] as Machine;
  const texts = new Map(
    Object.entries(resources).map(([id, { Properties }]) => [id, Properties.DefinitionString['Fn::Join'][1] as unknown[]]),
  );
  for (const [id, parts] of texts) names.set(id, machineOf(JSON.stringify(parts)));
  return Object.fromEntries(
    [...texts].map(([id, parts]) => [names.get(id), JSON.parse(parts.map((part) => textOf(part, names)).join(''))]),
  ) as Definitions;
}

function aFunction(stack: Stack, name: string): lambda.Function {
  const code = lambda.Code.fromInline('exports.handler = async () => {}');
  return new lambda.Function(stack, name, { code, handler: 'index.handler', runtime: lambda.Runtime.NODEJS_22_X });
}

function idOf(stack: Stack, fn: lambda.Function): string {
  return stack.getLogicalId(fn.node.defaultChild as lambda.CfnFunction);
}

/** A part of a definition: text, or a reference to a task or to another workflow. */
function textOf(part: unknown, names: ReadonlyMap<string, string>): string {
  if (typeof part === 'string') return part;
  const reference = part as { Ref?: string; 'Fn::GetAtt'?: string[] };
  const id = reference.Ref ?? reference['Fn::GetAtt']?.[0] ?? '';
  return names.get(id) ?? (id === 'AWS::Partition' ? 'aws' : '?');
}
