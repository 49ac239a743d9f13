import { createSocket, type Socket } from 'node:dgram';
import { xraySender } from '../../lambda/adapters/xray';

const PLACE = { trace: '1-5759e988-bd862e3fe1be46a994272793', parent: '53995c3f42cd8ad8' };
const SPAN = { name: 'carry forward', begin: 1_700_000_000_100, end: 1_700_000_000_250 };

let daemon: Socket;
let address: string;

beforeEach(async () => {
  daemon = createSocket('udp4');
  await new Promise<void>((resolve) => daemon.bind(0, '127.0.0.1', resolve));
  address = `127.0.0.1:${daemon.address().port}`;
});
afterEach(() => new Promise<void>((resolve) => daemon.close(() => resolve())));

const received = () => new Promise<string>((resolve) => daemon.once('message', (message) => resolve(message.toString())));

test('a span reaches the daemon as a subsegment of the function, with its parts', async () => {
  const message = received();
  const parts = [{ name: 'write target', begin: 1_700_000_000_200, end: 1_700_000_000_240, error: 'TimeoutError' }];
  xraySender(address)(PLACE, { ...SPAN, parts, annotations: { migration: 'cities', waited: 0.5 } });
  const [header, document] = (await message).split('\n');
  expect(JSON.parse(header as string)).toEqual({ format: 'json', version: 1 });
  expect(JSON.parse(document as string)).toEqual({
    ...{ type: 'subsegment', trace_id: PLACE.trace, parent_id: PLACE.parent, id: expect.stringMatching(/^[0-9a-f]{16}$/) },
    ...{ name: 'carry forward', start_time: 1_700_000_000.1, end_time: 1_700_000_000.25 },
    annotations: { migration: 'cities', waited: 0.5 },
    subsegments: [
      {
        ...{ name: 'write target', id: expect.stringMatching(/^[0-9a-f]{16}$/) },
        ...{ start_time: 1_700_000_000.2, end_time: 1_700_000_000.24, fault: true },
        cause: { exceptions: [{ id: expect.any(String), type: 'TimeoutError' }] },
      },
    ],
  });
});

test('a document that is too large is left out, and the next one goes', async () => {
  const send = xraySender(address);
  const message = received();
  send(PLACE, { ...SPAN, parts: Array.from({ length: 1000 }, () => SPAN) });
  send(PLACE, { ...SPAN, name: 'small' });
  expect(await message).toContain('"name":"small"');
});

test.each([undefined, '', 'nowhere', '127.0.0.1:1', 'no such host:2000'])('with the daemon at %p nothing fails', async (at) => {
  expect(() => xraySender(at)(PLACE, SPAN)).not.toThrow();
  await new Promise((resolve) => setTimeout(resolve, 20));
});
