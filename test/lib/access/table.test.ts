import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Gate, RolloutRoles, Stage } from '../../../lib';
import { aMigration, anAmendment, aReindex, aTable } from '../fixture';
import { aStackWithPaths, type Permission, permissionsIn } from './statements';

const DOCS = join(__dirname, '..', '..', '..', 'docs', 'access.md');

/** `ACCESS_TABLES=write npx jest test/lib/access/table` writes the tables of `docs/access.md` anew. */
const WRITES = process.env.ACCESS_TABLES === 'write';

/** What every function may do besides: its own log, and traces. */
const ALWAYS = /^(logs|xray):/;

/** A migration that has every gate whose function needs something. */
function everything(stack: Stack) {
  const key = new kms.Key(stack, 'Certificates', { keySpec: kms.KeySpec.ECC_NIST_P256, keyUsage: kms.KeyUsage.SIGN_VERIFY });
  const staging = s3.Bucket.fromBucketName(stack, 'Staging', 'staging');
  const metric = new cloudwatch.Metric({ namespace: 'App', metricName: 'Requests' });
  const target = aTable(stack, 'Target');
  target.addGlobalSecondaryIndex({ indexName: 'byTown', partitionKey: { name: 'town', type: dynamodb.AttributeType.STRING } });
  const gates = [
    Gate.promotion({ certificates: staging, key }),
    Gate.approval({ approvers: ['dba'] }),
    Gate.window({ calendars: ['Freeze'] }),
    Gate.metric(metric, { maxPercentAboveBaseline: 5 }),
    Gate.queries(['ordersOfCustomer']),
    Gate.indexCoherence('byTown'),
  ];
  return aMigration(stack, { target, certificateKey: key, stages: [Stage.full({ gates })] });
}

/** A reindex that makes and deletes indexes, which it does of imported tables only. */
function anImportedReindex(stack: Stack) {
  const table = dynamodb.Table.fromTableName(stack, 'Imported', 'people');
  const create = { partitionKey: { name: 'town', type: dynamodb.AttributeType.STRING } };
  return aReindex(stack, { table, tableKeys: ['pk'], create, drop: 'byName' });
}

function tasksOf(make: (stack: Stack) => unknown): Map<string, Permission[]> {
  const stack = aStackWithPaths();
  make(stack);
  const tasks = [...permissionsIn(stack, 'Orders/')].flatMap(([role, permissions]) => {
    const task = /^Tasks\/(.*)Role$/.exec(role)?.[1];
    return task === undefined ? [] : [[task, permissions] as const];
  });
  return new Map(
    tasks.map(([task, permissions]) => [task, permissions.filter(({ actions }) => !actions.every((a) => ALWAYS.test(a)))]),
  );
}

function rolesOf(): Map<string, Permission[]> {
  const stack = aStackWithPaths();
  const people = new iam.AccountPrincipal('111122223333');
  new RolloutRoles(stack, 'Roles', {
    changes: [everything(stack)],
    operator: people,
    approvers: { dba: people },
    auditor: people,
  });
  const roles = [...permissionsIn(stack, 'Orders/')].filter(([role]) => role.startsWith('Roles/'));
  return new Map(roles.map(([role, permissions]) => [role.slice('Roles/'.length), permissions]));
}

/** A row for each set of actions, with all that they may be done on. */
function tableOf(what: string, subjects: ReadonlyMap<string, readonly Permission[]>): string {
  const lines = [...subjects]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([name, permissions]) => {
      const rows = new Map<string, string[]>();
      for (const { actions, on } of permissions) rows.set(shortly(actions), [...(rows.get(shortly(actions)) ?? []), on]);
      if (rows.size === 0) return [`| ${name} | nothing | |`];
      return [...rows].map(([actions, on], index) => `| ${index === 0 ? name : ''} | ${actions} | ${on.join('<br>')} |`);
    });
  return [`| ${what} | may | on |`, '|---|---|---|', ...lines].join('\n');
}

/** `dynamodb:GetItem` and `dynamodb:Query` as `dynamodb: GetItem, Query`. */
function shortly(actions: readonly string[]): string {
  const services = [...new Set(actions.map((action) => action.split(':')[0]))];
  return services
    .map(
      (service) =>
        `${service}: ${actions
          .filter((action) => action.startsWith(`${service}:`))
          .map((a) => a.split(':')[1])
          .join(', ')}`,
    )
    .join('; ');
}

/** What a kind of change has that a migration does not have, or has otherwise. */
function unlike(some: ReadonlyMap<string, Permission[]>, others: ReadonlyMap<string, Permission[]>): Map<string, Permission[]> {
  const same = (task: string) => JSON.stringify(some.get(task)) === JSON.stringify(others.get(task));
  return new Map([...some].filter(([task]) => !same(task)));
}

test('docs/access.md says what each function and each role may do, as synthesised', () => {
  const migration = tasksOf(everything);
  const tables: Record<string, string> = {
    migration: tableOf('task', migration),
    amendment: tableOf(
      'task',
      unlike(
        tasksOf((stack) => anAmendment(stack)),
        migration,
      ),
    ),
    reindex: tableOf(
      'task',
      unlike(
        tasksOf((stack) => anImportedReindex(stack)),
        migration,
      ),
    ),
    roles: tableOf('role', rolesOf()),
  };
  const docs = readFileSync(DOCS, 'utf8');
  const written = Object.entries(tables).reduce((text, [name, table]) => {
    const place = new RegExp(`(<!-- table: ${name} -->\\n)[^]*?(<!-- end -->)`);
    expect(text).toMatch(place);
    return text.replace(place, (_, before, after) => `${before}${table}\n${after}`);
  }, docs);
  if (WRITES) writeFileSync(DOCS, written);
  else expect(docs).toBe(written);
});

test('whatever a function may do besides is its log and its traces', () => {
  const stack = aStackWithPaths();
  everything(stack);
  for (const [role, permissions] of permissionsIn(stack, 'Orders/')) {
    const task = /^Tasks\/(.*)Role$/.exec(role)?.[1];
    if (task === undefined) continue;
    const always = permissions.filter(({ actions }) => actions.some((action) => ALWAYS.test(action)));
    expect(always).toEqual([
      { on: `Tasks/${task}Logs`, actions: ['logs:CreateLogStream', 'logs:PutLogEvents'] },
      expect.objectContaining({ on: 'everything' }),
    ]);
  }
});
