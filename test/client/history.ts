import fc from 'fast-check';
import type { Application } from './application';
import { type City, PLACE, PROFILE } from './cities';
import { impossible, type Operation } from './linearizability';

/** A step of one client: at one of two neighbouring positions, on one of two items of a group. */
export interface Step {
  readonly ahead: boolean;
  readonly on: 'PROFILE' | 'PLACE';
  readonly kind: 'append' | 'put' | 'delete' | 'get';
}

/** What one client does. */
export const steps = fc.array(
  fc.record<Step>({
    ahead: fc.boolean(),
    on: fc.constantFrom('PROFILE', 'PLACE'),
    kind: fc.constantFrom('append', 'append', 'put', 'delete', 'get'),
  }),
  { minLength: 1, maxLength: 3 },
);
/** The keys of the group. */
export const keys = { PROFILE, PLACE };

/** Everything that two clients did, key by key, with logical times. */
export class History {
  readonly operations = { PROFILE: [] as Operation[], PLACE: [] as Operation[] };
  private time = 0;
  private marks = 0;

  async run(app: Application, { on, kind }: Step): Promise<void> {
    const key = keys[on];
    const mark = String(++this.marks);
    const began = ++this.time;
    const apply = await this.perform(app, key, kind, mark);
    this.operations[on].push({ name: `${kind} ${mark}`, began, ended: ++this.time, apply });
  }

  private async perform(
    app: Application,
    key: Pick<City, 'pk' | 'sk'>,
    kind: Step['kind'],
    mark: string,
  ): Promise<Operation['apply']> {
    const of = (marks: readonly string[]) => ({ ...key, marks }) as City;
    if (kind === 'put') {
      await app.cities.put(of([mark]));
      return () => mark;
    }
    if (kind === 'delete') {
      await app.cities.delete(key);
      return () => undefined;
    }
    if (kind === 'get') {
      const seen = marksOf(await app.cities.get(key));
      return (value) => (value === seen ? value : impossible);
    }
    const seen = marksOf(await app.cities.update(key, (city) => of([...(city?.marks ?? []), mark])));
    return (value) => (seen === [value, mark].filter(Boolean).join() ? seen : impossible);
  }
}

/** What a city says of who wrote it, in order. */
export function marksOf(city: City | undefined): string | undefined {
  return city?.marks?.join();
}
