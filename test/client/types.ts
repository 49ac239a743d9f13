import type { Rollout } from '../../lambda/client';
import type { City, Place, Profile } from './cities';

/** What the types of the client allow and refuse. Never called: `tsc` checks it. */
export async function types(rollout: Rollout): Promise<void> {
  const table = rollout.table<City, Pick<City, 'pk' | 'sk'>>();
  const city: City | undefined = await table.get({ pk: 'CITY#1', sk: 'PLACE' });
  const list: City[] = await table.query({ pk: 'CITY#1' });
  await table.update({ pk: 'CITY#1', sk: 'PROFILE' }, (c) => (c?.sk === 'PROFILE' ? { ...c, name: 'Delft' } : c));
  for await (const each of await table.query({ pk: 'CITY#1' })) each satisfies City;
  await rollout.table<Profile>().get({ pk: 'CITY#1', sk: 'PROFILE' });
  await rollout.table().put({ anything: 1 });

  // @ts-expect-error a sort key that no city has
  await table.get({ pk: 'CITY#1', sk: 'MAYOR' });
  // @ts-expect-error half a key
  await table.get({ pk: 'CITY#1' });
  // @ts-expect-error an attribute of the other kind
  await table.put({ pk: 'CITY#1', sk: 'PROFILE', feature: 'PPL' });
  // @ts-expect-error there may be no item
  await table.update({ pk: 'CITY#1', sk: 'PROFILE' }, (c) => ({ ...c, name: c.name }));
  // @ts-expect-error a change is no promise
  await table.update({ pk: 'CITY#1', sk: 'PROFILE' }, async (c) => c);
  // @ts-expect-error a table of profiles has no places
  await rollout.table<Profile>().put({ pk: 'CITY#1', sk: 'PLACE' } satisfies Place);
  void [city, list];
}
