import { changes } from '../operator/changes';
import { table } from '../terminal/table';
import type { Command } from './command';

/** Which changes there are. */
export const list: Command = {
  about: 'the changes of this account and region',
  async run({ aws }) {
    const found = await changes(aws.ssm);
    const rows = found.map(({ migration, kind, stack, stages }) => [
      migration,
      kind,
      stack,
      stages.map(({ name }) => name).join(', '),
    ]);
    return {
      data: found,
      lines: found.length === 0 ? ['There is none.'] : table([['change', 'kind', 'stack', 'stages'], ...rows]),
    };
  },
};
