import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { aMigration, anAmendment, aReindex, aStack } from '../fixture';

/** The actions of the policy of a role of its own. */
function actionsOf(template: Template, role: string): string[] {
  return Object.entries(template.findResources('AWS::IAM::Policy'))
    .filter(([id]) => id.startsWith(role))
    .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement as { Action: string | string[] }[])
    .flatMap(({ Action }) => Action);
}

test('who may ask for the journey of a document may call that function, and nothing else', () => {
  const stack = aStack();
  const role = new iam.Role(stack, 'Support', { assumedBy: new iam.AccountRootPrincipal() });
  aMigration(stack).grants.trace(role);
  const template = Template.fromStack(stack);
  expect(actionsOf(template, 'Support')).toEqual(['lambda:InvokeFunction']);
  template.hasResourceProperties('AWS::Lambda::Function', { Description: 'Tells the journey of one document' });
});

test('the function itself only reads', () => {
  const stack = aStack();
  anAmendment(stack);
  const actions = actionsOf(Template.fromStack(stack), 'OrdersTasksTraceRole').filter(
    (action) => !/^(xray|logs|kms):/.test(action),
  );
  expect(actions.filter((action) => !/:(Get|BatchGet|Query|Describe|List)/.test(action))).toEqual([]);
  expect(actions).toContain('dynamodb:GetRecords');
});

test('a reindex changes no document: there is nothing to ask, and nobody to allow it', () => {
  const stack = aStack();
  const reindex = aReindex(stack);
  const role = new iam.Role(stack, 'Support', { assumedBy: new iam.AccountRootPrincipal() });
  expect(reindex.trace).toBeUndefined();
  expect(() => reindex.grants.trace(role)).toThrow('a reindex changes none');
});
