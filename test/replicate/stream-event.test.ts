import { itemFromJson, itemToJson } from '../../lambda/core/wire-json';
import { recordsOf } from '../../lambda/replicate/stream-event';

test('reads a record: images, place in the stream, binary values out of base64 at any depth', () => {
  const image = {
    id: { B: 'AQI=' },
    set: { BS: ['AQ==', '/w=='] },
    list: { L: [{ B: 'AA==' }, { N: '1.50' }, { NULL: true }] },
    map: { M: { inner: { M: { b: { B: '' } } }, yes: { BOOL: false } } },
    names: { SS: ['a'] },
  };
  const [record] = recordsOf({
    Records: [
      {
        dynamodb: {
          Keys: { id: { B: 'AQI=' } },
          NewImage: image,
          SequenceNumber: '111',
          ApproximateCreationDateTime: 1479499740,
        },
      },
    ],
  });
  expect(record).toEqual({
    sequence: '111',
    createdAt: 1479499740000,
    change: {
      key: { id: { B: new Uint8Array([1, 2]) } },
      after: {
        id: { B: new Uint8Array([1, 2]) },
        set: { BS: [new Uint8Array([1]), new Uint8Array([255])] },
        list: { L: [{ B: new Uint8Array([0]) }, { N: '1.50' }, { NULL: true }] },
        map: { M: { inner: { M: { b: { B: new Uint8Array() } } }, yes: { BOOL: false } } },
        names: { SS: ['a'] },
      },
      byService: false,
    },
  });
});

test('a deletion by time-to-live is by the service', () => {
  const dynamodb = { Keys: {}, OldImage: { a: { S: 'b' } }, SequenceNumber: '1', ApproximateCreationDateTime: 1 };
  const service = { type: 'Service', principalId: 'dynamodb.amazonaws.com' };
  const [expired, deleted, other] = recordsOf({
    Records: [
      { dynamodb, userIdentity: service },
      { dynamodb, userIdentity: null },
      { dynamodb, userIdentity: { type: 'User' } },
    ],
  });
  expect(expired?.change).toEqual({ key: {}, before: { a: { S: 'b' } }, byService: true });
  expect(deleted?.change.byService).toBe(false);
  expect(other?.change.byService).toBe(false);
});

test('JSON holds every type, and attributes of any name', () => {
  const item = {
    ['__proto__']: { S: 'x' },
    constructor: { N: '12345678901234567890123456789012345678' },
    b: { B: new Uint8Array([9]) },
  };
  const again = itemFromJson(JSON.parse(JSON.stringify(itemToJson(item))));
  expect(again).toEqual(item);
  expect(Object.keys(again)).toContain('__proto__');
});
