import { isReady, placeOf, programmeOf } from '../../bin/drill/rollbacks';
import type { Standing } from '../../bin/operator/standing';
import type { Manifest } from '../../lib/operations/manifest';

const trigger = (rollback: string) => ({ kind: 'metric' as const, id: 'T', rollback });
const manifest = (more: Partial<Manifest> = {}) => ({ kind: 'rehydrate', triggers: [trigger('soft')], ...more }) as Manifest;
const stages = (...names: string[]) => ({ stages: names.map((name) => ({ name })) }) as unknown as Manifest;
const at = (more: Partial<Standing>) => ({ state: 'rolling-out', positions: {}, ...more }) as Standing;

describe('the programme of a drill', () => {
  test('has every way back, the soft one from two places', () => {
    const { practices, leftOut } = programmeOf(manifest(), undefined);
    expect(practices.map(({ way, from }) => `${way} ${from}`)).toEqual([
      ...['soft middle', 'soft end', 'hard end', 'immediate end', 'alarm middle'],
    ]);
    expect(leftOut).toEqual([]);
  });

  test('has only what is asked for', () => {
    expect(programmeOf(manifest(), 'hard, alarm').practices.map(({ way }) => way)).toEqual(['hard', 'alarm']);
    expect(() => programmeOf(manifest(), 'soft,fast')).toThrow(/soft, hard, immediate, alarm; it names 'fast'/);
  });

  test('says what a change does not have', () => {
    const { practices, leftOut } = programmeOf(manifest({ kind: 'amend', triggers: [trigger('pause')] }), undefined);
    expect(practices.map(({ way }) => way)).toEqual(['soft', 'soft']);
    expect(leftOut.map(({ what }) => what)).toEqual(['the rollback hard', 'the rollback immediate', 'the rollback alarm']);
    expect(() => programmeOf(manifest({ kind: 'reindex' }), 'hard')).toThrow(/one way back/);
  });
});

describe('where a rollback begins', () => {
  const four = stages('shadow', 'pilot', 'quarter', 'full');
  const middle = { way: 'soft', from: 'middle' } as const;
  const end = { way: 'hard', from: 'end' } as const;

  test('the middle is the bake of the stage in the middle, or any later moment', () => {
    expect(placeOf(middle, four)).toBe('stage quarter');
    expect(isReady(middle, four, at({ stage: 'pilot', workflowState: 'pilot: bake' }))).toBe(false);
    expect(isReady(middle, four, at({ stage: 'quarter', workflowState: 'quarter: shift' }))).toBe(false);
    expect(isReady(middle, four, at({ stage: 'quarter', workflowState: 'quarter: bake' }))).toBe(true);
    expect(isReady(middle, four, at({ stage: 'full', workflowState: 'full: approval', state: 'rolling-out' }))).toBe(true);
  });

  test('where the last stage is the middle, it is the way of its keys', () => {
    const one = stages('full');
    expect(isReady(middle, one, at({ stage: 'full', positions: { shadow: 1 } }))).toBe(false);
    expect(isReady(middle, one, at({ stage: 'full', positions: { 'dual-legacy': 1 } }))).toBe(true);
  });

  test('the end is where every key is in target, whether the run goes on or not', () => {
    expect(isReady(end, four, at({ stage: 'full', positions: { 'dual-target': 1 } }))).toBe(false);
    expect(isReady(end, four, at({ stage: 'full', positions: { target: 1 } }))).toBe(true);
    expect(isReady(end, four, at({ state: 'complete', positions: { target: 1 } }))).toBe(true);
  });
});
