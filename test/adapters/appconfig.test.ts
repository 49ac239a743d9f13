import {
  AppConfigClient,
  BadRequestException,
  ConflictException,
  CreateHostedConfigurationVersionCommand,
  DeleteHostedConfigurationVersionCommand,
  GetDeploymentCommand,
  GetHostedConfigurationVersionCommand,
  ListHostedConfigurationVersionsCommand,
  ResourceNotFoundException,
  StartDeploymentCommand,
  StopDeploymentCommand,
  UpdateEnvironmentCommand,
} from '@aws-sdk/client-appconfig';
import { mockClient } from 'aws-sdk-client-mock';
import 'aws-sdk-client-mock-jest';
import { AppConfigControl } from '../../lambda/adapters/appconfig';
import { encodeFlag, initialTable } from '../../lambda/core/routing-table';
import { MemoryLedger } from '../memory/memory-ledger';

const appConfig = mockClient(AppConfigClient);
const place = {
  application: 'app',
  environment: 'env',
  profile: 'pro',
  immediate: 'now',
  alarms: ['arn:a', 'arn:b'],
  monitorRole: 'arn:role',
};
const table = initialTable('run-1', 30, 5);
let ledger: MemoryLedger;
let control: AppConfigControl;

/** AppConfig with these deployments, numbered from 1. */
function deployments(...states: { State: string; label?: string; profile?: string; events?: string[] }[]): void {
  appConfig.on(GetDeploymentCommand).rejects(new ResourceNotFoundException({ message: 'none', $metadata: {} }));
  states.forEach(({ State, label, profile = 'pro', events = [] }, index) => {
    appConfig.on(GetDeploymentCommand, { DeploymentNumber: index + 1 }).resolves({
      DeploymentNumber: index + 1,
      State: State as never,
      ConfigurationProfileId: profile,
      ConfigurationVersion: String(index + 1),
      VersionLabel: label,
      StartedAt: new Date(1000 * (index + 1)),
      EventLog: events.map((EventType) => ({
        EventType: EventType as never,
        Description: `because ${EventType}`,
        OccurredAt: new Date(9000),
      })),
    });
  });
}

beforeEach(() => {
  appConfig.reset();
  ledger = new MemoryLedger();
  control = new AppConfigControl(new AppConfigClient({ region: 'eu-west-1' }), place, ledger);
  appConfig.on(GetHostedConfigurationVersionCommand).callsFake(({ VersionNumber }) => ({
    Content: new TextEncoder().encode(encodeFlag({ ...table, revision: VersionNumber })),
  }));
});

describe('deployed', () => {
  test('is the newest complete one; what was taken back is not, and neither is another profile', async () => {
    deployments(
      { State: 'COMPLETE' },
      { State: 'COMPLETE' },
      { State: 'REVERTED' },
      { State: 'ROLLED_BACK' },
      { State: 'COMPLETE', profile: 'other' },
    );
    const deployed = await control.deployed();
    expect(deployed).toMatchObject({ deployment: 2, table: { revision: 2 } });
    expect(deployed?.recent.map(({ number, state }) => [number, state])).toEqual([
      [4, 'reverted'],
      [3, 'reverted'],
      [2, 'complete'],
    ]);
    expect(deployed?.inProgress).toBeUndefined();
    expect(await ledger.note('routing')).toEqual({ environment: 'env', deployment: 5 });
  });

  test.each([
    ['DEPLOYING', 'progress'],
    ['BAKING', 'progress'],
    ['VALIDATING', 'progress'],
    ['ROLLING_BACK', 'rolling-back'],
  ])('%s is in progress', async (State, state) => {
    deployments({ State: 'COMPLETE' }, { State, label: 'x' });
    expect(await control.deployed()).toMatchObject({ deployment: 1, inProgress: { number: 2, state, label: 'x' } });
  });

  test('from a remembered number it reads only what is new, and down to the newest complete one', async () => {
    deployments(...Array.from({ length: 8 }, () => ({ State: 'COMPLETE' })), { State: 'ROLLED_BACK' }, { State: 'ROLLED_BACK' });
    await ledger.saveNote('routing', { environment: 'env', deployment: 9 });
    expect(await control.deployed()).toMatchObject({ deployment: 8, newest: 10 });
    expect(appConfig.commandCalls(GetDeploymentCommand).map(({ args }) => args[0].input.DeploymentNumber)).toEqual([
      9, 10, 11, 8,
    ]);
  });

  test('is nothing before the first', async () => {
    deployments();
    expect(await control.deployed()).toBeUndefined();
    deployments({ State: 'ROLLED_BACK' });
    expect(await control.deployed()).toBeUndefined();
  });
});

test('a deployment tells why it was taken back, and when anything last happened to it', async () => {
  deployments({ State: 'ROLLED_BACK', events: ['ROLLBACK_STARTED', 'DEPLOYMENT_STARTED'] });
  expect(await control.deployment(1)).toEqual({
    number: 1,
    state: 'reverted',
    reason: 'because ROLLBACK_STARTED',
    changedAt: 9000,
  });
  await expect(control.deployment(2)).rejects.toMatchObject({ name: 'InvalidConfiguration' });
});

describe('release', () => {
  const conflict = new ConflictException({ message: 'conflict', $metadata: {} });

  test('makes a version under the label and deploys it, if nothing else was deployed meanwhile', async () => {
    deployments({ State: 'COMPLETE' });
    appConfig.on(CreateHostedConfigurationVersionCommand).resolves({ VersionNumber: 100 });
    appConfig.on(StartDeploymentCommand).resolves({ DeploymentNumber: 2 });
    expect(await control.release(table, 'label', { id: 'slow' }, 1)).toBe(2);
    expect(appConfig).toHaveReceivedCommandWith(CreateHostedConfigurationVersionCommand, {
      VersionLabel: 'label',
      ContentType: 'application/json',
    });
    expect(appConfig).toHaveReceivedCommandWith(StartDeploymentCommand, {
      ConfigurationVersion: '100',
      DeploymentStrategyId: 'slow',
      LatestDeploymentNumber: 1,
    });
    expect(appConfig).toHaveReceivedCommandWith(DeleteHostedConfigurationVersionCommand, { VersionNumber: 40 });
  });

  test('uses the version of an earlier try', async () => {
    deployments({ State: 'COMPLETE' });
    appConfig.on(CreateHostedConfigurationVersionCommand).rejects(conflict);
    appConfig
      .on(ListHostedConfigurationVersionsCommand)
      .resolvesOnce({ Items: [], NextToken: 'more' })
      .resolves({ Items: [{ VersionNumber: 7, VersionLabel: 'label' }] });
    appConfig.on(StartDeploymentCommand).resolves({ DeploymentNumber: 2 });
    await control.release(table, 'label', 'immediate', 1);
    expect(appConfig).toHaveReceivedCommandWith(StartDeploymentCommand, {
      ConfigurationVersion: '7',
      DeploymentStrategyId: 'now',
    });
  });

  test('answers with the deployment that is in progress under the label', async () => {
    deployments({ State: 'COMPLETE' }, { State: 'DEPLOYING', label: 'label' });
    appConfig.on(CreateHostedConfigurationVersionCommand).resolves({ VersionNumber: 1 });
    appConfig.on(StartDeploymentCommand).rejects(conflict);
    expect(await control.release(table, 'label', 'immediate', 1)).toBe(2);
    await expect(control.release(table, 'another', 'immediate', 1)).rejects.toMatchObject({
      name: 'BarrierNotReached',
      message: expect.stringContaining('deployment 2 (label, progress)'),
    });
  });

  test('the first one of an environment has no number to follow; tidying up never stops it', async () => {
    deployments();
    appConfig.on(CreateHostedConfigurationVersionCommand).resolves({ VersionNumber: 61 });
    appConfig.on(DeleteHostedConfigurationVersionCommand).rejects(new Error('no access'));
    appConfig.on(StartDeploymentCommand).resolves({ DeploymentNumber: 1 });
    expect(await control.release(table, 'label', 'immediate', 0)).toBe(1);
    expect(appConfig.commandCalls(StartDeploymentCommand)[0]?.args[0].input).not.toHaveProperty('LatestDeploymentNumber');
  });

  test('other failures are not hidden', async () => {
    deployments();
    appConfig.on(CreateHostedConfigurationVersionCommand).rejects(new Error('no access'));
    await expect(control.release(table, 'label', 'immediate', 0)).rejects.toThrow('no access');
  });
});

test('stopping allows a revert, and leaves alone what is over', async () => {
  appConfig.on(StopDeploymentCommand).rejects(new BadRequestException({ message: 'over', $metadata: {} }));
  await control.stop(3);
  expect(appConfig).toHaveReceivedCommandWith(StopDeploymentCommand, { DeploymentNumber: 3, AllowRevert: true });
  appConfig.on(StopDeploymentCommand).rejects(new Error('no access'));
  await expect(control.stop(3)).rejects.toThrow('no access');
});

test('armed with all alarms and the role that reads them; disarmed with none', async () => {
  await control.arm();
  expect(appConfig).toHaveReceivedCommandWith(UpdateEnvironmentCommand, {
    Monitors: [
      { AlarmArn: 'arn:a', AlarmRoleArn: 'arn:role' },
      { AlarmArn: 'arn:b', AlarmRoleArn: 'arn:role' },
    ],
  });
  await control.disarm();
  expect(appConfig.commandCalls(UpdateEnvironmentCommand).at(-1)?.args[0].input.Monitors).toEqual([]);
});
