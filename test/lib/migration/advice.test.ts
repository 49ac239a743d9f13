import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Stage } from '../../../lib';
import { aMigration, aStack, aTable } from '../fixture';

describe('advice', () => {
  it('is given for a plan that stops half way', () => {
    const stack = aStack();
    aMigration(stack, { stages: [Stage.percent(50)] });
    Annotations.fromStack(stack).hasWarning(
      '/Shop/Orders',
      Match.stringLikeRegexp("last of the stages, '50 percent'.*stagesWithoutFull"),
    );
  });

  it('is given for a source without point-in-time recovery', () => {
    const stack = aStack();
    aMigration(stack, { source: aTable(stack, 'Legacy', { pointInTimeRecoverySpecification: undefined }) });
    Annotations.fromStack(stack).hasWarning(
      '/Shop/Orders',
      Match.stringLikeRegexp('point-in-time recovery.*sourceWithoutRecovery'),
    );
  });

  it('is given for a source that expires items', () => {
    const stack = aStack();
    aMigration(stack, { source: aTable(stack, 'Legacy', { timeToLiveAttribute: 'until' }) });
    Annotations.fromStack(stack).hasWarning('/Shop/Orders', Match.stringLikeRegexp("'until'.*sourceExpiresItems"));
  });

  it('is not given without need', () => {
    const stack = aStack();
    aMigration(stack);
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });
});
