import { type Audit, audit, Contents, isClean, keptWrites, stateOf } from '../../bin/rehearsal/audit';
import { History } from '../../bin/rehearsal/history';
import { type Item, keyText } from '../../lambda/core/item';
import type { Model } from '../../lambda/core/model';
import { stamped } from '../../lambda/core/stamp';

/** `name` and `place` of one legacy item become an item each. */
const model: Model = {
  version: 'test',
  schemas: { legacy: ['id'], target: ['pk', 'sk'] },
  up: (legacy) => {
    if (legacy.broken) throw new Error('no number');
    return ['name', 'place'].filter((part) => legacy[part]).map((part) => child(text(legacy.id), part, text(legacy[part])));
  },
  down: () => undefined,
  legacyKey: ({ pk }) => ({ id: { S: text(pk) } }),
  routingKey: ({ id }) => text(id),
  legacyPartition: () => undefined,
  canary: (n) => ({ id: { S: `canary-${n}` } }),
  canaryNumber: ({ id }) => (text(id).startsWith('canary-') ? 0 : undefined),
  patterns: new Map(),
};

function text(value: Item[string] | undefined): string {
  return (value as { S: string }).S;
}

function child(id: string, sk: string, value: string): Item {
  return { pk: { S: id }, sk: { S: sk }, value: { S: value } };
}

function parent(id: string, values: Record<string, string>): Item {
  return { id: { S: id }, ...Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { S: value }])) };
}

const key = (id: string, sk: string) => keyText({ pk: { S: id }, sk: { S: sk } });

/** Cities 1 to 3 were loaded; the name of 1 was changed twice, the place of 2 deleted, 4 made new. */
function rehearsed(): History {
  const history = new History();
  for (const id of ['1', '2', '3']) {
    history.loaded(key(id, 'name'), stateOf(child(id, 'name', 'old')) as string);
    history.loaded(key(id, 'place'), stateOf(child(id, 'place', 'here')) as string);
  }
  history.begin(key('1', 'name'), 'w').acknowledged(stateOf(child('1', 'name', 'newer')));
  history.begin(key('1', 'name'), 'w').acknowledged(stateOf(child('1', 'name', 'newest')));
  history.begin(key('2', 'place'), 'w').acknowledged(undefined);
  history.begin(key('4', 'name'), 'w').acknowledged(stateOf(child('4', 'name', 'made')));
  return history;
}

const LEGACY = [
  parent('1', { name: 'newest', place: 'here' }),
  parent('2', { name: 'old' }),
  parent('3', { name: 'old', place: 'here' }),
  parent('4', { name: 'made' }),
];
const TARGET = LEGACY.flatMap((item) => model.up(item));

function run(legacy: Item[], target: Item[]): Audit {
  const contents = new Contents(model);
  contents.add('legacy', legacy);
  contents.add('target', target);
  return audit(rehearsed(), contents);
}

const without = (items: Item[], id: string, sk: string) => items.filter((item) => text(item.pk) !== id || text(item.sk) !== sk);
const brief = ({ findings }: Audit) => findings.map(({ side, verdict, key: at }) => `${verdict} ${at} in ${side}`);

describe('the audit', () => {
  it('is clean when both tables hold what was acknowledged, stamps aside', () => {
    const result = run(
      LEGACY,
      TARGET.map((item) => stamped(item, 'token', 'forward')),
    );
    expect(result).toMatchObject({ keys: 7, findings: [], divergent: [], failing: [], canaries: 0 });
    expect(isClean(result)).toBe(true);
  });

  it('finds a write that is lost in one table', () => {
    const result = run(LEGACY, without(TARGET, '4', 'name'));
    expect(brief(result)).toEqual([`lost ${key('4', 'name')} in target`]);
    expect(result.divergent).toEqual([key('4', 'name')]);
    expect(isClean(result)).toBe(false);
  });

  it('finds a write that is lost in both tables, though they agree', () => {
    const result = run(LEGACY.slice(0, 3), without(TARGET, '4', 'name'));
    expect(brief(result)).toEqual([`lost ${key('4', 'name')} in legacy`, `lost ${key('4', 'name')} in target`]);
    expect(result.divergent).toEqual([]);
    expect(isClean(result)).toBe(false);
  });

  it('finds an item that nobody touched and that is gone', () => {
    const result = run(LEGACY, without(TARGET, '3', 'place'));
    expect(brief(result)).toEqual([`lost ${key('3', 'place')} in target`]);
  });

  it('finds a deleted item that came back', () => {
    const result = run(LEGACY, [...TARGET, child('2', 'place', 'here')]);
    expect(brief(result)).toEqual([`resurrected ${key('2', 'place')} in target`]);
  });

  it('finds an older version', () => {
    const result = run([parent('1', { name: 'newer', place: 'here' }), ...LEGACY.slice(1)], TARGET);
    expect(brief(result)).toEqual([`stale ${key('1', 'name')} in legacy`]);
  });

  it('finds a value that nobody wrote', () => {
    const result = run(LEGACY, [...without(TARGET, '3', 'name'), child('3', 'name', 'corrupt')]);
    expect(brief(result)).toEqual([`unwritten ${key('3', 'name')} in target`]);
  });

  it('finds an item under a key that nobody wrote', () => {
    const result = run(LEGACY, [...TARGET, child('9', 'name', 'ghost')]);
    expect(brief(result)).toEqual([`unwritten ${key('9', 'name')} in target`]);
  });

  it('names legacy items on which the transform fails', () => {
    const result = run([...LEGACY, { ...parent('5', {}), broken: { BOOL: true } }], TARGET);
    expect(result.failing).toEqual(['id=5: no number']);
    expect(isClean(result)).toBe(false);
  });

  it('counts a write that only the ledger keeps apart, if it is the last one', () => {
    const event = (image: Item, more = {}) => ({
      ...{ seq: 1, run: 'r', at: '', kind: 'salvaged', previous: '', hash: '' },
      data: { direction: 'reverse', key: key('4', 'name'), image: JSON.stringify(stamped(image, 'token', 'client')), ...more },
    });
    const contents = () => {
      const found = new Contents(model);
      found.add('legacy', LEGACY.slice(0, 3));
      found.add('target', without(TARGET, '4', 'name'));
      return found;
    };
    const kept = audit(rehearsed(), contents(), keptWrites(model, [event(child('4', 'name', 'made'))]));
    expect(kept).toMatchObject({ findings: [], kept: [key('4', 'name')] });
    const older = audit(rehearsed(), contents(), keptWrites(model, [event(child('4', 'name', 'older'))]));
    expect(brief(older)).toHaveLength(2);
  });

  it('counts canaries apart', () => {
    const result = run(LEGACY, [...TARGET, child('canary-1', 'name', 'c')]);
    expect(result.canaries).toBe(1);
    expect(isClean(result)).toBe(true);
  });
});
