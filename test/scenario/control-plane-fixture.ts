import {
  AppConfigClient,
  CreateApplicationCommand,
  CreateConfigurationProfileCommand,
  CreateDeploymentStrategyCommand,
  CreateEnvironmentCommand,
} from '@aws-sdk/client-appconfig';
import { CreateTableCommand, DeleteTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { AppConfigControl, type RoutingPlace } from '../../lambda/adapters/appconfig';
import { DynamoLedger } from '../../lambda/adapters/ledger';

/** A ledger table of its own; `remove` deletes it. */
export async function ledgerFixture(client: DynamoDBClient, now: () => number = Date.now) {
  const TableName = `ledger-${process.pid}-${Math.random().toString(36).slice(2)}`;
  const keys = [
    { name: 'pk', type: 'HASH' },
    { name: 'sk', type: 'RANGE' },
  ] as const;
  await client.send(
    new CreateTableCommand({
      TableName,
      AttributeDefinitions: keys.map(({ name }) => ({ AttributeName: name, AttributeType: 'S' })),
      KeySchema: keys.map(({ name, type }) => ({ AttributeName: name, KeyType: type })),
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
  const ledger = () => new DynamoLedger(client, TableName, 'cities', now);
  return { ledger: ledger(), another: ledger, remove: () => client.send(new DeleteTableCommand({ TableName })) };
}

/** AppConfig as the constructs make it: strategies that deliver at once, and one that takes a minute. */
export async function appConfigFixture(endpoint: string, ledger: DynamoLedger, alarms: readonly string[] = []) {
  const client = new AppConfigClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const Name = `routing-${Math.random().toString(36).slice(2)}`;
  const application = (await client.send(new CreateApplicationCommand({ Name }))).Id as string;
  const environment = (await client.send(new CreateEnvironmentCommand({ ApplicationId: application, Name }))).Id as string;
  const profile = (
    await client.send(
      new CreateConfigurationProfileCommand({
        ApplicationId: application,
        Name,
        LocationUri: 'hosted',
        Type: 'AWS.AppConfig.FeatureFlags',
      }),
    )
  ).Id as string;
  const strategy = async (minutes: number) =>
    (
      await client.send(
        new CreateDeploymentStrategyCommand({
          ...{ Name: `${Name}-${minutes}`, DeploymentDurationInMinutes: minutes, FinalBakeTimeInMinutes: 0 },
          ...{ GrowthFactor: 50, GrowthType: 'LINEAR', ReplicateTo: 'NONE' },
        }),
      )
    ).Id as string;
  const place: RoutingPlace = { application, environment, profile, immediate: await strategy(0), alarms };
  return { client, place, slow: await strategy(1), control: new AppConfigControl(client, place, ledger) };
}
