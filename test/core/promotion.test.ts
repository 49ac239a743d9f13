import type { Event } from '../../lambda/core/ledger';
import { type Certificate, certificateOf, type Found, objectionTo, type Wanted } from '../../lambda/core/promotion';
import { certified, happenings } from '../memory/certified-run';

const events = (more: readonly Partial<Event>[] = happenings) => more.map((event, n) => ({ seq: n + 1, ...event }) as Event);

describe('a certificate', () => {
  it('says what the ledger says of a run', () => {
    expect(certificateOf('orders', 'run-1', events())).toEqual(certified);
  });

  it.each<[string, readonly Partial<Event>[], RegExp]>([
    ['has not completed', happenings.filter(({ kind }) => kind !== 'completed'), /it has not completed/],
    ['passed not every stage', happenings.filter(({ data }) => data?.stage !== 1), /stage full was not passed/],
    ['was rolled back since', [...happenings, { run: 'run-2', kind: 'rollback-begun', data: {} }], /it was rolled back/],
    ['is another one', happenings.map((event) => ({ ...event, run: 'run-2' })), /it has not completed/],
  ])('is not given to a run that %s', (_, happened, message) => {
    expect(() => certificateOf('orders', 'run-1', events(happened))).toThrow(message);
  });

  it('is given to a run that an earlier rollback came before', () => {
    expect(certificateOf('orders', 'run-1', events([{ run: 'run-0', kind: 'rollback-begun', data: {} }, ...happenings]))).toEqual(
      certified,
    );
  });
});

describe('what there is against it', () => {
  const DAY = 24 * 3600;
  const wanted: Wanted = { bucket: 'staging', key: 'the-key', migration: 'orders', transformSha256: 'abc', within: 7 * DAY };
  const now = (days: number) => Date.parse(certified.completedAt) + days * DAY * 1000;
  const found = (more: Partial<Certificate> = {}): Found => ({ kind: 'certificate', certificate: { ...certified, ...more } });

  it.each<[string, Found, number, RegExp | undefined]>([
    ['nothing on the last day', found(), 7, undefined],
    ['nothing when clocks differ', found(), -0.001, undefined],
    ['its age', found(), 7.5, /^Run run-1 passed at 2026-11-20.*, 7.5 days ago, and 7.0 are allowed/],
    [
      'that there is none',
      { kind: 'nothing' },
      1,
      /^There is no certificate certificates\/orders\/abc.json in bucket staging: complete a run of migration orders/,
    ],
    ['its signature', { kind: 'not-signed' }, 1, /in bucket staging was not signed with key the-key, or was changed since/],
    ['that it is none', { kind: 'something-else' }, 1, /is no certificate of a run/],
    ['its migration', found({ migration: 'cities' }), 1, /is of migration cities, and not of orders/],
    [
      'its transform',
      found({ transform: { version: 'v2', sha256: 'def' } }),
      1,
      /^Run run-1 passed with transform def, and here it is abc/,
    ],
  ])('%s', (_, what, days, objection) => {
    const said = objectionTo(what, wanted, now(days));
    if (objection) expect(said).toMatch(objection);
    else expect(said).toBeUndefined();
  });
});
