import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { main } from '../../bin/cli';
import { drill } from '../../bin/drill/drill';
import { DRILL_CONTEXT } from '../../lib/change/drill-context';
import { aMigration, anAmendment } from '../lib/fixture';

const { AWS_ENDPOINT_URL: given } = process.env;

/** What a drill refuses before it starts anything. */
describe('a drill', () => {
  let folder: string;
  const sample = (text: string) => {
    const file = join(folder, 'items.json');
    writeFileSync(file, text);
    return file;
  };
  const asked = (more: { sample: string; app?: string; rollbacks?: string }) => {
    const signal = new AbortController().signal;
    return drill({ folder, keep: false, signal, live: { live: () => {} }, tell: () => {}, ...more });
  };
  /** A cloud assembly in the folder. */
  const assembly = (name: string, drilled: boolean) => {
    const app = new App({ outdir: join(folder, name), context: drilled ? { [DRILL_CONTEXT]: true } : {} });
    anAmendment(new Stack(app, 'Shop'));
    app.synth();
    return name;
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rollout-drilled-'));
    delete process.env.AWS_ENDPOINT_URL;
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  afterAll(() => {
    if (given) process.env.AWS_ENDPOINT_URL = given;
  });

  test('never runs on AWS', async () => {
    process.env.AWS_ENDPOINT_URL = 'https://dynamodb.eu-central-1.amazonaws.com';
    await expect(asked({ sample: sample('[{}]') })).rejects.toThrow(/for local AWS only, and AWS_ENDPOINT_URL is https:/);
  });

  test('wants a sample and an app', async () => {
    await expect(asked({ sample: join(folder, 'none.json') })).rejects.toThrow(/none\.json cannot be read \(ENOENT\)/);
    await expect(asked({ sample: sample('[]') })).rejects.toThrow(/has no items/);
    await expect(asked({ sample: sample('[{"pk":"1"}]') })).rejects.toThrow(/no cdk\.json in .*--app/);
    mkdirSync(join(folder, 'empty'));
    await expect(asked({ sample: sample('[{"pk":"1"}]'), app: 'empty' })).rejects.toThrow(/folder without a cloud assembly/);
  });

  test('wants the CDK command line of the project', async () => {
    await expect(asked({ sample: sample('[{"pk":"1"}]'), app: 'npx tsx app.ts' })).rejects.toThrow(
      /not installed in .*npm install --save-dev aws-cdk/,
    );
  });

  test('does not run what is synthesised for AWS, and says how it is done', async () => {
    const one = { sample: sample('[{"pk":"1"}]') };
    await expect(asked({ ...one, app: assembly('cdk.out', false) })).rejects.toThrow(
      /is synthesised for AWS.*cdk synth -c cdk-dynamodb-rollout:drill=true --output cdk\.drill/,
    );
    await expect(asked({ ...one, app: assembly('cdk.drill', true), rollbacks: 'hard' })).rejects.toThrow(/has one way back/);
  });

  test('refuses tables that no stack makes', async () => {
    const app = new App({ outdir: join(folder, 'cdk.out'), context: { [DRILL_CONTEXT]: true } });
    const stack = new Stack(app, 'Shop');
    const { Table } = await import('aws-cdk-lib/aws-dynamodb');
    const source = Table.fromTableAttributes(stack, 'Old', {
      tableName: 'orders',
      tableStreamArn: 'arn:aws:dynamodb:eu-central-1:000000000000:table/orders/stream/2026',
    });
    aMigration(stack, { source, sourceKeys: ['pk'] });
    app.synth();
    await expect(asked({ sample: sample('[{"pk":"1"}]'), app: 'cdk.out' })).rejects.toThrow(
      /No stack that is deployed makes the table orders/,
    );
  });

  test('needs a sample, as the command line says', async () => {
    const error = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    expect(await main(['drill'], { write: () => true } as never, new AbortController().signal)).toBe(2);
    expect(String(error.mock.calls)).toMatch(/drill needs --sample FILE/);
    error.mockRestore();
  });
});
