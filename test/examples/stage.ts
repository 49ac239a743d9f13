import { App, Stack, Validations } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AttributeType, type Table } from 'aws-cdk-lib/aws-dynamodb';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { ClientConfiguration, StagedChange } from '../../lib';
import { aTable } from '../lib/fixture';

/** What a recipe finds in the app of a user: a table with such text keys, and an application. */
export interface Surroundings {
  readonly app: App;
  readonly table: Table;
  readonly application: LambdaFunction;
}

/** A recipe in the app of a user, synthesised under all rules of AWS Solutions. */
export interface Staged {
  readonly template: Template;
  readonly client: ClientConfiguration;
}

/** Builds a recipe's stack beside a table with these text keys, and synthesises it. @throws what cdk-nag finds */
export function staged(keys: readonly string[], build: (around: Surroundings) => Stack & { change: StagedChange }): Staged {
  const app = new App();
  const data = new Stack(app, 'Data');
  const [partition, sort] = keys.map((name) => ({ name, type: AttributeType.STRING }));
  const table = aTable(data, 'Table', { partitionKey: partition, ...(sort ? { sortKey: sort } : {}) });
  const service = new Stack(app, 'Service');
  const role = new Role(service, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  const code = Code.fromInline('exports.handler = async () => {}');
  const application = new LambdaFunction(service, 'App', { code, role, handler: 'index.handler', runtime: Runtime.NODEJS_24_X });
  const stack = build({ app, table, application });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  app.synth();
  return { template: Template.fromStack(stack), client: stack.change.clientConfiguration };
}
