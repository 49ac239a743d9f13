import fc from 'fast-check';
import { modelFrom, toWire } from '../../lambda/adapters/model';
import type { TransformDefinition } from '../../lambda/client';
import type { TableFacts } from '../../lambda/core/control';
import { keyOf, keyText, sameContent } from '../../lambda/core/item';
import type { Schemas } from '../../lambda/core/model';
import { checkCanaries, checkItem, checkNotCanary } from '../../lambda/preflight/check-transform';
import { type LocalAwsFixture, localAwsFixture } from '../local-aws-fixture';
import { awsStore, memoryStore } from '../scenario/stores';
import { travel } from './journey';
import type { Staged } from './stage';

type Plain = Record<string, unknown>;

/** A recipe that moves items from table to table. */
export interface MigrationRecipe {
  readonly stage: () => Staged;
  // biome-ignore lint/suspicious/noExplicitAny: the types of the items do not matter here
  readonly transform: TransformDefinition<any, any>;
  /** Items of a user's legacy table. */
  readonly legacy: fc.Arbitrary<Plain>;
  /** Items that an application may write in the new model. */
  readonly target: fc.Arbitrary<Plain>;
}

/** Tests of every such recipe: it synthesises, loses nothing in either direction, and really moves items there and back. */
export function describeMigration({ stage, transform, legacy, target }: MigrationRecipe): void {
  const { client, template } = stage();
  const schemas = { legacy: client.legacyKeys, target: client.targetKeys } as unknown as Schemas;
  const model = modelFrom(transform, schemas);
  const table = { name: 'target', types: Object.fromEntries(schemas.target.map((name) => [name, 'S'])) } as unknown as TableFacts;
  const keyIn = (item: Plain) => keyText(keyOf(toWire(item), schemas.legacy));
  const several = fc.uniqueArray(legacy, { minLength: 6, maxLength: 16, selector: keyIn });

  it('synthesises, and breaks no rule of AWS Solutions', () => {
    template.resourceCountIs('AWS::StepFunctions::StateMachine', 6);
    template.resourceCountIs('AWS::DynamoDB::Table', 2);
    template.hasResource('AWS::DynamoDB::Table', { DeletionPolicy: 'Retain', Properties: { DeletionProtectionEnabled: true } });
  });

  it('passes what preflight asks of every item', () => {
    const problems = (item: Plain) => [...checkItem(model, toWire(item), table), ...checkNotCanary(model, toWire(item))];
    fc.assert(fc.property(legacy, (item) => expect(problems(item)).toEqual([])));
  });

  it('brings every item that moves back as it was', () => {
    const property = fc.property(legacy, (item) => {
      const wire = toWire(item);
      const targets = model.up(wire);
      return targets.length === 0 || sameContent(model.down(targets), wire);
    });
    fc.assert(property);
  });

  it('keeps in the old model whatever an application writes in the new one', () => {
    const property = fc.property(target, (item) => {
      const wire = toWire(item);
      const old = model.down([wire]);
      const again = old ? model.up(old) : [];
      return again.length === 1 && sameContent(again[0], wire);
    });
    fc.assert(property);
  });

  it('has canaries that are valid, known again, and in every shard', () => {
    expect(checkCanaries(model, table)).toEqual([]);
    const number = fc.nat({ max: 2 ** 40 });
    fc.assert(fc.property(number, (n) => model.canaryNumber(keyOf(model.canary(n), schemas.legacy)) === n));
  });

  it('moves items in memory, position by position and back, and loses none', async () => {
    const property = fc.asyncProperty(several, (items) => travel({ model, items, store: memoryStore(schemas) }));
    await fc.assert(property, { numRuns: 10 });
  }, 60_000);

  describe('on local AWS', () => {
    let fixture: LocalAwsFixture;
    beforeAll(async () => {
      fixture = await localAwsFixture();
    }, 120_000);
    afterAll(() => fixture?.stop());

    it('moves items there and back, too', async () => {
      const [items] = fc.sample(several, { numRuns: 1, seed: 6 });
      await travel({ model, items: items as Plain[], store: await awsStore(fixture, schemas) });
    }, 60_000);
  });
}
