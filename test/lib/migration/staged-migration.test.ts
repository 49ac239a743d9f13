import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Table } from 'aws-cdk-lib/aws-dynamodb';
import { AccountPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Cohort, Deployment, Goal, Rollback, RolloutLedger, Stage, Timing, Trigger } from '../../../lib';
import { aMigration, aStack, aTable, templateOf } from '../fixture';

describe('with the props that have no default', () => {
  const template = templateOf();

  it('has one function for each task, two for replication, and one for the events of the ledger', () => {
    template.resourcePropertiesCountIs('AWS::Lambda::Function', { Runtime: 'nodejs22.x', Architectures: ['arm64'] }, 31);
    template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 30 });
  });

  it('gives the handlers the variables that they read', () => {
    const [brake] = Object.values(
      template.findResources('AWS::Lambda::Function', { Properties: { Description: Match.stringLikeRegexp('alarm goes off') } }),
    );
    expect(Object.keys(brake?.Properties.Environment.Variables).sort()).toMatchSnapshot();
  });

  it('replicates both ways from the oldest record on, with bounds', () => {
    const bounds = {
      StartingPosition: 'TRIM_HORIZON',
      BisectBatchOnFunctionError: true,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      MaximumRecordAgeInSeconds: 6 * 3600,
      MaximumRetryAttempts: 1000,
      DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': [Match.stringLikeRegexp('^OrdersGivenUp'), 'Arn'] } } },
    };
    template.resourcePropertiesCountIs('AWS::Lambda::EventSourceMapping', bounds, 2);
  });

  it('keeps the ledger when the stack goes', () => {
    template.hasResource('AWS::DynamoDB::Table', {
      DeletionPolicy: 'Retain',
      Properties: {
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
      },
    });
    template.hasResourceProperties('AWS::KMS::Key', { EnableKeyRotation: true });
  });

  it('has no monitors in the template, so that a deployment of the stack takes none away', () => {
    template.hasResourceProperties('AWS::AppConfig::Environment', { Monitors: Match.absent() });
    template.hasResourceProperties('AWS::AppConfig::ConfigurationProfile', { Type: 'AWS.AppConfig.FeatureFlags' });
  });

  it('deploys stages in ten minutes and everything else at once', () => {
    template.resourceCountIs('AWS::AppConfig::DeploymentStrategy', 2);
    template.hasResourceProperties('AWS::AppConfig::DeploymentStrategy', {
      DeploymentDurationInMinutes: 0,
      FinalBakeTimeInMinutes: 0,
    });
    template.hasResourceProperties('AWS::AppConfig::DeploymentStrategy', { DeploymentDurationInMinutes: 10, GrowthFactor: 20 });
  });

  it('measures every minute', () => {
    template.hasResourceProperties('AWS::Events::Rule', { ScheduleExpression: 'rate(1 minute)' });
  });

  it('seeds the routing table when it is deployed', () => {
    template.resourceCountIs('Custom::Trigger', 1);
  });

  it('traces and logs', () => {
    template.allResourcesProperties('AWS::StepFunctions::StateMachine', {
      StateMachineType: 'STANDARD',
      TracingConfiguration: { Enabled: true },
      LoggingConfiguration: { Level: 'ERROR', IncludeExecutionData: false },
    });
  });

  it('keeps the logical ids of what holds data', () => {
    const stateful = [
      'AWS::DynamoDB::Table',
      'AWS::KMS::Key',
      'AWS::SQS::Queue',
      'AWS::StepFunctions::StateMachine',
      'AWS::AppConfig::Application',
      'AWS::AppConfig::Environment',
      'AWS::AppConfig::ConfigurationProfile',
      'AWS::Lambda::EventSourceMapping',
    ];
    expect(stateful.map((type) => [type, Object.keys(template.findResources(type)).sort()])).toMatchSnapshot();
  });
});

describe('with every prop', () => {
  it('is made as asked', () => {
    const stack = aStack();
    const ledger = new RolloutLedger(stack, 'Ledger', {
      removalPolicy: RemovalPolicy.DESTROY,
      logRetention: RetentionDays.ONE_WEEK,
    });
    const errors = new cloudwatch.Metric({ namespace: 'Shop', metricName: 'Errors' }).createAlarm(stack, 'Errors', {
      threshold: 1,
      evaluationPeriods: 1,
    });
    aMigration(stack, {
      ledger,
      stages: [
        Stage.shadow({ name: 'dark', sample: 50, bake: Duration.days(1) }),
        Stage.pilot({ cohort: Cohort.keys(['a', 'b', 'a']), goal: Goal.dualLegacy(), deployment: Deployment.immediate() }),
        Stage.percent(5, {
          goal: Goal.target(),
          deployment: Deployment.exponential({ duration: Duration.hours(1), growth: 50 }),
        }),
        Stage.full({ bake: Duration.days(7) }),
      ],
      triggers: [
        Trigger.divergence({ rollback: Rollback.immediate() }),
        Trigger.replicationLag({ max: Duration.minutes(5) }),
        Trigger.alarm(errors),
      ],
      backfill: { maxWriteUnits: 500, maxConcurrency: 8, itemsPerSlice: 1000 },
      timing: Timing.rehearsal(),
      logRetention: RetentionDays.ONE_WEEK,
      metricNamespace: 'Shop',
    });
    const template = Template.fromStack(stack);
    template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 7 });
    template.hasResource('AWS::DynamoDB::Table', { DeletionPolicy: 'Delete', Properties: { DeletionProtectionEnabled: false } });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', { Namespace: 'Shop', MetricName: 'Divergence' });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName: 'ReplicationLag', Threshold: 300 });
    template.hasResourceProperties('AWS::AppConfig::DeploymentStrategy', {
      GrowthType: 'EXPONENTIAL',
      GrowthFactor: 50,
      DeploymentDurationInMinutes: 60,
    });
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: { MAX_WRITE_UNITS: '500', MAX_CONCURRENCY: '8', ITEMS_PER_SLICE: '1000', METRIC_NAMESPACE: 'Shop' },
      },
    });
  });

  it('shares a ledger', () => {
    const stack = aStack();
    const ledger = new RolloutLedger(stack, 'Ledger');
    const migration = aMigration(stack, { ledger });
    expect(migration.ledger).toBe(ledger);
    Template.fromStack(stack).resourceCountIs('AWS::KMS::Key', 1);
  });
});

describe('tables', () => {
  it('takes imported ones, with their keys', () => {
    const stack = aStack();
    const source = Table.fromTableAttributes(stack, 'Imported', {
      tableArn: 'arn:aws:dynamodb:eu-west-1:111122223333:table/orders',
      tableStreamArn: 'arn:aws:dynamodb:eu-west-1:111122223333:table/orders/stream/1',
    });
    const migration = aMigration(stack, { source, sourceKeys: ['customer', 'order'] });
    expect(migration.clientConfiguration).toMatchObject({
      legacyTable: 'orders',
      legacyKeys: ['customer', 'order'],
      targetKeys: ['pk', 'sk'],
    });
  });

  it('refuses a target that expires items, but only at synth', () => {
    const stack = aStack();
    aMigration(stack, { target: aTable(stack, 'Expiring', { timeToLiveAttribute: 'until' }) });
    expect(() => Template.fromStack(stack)).toThrow(/target expires items by 'until'/);
  });
});

describe('what it offers', () => {
  it('lets an application be a client, and no more', () => {
    const stack = aStack();
    const migration = aMigration(stack);
    const role = new Role(stack, 'App', { assumedBy: new AccountPrincipal('111122223333') });
    migration.grants.client(role);
    const policies = Object.values(
      Template.fromStack(stack).findResources('AWS::IAM::Policy', {
        Properties: { PolicyName: Match.stringLikeRegexp('^AppDefaultPolicy') },
      }),
    );
    const statements = policies[0]?.Properties.PolicyDocument.Statement as { Action: string[]; Resource: unknown }[];
    expect(statements.flatMap(({ Action }) => Action)).toMatchSnapshot();
    expect(JSON.stringify(statements)).not.toContain('"*"');
  });

  it('lets a role start and roll back', () => {
    const stack = aStack();
    const migration = aMigration(stack);
    const role = new Role(stack, 'Deployer', { assumedBy: new AccountPrincipal('111122223333') });
    migration.grants.start(role);
    migration.grants.rollback(role);
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      PolicyName: Match.stringLikeRegexp('^DeployerDefaultPolicy'),
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: 'states:StartExecution' })]) },
    });
  });

  it('lets one role pause, and another one resume', () => {
    const stack = aStack();
    const migration = aMigration(stack);
    const decisions = ['pause', 'resume'] as const;
    for (const decision of decisions) {
      const role = new Role(stack, `May-${decision}`, { assumedBy: new AccountPrincipal('111122223333') });
      migration.grants[decision](role);
    }
    const template = Template.fromStack(stack);
    for (const decision of decisions) {
      const Resource = stack.resolve(migration[decision].functionArn);
      template.hasResourceProperties('AWS::IAM::Policy', {
        PolicyName: Match.stringLikeRegexp(`^May${decision}DefaultPolicy`),
        PolicyDocument: { Statement: [{ Action: 'lambda:InvokeFunction', Effect: 'Allow', Resource }] },
      });
    }
  });

  it('lets only the functions of a resume answer the shift that waits', () => {
    const policies = Object.values(
      templateOf().findResources('AWS::IAM::Policy', { Properties: { PolicyName: Match.stringLikeRegexp('Resumption') } }),
    );
    expect(policies.map(({ Properties }) => Properties.Roles)).toEqual([
      [{ Ref: expect.stringContaining('AwaitResumeRole') }, { Ref: expect.stringContaining('TasksResumeRole') }],
    ]);
    expect(policies[0]?.Properties.PolicyDocument.Statement).toEqual([
      expect.objectContaining({ Resource: { Ref: expect.stringContaining('WorkflowsShift') } }),
    ]);
  });

  it('tells the client what it needs, as an output and as a variable', () => {
    const stack = aStack();
    const migration = aMigration(stack);
    expect(Object.keys(migration.clientEnvironment())).toEqual(['ROLLOUT_CLIENT']);
    expect(Object.keys(Template.fromStack(stack).findOutputs('*'))).toEqual([expect.stringContaining('ClientConfiguration')]);
  });
});
