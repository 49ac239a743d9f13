import { createServer, type Server } from 'node:net';
import { LocalAwsError, startLocalAws } from '../../bin/local-aws';
import { findPython } from '../../bin/local-aws/installation';

it('says in one line what to do without a Python', () => {
  const find = () => findPython(['no-such-python-a', 'no-such-python-b']);
  expect(find).toThrow(LocalAwsError);
  expect(find).toThrow(/^No Python >= 3\.10 with venv was found\. Install one .*AWS_ENDPOINT_URL.*$/);
});

describe('startLocalAws', () => {
  const given = process.env.AWS_ENDPOINT_URL;
  let taken: Server | undefined;

  afterEach(() => {
    taken?.close();
    if (given === undefined) delete process.env.AWS_ENDPOINT_URL;
    else process.env.AWS_ENDPOINT_URL = given;
  });

  it('uses the endpoint of the user and does not end it', async () => {
    process.env.AWS_ENDPOINT_URL = 'http://127.0.0.1:1';
    const aws = await startLocalAws();
    expect(aws).toMatchObject({ endpoint: 'http://127.0.0.1:1', environment: { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' } });
    expect(aws.pid).toBeUndefined();
    await aws.stop();
  });

  it('says in one line that a port is taken', async () => {
    delete process.env.AWS_ENDPOINT_URL;
    taken = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => taken?.once('listening', resolve));
    const { port } = taken.address() as { port: number };
    await expect(startLocalAws({ port })).rejects.toThrow(`Port ${port} of 127.0.0.1 is taken.`);
  });
});
