import { CHANGES } from './changes';

jest.mock('../../../lib/runbook/files', () => ({
  runbookFiles: () => {
    throw new Error('there are no words for it');
  },
}));

test('a runbook that cannot be written fails no synthesis, and is told', () => {
  const told = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
  const { files, manifest } = CHANGES['a minimal reindex']?.() ?? {};
  expect(Object.keys(files ?? {})).toEqual(['rollout.json']);
  expect(told).toHaveBeenCalledWith(`The runbook of ${manifest?.migration} could not be written: there are no words for it`);
});
