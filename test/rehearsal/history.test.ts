import { History } from '../../bin/rehearsal/history';

const KEY = 'pk=CITY#1,sk=PROFILE';

function written(history: History, state: string | undefined): void {
  history.begin(KEY, 'w1').acknowledged(state);
}

describe('reads', () => {
  it('must see the last write that was acknowledged before they began', () => {
    const history = new History();
    history.loaded(KEY, 'a');
    written(history, 'b');
    expect(history.judge(KEY, history.mark(KEY), 'b')).toBe('right');
    expect(history.judge(KEY, history.mark(KEY), 'a')).toBe('stale');
    expect(history.judge(KEY, history.mark(KEY), undefined)).toBe('lost');
    expect(history.judge(KEY, history.mark(KEY), 'z')).toBe('unwritten');
  });

  it('may see a write that was under way', () => {
    const history = new History();
    written(history, 'a');
    const mark = history.mark(KEY);
    const attempt = history.begin(KEY, 'w1');
    attempt.intend('b');
    expect(history.judge(KEY, mark, 'a')).toBe('right');
    expect(history.judge(KEY, mark, 'b')).toBe('right');
    attempt.acknowledged('b');
    expect(history.judge(KEY, mark, 'a')).toBe('right');
    expect(history.judge(KEY, history.mark(KEY), 'a')).toBe('stale');
  });

  it('must not see what was deleted', () => {
    const history = new History();
    written(history, 'a');
    written(history, undefined);
    expect(history.judge(KEY, history.mark(KEY), undefined)).toBe('right');
    expect(history.judge(KEY, history.mark(KEY), 'a')).toBe('resurrected');
  });

  it('may see a write whose end nobody knows, until a later one is acknowledged', () => {
    const history = new History();
    written(history, 'a');
    const attempt = history.begin(KEY, 'w1');
    attempt.intend('b');
    attempt.failed('unknown');
    expect(history.standing(KEY)).toBe('unknown');
    expect(history.judge(KEY, history.mark(KEY), 'b')).toBe('right');
    expect(history.judge(KEY, history.mark(KEY), 'a')).toBe('right');
    written(history, 'c');
    expect(history.judge(KEY, history.mark(KEY), 'b')).toBe('stale');
  });

  it('must not see a write that was refused', () => {
    const history = new History();
    written(history, 'a');
    const attempt = history.begin(KEY, 'w1');
    attempt.intend('b');
    attempt.failed('refused');
    expect(history.standing(KEY)).toEqual({ state: 'a' });
    expect(history.judge(KEY, history.mark(KEY), 'b')).toBe('unwritten');
  });

  it('see nothing under a key that was never written', () => {
    const history = new History();
    expect(history.judge(KEY, history.mark(KEY), undefined)).toBe('right');
    expect(history.judge(KEY, history.mark(KEY), 'a')).toBe('unwritten');
  });
});

it('counts the writes of clients by their outcome', () => {
  const history = new History();
  history.loaded(KEY, 'a');
  written(history, 'b');
  history.begin(KEY, 'w1').failed('refused');
  history.begin(KEY, 'w1');
  expect(history.counts()).toEqual({ pending: 1, acknowledged: 1, refused: 1, unknown: 0 });
});
