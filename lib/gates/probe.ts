import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { allowInvocation } from '../private/invocation';
import type { GateOptions } from './gate-options';
import { commonOf, type GateParts } from './gate-parts';

/** A function of the user that gives the verdict. */
export function probeGate(handler: lambda.IFunction, options: GateOptions): GateParts {
  const common = commonOf('Gate.probe()', options.id ?? handler.node.id, options);
  return {
    id: common.id,
    observed: {
      spec: () => ({ kind: 'probe', ...common, functionName: handler.functionArn }),
      grant: (observer) => allowInvocation(observer, handler),
    },
  };
}
