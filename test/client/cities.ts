import { defineTransform } from '../../lambda/client';
import type { Schemas } from '../../lambda/core/model';

export const CITIES: Schemas = { legacy: ['id'], target: ['pk', 'sk'] };

export interface Profile {
  readonly pk: string;
  readonly sk: 'PROFILE';
  readonly name?: string;
  readonly marks?: readonly string[];
}

export interface Place {
  readonly pk: string;
  readonly sk: 'PLACE';
  readonly feature?: string;
  readonly marks?: readonly string[];
}

export type City = Profile | Place;

export interface LegacyCity {
  readonly id: string;
  readonly profile?: { readonly name?: string; readonly marks?: readonly string[] };
  readonly place?: { readonly feature?: string; readonly marks?: readonly string[] };
}

/** One legacy item becomes a profile and a place; each may be missing. */
export const cities = defineTransform<LegacyCity, City>({
  version: '1',
  up: ({ id, profile, place }) => [
    ...(profile ? [{ pk: `CITY#${id}`, sk: 'PROFILE' as const, ...profile }] : []),
    ...(place ? [{ pk: `CITY#${id}`, sk: 'PLACE' as const, ...place }] : []),
  ],
  down: (targets) => {
    const profile = targets.find((item): item is Profile => item.sk === 'PROFILE');
    const place = targets.find((item): item is Place => item.sk === 'PLACE');
    const [first] = targets;
    if (!first) return undefined;
    return {
      id: first.pk.slice('CITY#'.length),
      ...(profile && {
        profile: { ...(profile.name && { name: profile.name }), ...(profile.marks && { marks: profile.marks }) },
      }),
      ...(place && { place: { ...(place.feature && { feature: place.feature }), ...(place.marks && { marks: place.marks }) } }),
    };
  },
  legacyKey: ({ pk }) => ({ id: String(pk).slice('CITY#'.length) }),
  legacyPartition: ({ pk }) => ({ id: String(pk).slice('CITY#'.length) }),
  canary: {
    item: (n) => ({ id: `canary-${n}`, profile: { name: 'Canary' } }),
    number: ({ id }) => (String(id).startsWith('canary-') ? Number(String(id).slice(7)) : undefined),
  },
});

export const PROFILE = { pk: 'CITY#1', sk: 'PROFILE' } as const;
export const PLACE = { pk: 'CITY#1', sk: 'PLACE' } as const;
