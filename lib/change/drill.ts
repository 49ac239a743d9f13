import { CfnOutput, CfnParameter, Duration, Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Gate } from '../gates/gate';
import { Stage } from '../migration/stage';
import { Timing } from '../migration/timing';
import { refusal } from '../private/refuse';
import { Deployment } from '../traffic/deployment';
import { DRILL_CONTEXT, DRILL_PARAMETER } from './drill-context';
import type { ChangeSettings } from './foundation';

/** The account of local AWS. */
const LOCAL_ACCOUNT = '000000000000';

/** Seconds that a stage bakes: long enough to be seen in it. */
const BAKE = Duration.seconds(6);

/** Functions at a time that read or write whole tables: local AWS has a process for each. */
const WORKERS = 2;

/** What was changed for a drill. */
export interface Drill {
  /** What is not practised, and why. */
  readonly leftOut: readonly { readonly what: string; readonly why: string }[];
}

/** True where a change is synthesised for a drill. Never by default. */
export function isDrill(scope: Construct): boolean {
  const value = scope.node.tryGetContext(DRILL_CONTEXT);
  return value === true || value === 'true';
}

/**
 * The settings of a change for a drill: seconds in place of hours, and no gate that needs what local AWS does not have. States, order,
 * barriers, triggers and all other checks stay.
 * @throws where the stack is in a real account
 */
export function drilled(scope: Construct, owner: string, settings: ChangeSettings): ChangeSettings {
  const { stages, risks, backfill, certificateKey } = settings;
  requireLocal(scope, owner);
  const gates = stages.flatMap((stage) => stage.gates.map((gate) => ({ stage, gate, why: reasonAgainst(gate) })));
  const hypotheses = risks.map(({ id }) => ({ what: `the gate of hypothesis '${id}'`, why: MEASURED }));
  const leftOut = [
    ...gates.flatMap(({ stage, gate, why }) => (why ? [{ what: `gate '${gate.id}' of stage '${stage.name}'`, why }] : [])),
    ...hypotheses,
    ...(certificateKey ? [{ what: 'the certificate of a completed run', why: 'local AWS signs nothing' }] : []),
  ];
  const kept = (stage: Stage) => stage.gates.filter((gate) => reasonAgainst(gate) === undefined);
  return {
    ...settings,
    timing: Timing.rehearsal(),
    stages: stages.map((stage) => Stage._hurried(stage, { bake: BAKE, deployment: Deployment.immediate(), gates: kept(stage) })),
    backfill: { ...backfill, maxConcurrency: Math.min(backfill.maxConcurrency, WORKERS) },
    drill: { leftOut },
  };
}

const MEASURED = 'it needs minutes of your traffic, or services of yours';

/** Why a gate cannot be practised; undefined where it can. */
function reasonAgainst({ _parts }: Gate): string | undefined {
  if (_parts.promotion) return 'it needs the certificate of another environment';
  if (_parts.window) return 'a drill does not wait for business hours, and local AWS has no change calendars';
  return _parts.observed ? MEASURED : undefined;
}

function requireLocal(scope: Construct, owner: string): void {
  const stack = topOf(Stack.of(scope));
  if (!Token.isUnresolved(stack.account) && stack.account !== LOCAL_ACCOUNT) {
    throw refusal(
      owner,
      `the context key ${DRILL_CONTEXT}`,
      `is for local AWS only, and stack '${stack.node.path}' is in a real account. Leave its account out for a drill, such as with ` +
        'env: { account: process.env.CDK_DEFAULT_ACCOUNT, region }',
      stack.account,
    );
  }
  if (stack.node.tryFindChild(DRILL_PARAMETER)) return;
  const parameter = new CfnParameter(stack, DRILL_PARAMETER, {
    description: 'This template is for a drill on local AWS: bakes and barriers take seconds. Never deploy it to AWS.',
    allowedValues: ['yes'],
  });
  new CfnOutput(stack, `${DRILL_PARAMETER}Answer`, { value: parameter.valueAsString });
}

/** Only the stack that is deployed can ask for a parameter. */
function topOf(stack: Stack): Stack {
  return stack.nestedStackParent ? topOf(stack.nestedStackParent) : stack;
}
