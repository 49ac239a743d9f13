import type { Found } from '../../lambda/core/promotion';
import { genuine, scene, spec } from './scene';

test('a genuine certificate lets the stage begin, and is evidence', async () => {
  const { look, told, asked } = await scene();
  expect(await look()).toEqual({});
  const wanted = { ...spec, migration: 'orders', transformSha256: 'abc' };
  expect(asked).toEqual([wanted]);
  expect(await told()).toEqual([{ kind: 'promotion', data: { stage: 0, wanted, found: genuine } }]);
});

test('the migration there may have another id', async () => {
  const { look, asked } = await scene();
  const gate = look({ promotion: { ...spec, migration: 'staging-orders' } });
  await expect(gate).rejects.toMatchObject({ name: 'GateFailed', message: expect.stringContaining('of migration orders') });
  expect(asked[0]?.migration).toBe('staging-orders');
});

test('an objection ends the stage; a second try says what the first one wrote down', async () => {
  let found: Found = { kind: 'not-signed' };
  const { look, told, asked } = await scene(async () => found);
  const failure = {
    name: 'GateFailed',
    message: expect.stringMatching(/^Gate promotion of stage 0: .* was not signed with key/),
  };
  await expect(look()).rejects.toMatchObject(failure);
  found = genuine;
  await expect(look()).rejects.toMatchObject(failure);
  expect([asked.length, (await told()).length]).toEqual([1, 1]);
  expect(await look({ stage: 1 })).toEqual({});
});

test('what cannot be read is not written down, and the lease is held', async () => {
  const { look, told, generation } = await scene(() => Promise.reject(new Error('no bucket')));
  await expect(look()).rejects.toThrow('no bucket');
  expect(await told()).toEqual([]);
  await expect(look({ generation: generation + 1 })).rejects.toMatchObject({ name: 'LeaseLost' });
});
