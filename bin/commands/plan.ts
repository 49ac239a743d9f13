import { DescribeTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Manifest } from '../../lib/operations/manifest';
import { changes } from '../operator/changes';
import { costOf, type Estimate, type TableSize } from '../operator/cost';
import { misused } from '../operator/failure';
import { itinerary, type Leg } from '../operator/itinerary';
import { ASSEMBLY, manifestIn } from '../operator/manifests';
import { duration } from '../operator/overview';
import { table } from '../terminal/table';
import type { Command, Context } from './command';

/** What the next deployment and run will do. */
export const plan: Command = {
  about: 'what the next deployment and run will do: stages, routing tables, time and cost',
  options: {
    app: { value: 'FOLDER', about: `the cloud assembly (default: ${ASSEMBLY})` },
    tables: { about: 'shows every routing table that moves keys' },
    'fan-out': { value: 'N', about: 'target items of one legacy item, for the cost (default: 1)' },
    offline: { about: 'asks AWS nothing: no sizes, so no cost' },
  },
  details:
    'Reads what cdk synth has written, and the sizes of the tables. Changes nothing. Costs are those of list prices, with the\n' +
    'size that DynamoDB tells, which is up to six hours old.',
  async run(context) {
    const { app = ASSEMBLY, migration, tables, offline, 'fan-out': fanOut = '1' } = context.options;
    if (!(Number(fanOut) > 0 && Number(fanOut) <= 99)) throw misused(`--fan-out must be above 0 and up to 99, and is ${fanOut}.`);
    const manifest = manifestIn(app as string, migration as string | undefined);
    const legs = itinerary(manifest);
    const deployed = offline ? undefined : await deployedOf(context, manifest.migration);
    const size = deployed && (await sizeOf(context.aws.dynamodb, deployed.tables.legacy));
    const cost = size && costOf(manifest, legs, size, Number(fanOut));
    return {
      data: { migration: manifest.migration, kind: manifest.kind, stages: legs, isDeployed: deployed !== undefined, size, cost },
      lines: [
        `${manifest.migration} (${manifest.kind})${manifest.owner ? `, ${manifest.owner}` : ''}: ${deploymentTold(offline === true, deployed)}`,
        '',
        ...table([
          ['stage', 'owner', 'keys at its end', 'releases', 'bake', 'at least'],
          ...legs.map((leg) => row(leg, manifest)),
        ]),
        '',
        `In all at least ${duration(legs.reduce((sum, { seconds }) => sum + seconds, 0))}, after the backfill; approvals and windows come on top.`,
        ...(tables ? ['', ...tablesTold(legs)] : []),
        ...(cost ? ['', ...costTold(cost)] : []),
      ],
    };
  },
};

async function deployedOf({ aws }: Context, migration: string) {
  return (await changes(aws.ssm)).find((each) => each.migration === migration);
}

async function sizeOf(client: DynamoDBClient, TableName: string): Promise<TableSize> {
  const { Table } = await client.send(new DescribeTableCommand({ TableName }));
  return { items: Number(Table?.ItemCount ?? 0), bytes: Number(Table?.TableSizeBytes ?? 0) };
}

function deploymentTold(isOffline: boolean, deployed: unknown): string {
  if (isOffline) return 'AWS was not asked.';
  return deployed
    ? 'deployed here; deploying again moves no key.'
    : 'not deployed in this account and region yet; deploying it moves no key.';
}

function row({ stage, owner, positions, releases, moves, bake, seconds }: Leg, manifest: Manifest): string[] {
  const keys = Object.entries(positions).map(
    ([position, share]) => `${position} ${share === 0 ? '(pinned)' : `${Math.round(share * 100)} %`}`,
  );
  return [
    stage,
    owner ?? manifest.owner ?? '-',
    keys.join(', '),
    `${releases} (${moves} of users)`,
    duration(bake),
    duration(seconds),
  ];
}

function tablesTold(legs: readonly Leg[]): string[] {
  return legs.flatMap(({ stage, tables }) =>
    tables.map(({ revision, ranges, pins }) => {
      const buckets = ranges.map(({ below, position }) => `below ${below / 100} % ${position}`);
      const keys = pins.map(({ key, position }) => `${key} ${position}`);
      return `${stage}, revision ${revision}: ${[...buckets, ...keys].join('; ')}`;
    }),
  );
}

function costTold({ lines, total, basis }: Estimate): string[] {
  return [
    ...table([
      ['what it costs', 'how much', 'USD'],
      ...lines.map(({ what, amount, dollars }) => [what, amount, dollars.toFixed(2)]),
    ]),
    `In all about $${total.toFixed(2)} (${basis}).`,
  ];
}
