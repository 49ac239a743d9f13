import { chain, type Event, GENESIS } from '../../lambda/core/ledger';
import { eventsNaming } from '../../lambda/core/named-events';

function ledgerOf(...data: Record<string, unknown>[]): Event[] {
  const events: Event[] = [];
  for (const each of data) {
    const previous = events.at(-1) ?? { seq: 0, hash: GENESIS };
    events.push(chain(previous, { run: 'run-1', at: '2026-01-01', kind: 'poison', data: each }));
  }
  return events;
}

test('finds a key wherever an entry names it, and never part of another', () => {
  const events = ledgerOf({ key: 'id=p1' }, { keys: ['id=p2', 'id=p1'] }, { key: 'id=p11' }, { cause: 'of id=p1' });
  expect(eventsNaming(events, new Set(['id=p1']), false).map(({ seq }) => seq)).toEqual([1, 2]);
});

test('of other keys in the same entry nothing is told', () => {
  const groups = [
    { legacyKey: 'id=p1', differences: [{ targetKey: 'pk=P#p1', attributes: ['name', 'town'] }] },
    { legacyKey: 'id=p2', differences: [] },
  ];
  const [event] = eventsNaming(ledgerOf({ phase: 'reconcile', groups, more: 0 }), new Set(['id=p1']), false);
  expect(event?.data).toEqual({ phase: 'reconcile', groups: [groups[0]], more: 0 });
});

test('an image is told only where values are asked for', () => {
  const events = ledgerOf({ key: 'id=p1', image: '{"name":{"S":"secret"}}' });
  expect(eventsNaming(events, new Set(['id=p1']), false)[0]?.data).toEqual({ key: 'id=p1' });
  expect(eventsNaming(events, new Set(['id=p1']), true)[0]?.data).toHaveProperty('image');
});
