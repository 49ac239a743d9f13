/** A city in the legacy table: one flat item by its GeoNames id, the place as text. Only `id` is always there. */
export interface LegacyCity {
  readonly id: string;
  readonly name?: string;
  readonly altName?: string;
  readonly country?: string;
  readonly population?: number;
  /** Degrees, "latitude,longitude". */
  readonly location?: string;
  /** GeoNames feature code, such as PPLC for a capital. */
  readonly featureCode?: string;
  readonly adminCode?: string;
}

/** What a city is, in the new model. */
export interface Profile {
  readonly pk: string;
  readonly sk: 'PROFILE';
  readonly name?: string;
  readonly altName?: string;
  readonly country?: string;
  readonly population?: number;
}

/** Where a city is, in the new model. */
export interface Place {
  readonly pk: string;
  readonly sk: 'PLACE';
  /** Degrees. */
  readonly location?: { readonly lat: number; readonly lon: number };
  readonly feature?: string;
  readonly admin?: string;
}

/** An item of the new model: a city has a profile, a place or both. */
export type City = Profile | Place;

/** How large a city is. */
export type Size = 'village' | 'town' | 'city' | 'metropolis';

/** What a city is, after the amendment: a list of other names, and its size. */
export interface ProfileV3 extends Omit<Profile, 'altName'> {
  readonly names?: readonly string[];
  /** Of `population`; only where that is known. */
  readonly size?: Size;
}

/** An item after the amendment. */
export type CityV3 = ProfileV3 | Place;
