import { Match } from 'aws-cdk-lib/assertions';
import fc from 'fast-check';
import { AmendInPlace } from '../../examples/amend-in-place/stack';
import transform, { type OldProduct, type Product } from '../../examples/amend-in-place/transform';
import { modelFrom, toWire } from '../../lambda/adapters/model';
import { sameContent } from '../../lambda/core/item';
import type { Schemas } from '../../lambda/core/model';
import { InPlace } from '../client/in-place';
import { MemoryDatabase } from '../memory/memory-database';
import { staged } from './stage';

const { client, template } = staged(
  ['sku'],
  ({ app, table, application }) => new AmendInPlace(app, 'AmendInPlace', { table, application }),
);
const schemas = { legacy: client.legacyKeys, target: client.targetKeys } as unknown as Schemas;
const model = modelFrom(transform, schemas);

const sku = fc.string({ minLength: 1 });
const price = { price: fc.nat(), currency: fc.constantFrom('EUR', 'USD') };
const old = fc.record({ sku, ...price, name: fc.string(), tags: fc.array(fc.string()) }, { requiredKeys: ['sku'] });
const stated = fc
  .record({ amount: fc.nat(), currency: fc.constantFrom('EUR', 'USD') }, { requiredKeys: [] })
  .filter((values) => Object.keys(values).length > 0);
const amended = fc.record({ sku, price: stated, name: fc.string() }, { requiredKeys: ['sku'] });

it('synthesises, and breaks no rule of AWS Solutions', () => {
  expect(client).toMatchObject({ inPlace: {}, legacyKeys: ['sku'] });
  template.hasResourceProperties('AWS::Lambda::EventSourceMapping', { EventSourceArn: Match.anyValue() });
});

it('brings every item back as it was', () => {
  const property = fc.property(old, (item) => sameContent(model.down(model.up(toWire(item))), toWire(item)));
  fc.assert(property);
});

it('keeps in the old form whatever an application writes in the new one', () => {
  const property = fc.property(amended, (item) => {
    const [again] = model.up(model.down([toWire(item)]) ?? {});
    return sameContent(again, toWire(item));
  });
  fc.assert(property);
});

it('says in one attribute what a product costs', () => {
  const before: OldProduct = { sku: '7', price: 1299, currency: 'EUR', name: 'Lamp' };
  const after: Product = { sku: '7', price: { amount: 1299, currency: 'EUR' }, name: 'Lamp' };
  expect(transform.up(before)).toEqual([after]);
  expect(transform.down([after])).toEqual(before);
  expect(transform.up({ sku: '8' })).toEqual([{ sku: '8' }]);
});

it('amends a table in memory and takes it back, with applications in both positions, and loses nothing', async () => {
  const several = fc.uniqueArray(old, { minLength: 3, maxLength: 20, selector: (item) => item.sku });
  const property = fc.asyncProperty(several, async (items) => {
    const memory = new MemoryDatabase(schemas);
    for (const item of items) memory.put('legacy', toWire(item));
    const place = new InPlace(memory, schemas, transform);
    const [behind, ahead] = (['legacy', 'target'] as const).map((at) => place.application(at).rollout.table());
    expect(await place.pass('none')).toMatchObject({ checked: items.length, repaired: 0 });
    const [first, second, ...rest] = items as [OldProduct, OldProduct, ...OldProduct[]];
    const written: Product = { sku: first.sku, price: { amount: 1, currency: 'EUR' } };
    await ahead?.put(written);
    await behind?.put({ sku: second.sku, name: 'in the old form' });

    const known = [written, { sku: second.sku, name: 'in the old form' }, ...rest.flatMap((item) => transform.up(item))];
    for (const form of ['target', 'legacy'] as const) {
      await place.pass(form);
      expect(new Set(await place.forms())).toEqual(new Set([form]));
      for (const table of [behind, ahead]) {
        for (const item of known) expect(toWire((await table?.get({ sku: item.sku })) ?? {})).toEqual(toWire(item));
      }
    }
    const last = [{ sku: first.sku, price: 1, currency: 'EUR' }, { sku: second.sku, name: 'in the old form' }, ...rest];
    const stored = new Map(memory.items('legacy').map((item) => [(item.sku as { S: string }).S, item]));
    for (const item of last) {
      const { _rollout: _, ...content } = stored.get(item.sku) ?? {};
      expect(content).toEqual(toWire(item));
    }
  });
  await fc.assert(property, { numRuns: 25 });
});
