import type { SpeedState } from '../../lambda/set/set';
import { misused } from '../operator/failure';
import { type Command, REASON, text } from './command';

/** Makes a rollout work harder, or less hard. */
export const set: Command = {
  about: 'sets write units and workers of a rollout while it runs',
  options: {
    'write-units': { value: 'N', about: 'write units a second of all workers together; 0 for no limit' },
    concurrency: { value: 'N', about: 'workers at a time' },
    reason: REASON,
  },
  details: 'Workers hear of it within seconds. It holds until the run ends; the next run begins with what is deployed.',
  async run(context) {
    const { 'write-units': units, concurrency } = context.options;
    const given = {
      ...(units === undefined ? {} : { maxWriteUnits: whole('write-units', units as string) }),
      ...(concurrency === undefined ? {} : { maxConcurrency: whole('concurrency', concurrency as string) }),
    };
    if (Object.keys(given).length === 0) throw misused('Say what: --write-units N, --concurrency N, or both.');
    const change = await context.change();
    const statement = await change.statement(text(context, 'reason'), 'set');
    const state = await change.call<SpeedState>(change.configuration.functions.set, { ...statement, ...given });
    const limit = state.maxWriteUnits === 0 ? 'no limit of write units' : `${state.maxWriteUnits} write units a second`;
    return { data: state, lines: [`Run ${state.run}: ${limit}, ${state.maxConcurrency} workers.`] };
  },
};

function whole(option: string, value: string): number {
  if (/^\d+$/.test(value)) return Number(value);
  throw misused(`--${option} must be a whole number of 0 or more, and is ${value}.`);
}
