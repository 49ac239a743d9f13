import fc from 'fast-check';
import { auditChain, chain, type Event, firstBroken, GENESIS, type Happening } from '../../lambda/core/ledger';

const happenings: fc.Arbitrary<Happening[]> = fc.array(
  fc.record(
    {
      run: fc.string(),
      at: fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
      kind: fc.string(),
      who: fc.string(),
      data: fc.dictionary(fc.string(), fc.jsonValue(), { noNullPrototype: true }) as fc.Arbitrary<Record<string, unknown>>,
    },
    { requiredKeys: ['run', 'at', 'kind', 'data'] },
  ),
  { minLength: 1, maxLength: 8 },
);

function chained(entries: readonly Happening[]): Event[] {
  const events: Event[] = [];
  for (const entry of entries) events.push(chain(events.at(-1) ?? { seq: 0, hash: GENESIS }, entry));
  return events;
}

const chains = happenings.map(chained);

it('is whole as it was written, also after it was stored as JSON', () => {
  fc.assert(
    fc.property(chains, (events) => {
      expect(firstBroken(events)).toBeUndefined();
      expect(firstBroken(JSON.parse(JSON.stringify(events)) as Event[])).toBeUndefined();
      expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
    }),
  );
  expect(firstBroken([])).toBeUndefined();
});

it('shows every change of an entry, at that entry', () => {
  const change = fc.constantFrom<(event: Event) => Event>(
    (event) => ({ ...event, run: `${event.run}x` }),
    (event) => ({ ...event, at: `${event.at}x` }),
    (event) => ({ ...event, kind: `${event.kind}x` }),
    (event) => ({ ...event, who: `${event.who ?? ''}x` }),
    (event) => ({ ...event, data: { ...event.data, 'a new name': 1 } }),
    (event) => ({ ...event, seq: event.seq + 1 }),
    (event) => ({ ...event, previous: event.hash }),
    (event) => ({ ...event, hash: GENESIS }),
  );
  fc.assert(
    fc.property(chains, fc.nat(), change, (events, at, changed) => {
      const index = at % events.length;
      const forged = events.map((event, n) => (n === index ? changed(event) : event));
      expect(firstBroken(forged)?.hash).toBe(forged[index]?.hash);
    }),
  );
});

it('shows a change whose hash was made to fit, at the entry after it', () => {
  fc.assert(
    fc.property(
      chains.filter((events) => events.length > 1),
      fc.nat(),
      (events, at) => {
        const index = at % (events.length - 1);
        const before = events[index - 1] ?? { seq: 0, hash: GENESIS };
        const { seq: _, previous: __, hash: ___, ...entry } = events[index] as Event;
        const forged = events.map((event, n) => (n === index ? chain(before, { ...entry, kind: `${entry.kind}x` }) : event));
        expect(firstBroken(forged)).toBe(forged[index + 1]);
      },
    ),
  );
});

it('shows a missing entry, one too many, and another order', () => {
  fc.assert(
    fc.property(
      chains.filter((events) => events.length > 1),
      fc.nat(),
      (events, at) => {
        const index = at % (events.length - 1);
        const event = events[index] as Event;
        expect(firstBroken(events.filter((_, n) => n !== index))).toBe(events[index + 1]);
        expect(firstBroken([...events.slice(0, index + 1), event, ...events.slice(index + 1)])).toBe(event);
        const swapped = [...events];
        [swapped[index], swapped[index + 1]] = [events[index + 1] as Event, event];
        expect(firstBroken(swapped)).toBe(swapped[index]);
      },
    ),
  );
});

describe('an audit of the chain', () => {
  const trail = fc.record({ events: chains.filter((events) => events.length > 1), at: fc.nat() });
  const headOf = (events: readonly Event[]) => ({ seq: events.length, hash: events.at(-1)?.hash ?? GENESIS });

  it('finds nothing in a trail that grows while it is read', () => {
    fc.assert(
      fc.property(trail, ({ events, at }) => {
        const before = headOf(events.slice(0, at % (events.length + 1)));
        expect(auditChain(events, before, headOf(events))).toEqual({ verdict: 'whole' });
        expect(auditChain(events, headOf(events), headOf(events), events[at % events.length]?.hash)).toEqual({
          verdict: 'whole',
        });
      }),
    );
    expect(auditChain([], headOf([]), headOf([]))).toEqual({ verdict: 'whole' });
  });

  it('finds entries that were cut off its end, and some that were added behind the head', () => {
    fc.assert(
      fc.property(trail, ({ events, at }) => {
        const shorter = events.slice(0, at % events.length);
        expect(auditChain(shorter, headOf(events), headOf(events))).toEqual({ verdict: 'cut' });
        expect(auditChain(events, headOf(shorter), headOf(shorter))).toEqual({ verdict: 'cut' });
      }),
    );
  });

  it('finds a trail that was chained anew, when a hash of the old one was noted elsewhere', () => {
    fc.assert(
      fc.property(trail, ({ events }) => {
        const anew = chained(
          events.map(({ seq: _, previous: __, hash: ___, ...entry }) => ({ ...entry, kind: `${entry.kind}x` })),
        );
        expect(auditChain(anew, headOf(anew), headOf(anew))).toEqual({ verdict: 'whole' });
        expect(auditChain(anew, headOf(anew), headOf(anew), headOf(events).hash)).toEqual({ verdict: 'cut' });
      }),
    );
  });

  it('says where a chain is broken', () => {
    const events = chained([0, 1, 2].map((n) => ({ run: 'r', at: '', kind: `k${n}`, data: {} })));
    const forged = events.map((event, n) => (n === 1 ? { ...event, kind: 'other' } : event));
    expect(auditChain(forged, headOf(events), headOf(events))).toEqual({ verdict: 'broken', at: forged[1] });
  });
});
