import fc from 'fast-check';
import { authorityOf, POSITIONS, rankOf, stepTowards } from '../../lambda/core/position';
import { chainPositions } from './arbitraries';

it('has the table of the protocol', () => {
  expect(POSITIONS.map((position) => [position, authorityOf(position)])).toEqual([
    ['legacy', 'legacy'],
    ['shadow', 'legacy'],
    ['dual-legacy', 'legacy'],
    ['dual-target', 'target'],
    ['target', 'target'],
  ]);
  expect(authorityOf('fenced')).toBe('target');
});

it('counts fenced with dual-target', () => expect(rankOf('fenced')).toBe(rankOf('dual-target')));

it('steps by one towards a goal, and stays there', () => {
  fc.assert(
    fc.property(chainPositions, chainPositions, (from, goal) => {
      const next = stepTowards(from, goal);
      expect(Math.abs(rankOf(next) - rankOf(from))).toBe(from === goal ? 0 : 1);
      expect(Math.abs(rankOf(goal) - rankOf(next))).toBe(Math.max(0, Math.abs(rankOf(goal) - rankOf(from)) - 1));
    }),
  );
});
