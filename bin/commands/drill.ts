import { resolve } from 'node:path';
import { drill as drilled } from '../drill/drill';
import { Progress } from '../drill/progress';
import { data, isClean, lines } from '../drill/report';
import { LocalAwsError } from '../local-aws';
import { CommandError, EXIT } from '../operator/failure';
import { RehearsalError } from '../rehearsal/shell';
import { type Command, type Context, text } from './command';

/** Practises every rollback, before there is anything to lose. */
export const drill: Command = {
  about: 'deploys your stack on local AWS with a sample of your data, and practises every rollback',
  options: {
    sample: {
      value: 'FILE',
      about: 'items of the legacy table: a JSON array, aws dynamodb scan, or lines of an export',
      required: true,
    },
    app: { value: 'APP', about: 'the command of your app, or a folder synthesised for a drill (default: the app of cdk.json)' },
    rollbacks: { value: 'NAMES', about: 'some of soft,hard,immediate,alarm (default: all that the change has)' },
    keep: { about: 'leaves local AWS running until Ctrl-C' },
  },
  details:
    'Run it in the folder of your app. Each rollback is practised on a run of its own, under traffic that deletes, puts back and changes\n' +
    'items of the sample: soft from the middle stage and from the end, hard, hard --immediate, and an alarm that goes off. Every\n' +
    'acknowledged write is audited on both sides. Seconds stand for hours; what local AWS cannot do is left out, by name. It needs\n' +
    'Python 3.10 or later and your aws-cdk. Ends with 5 when a rollback was not clean.',
  async run(context) {
    const progress = new Progress(context.out);
    const result = await told(() => drilled(optionsOf(context, progress))).finally(() => progress.clear());
    return { data: data(result), lines: ['', ...lines(result)], exit: isClean(result) ? EXIT.done : EXIT.no };
  },
};

function optionsOf(context: Context, progress: Progress) {
  const { options, json, signal, tell } = context;
  return {
    folder: process.cwd(),
    sample: resolve(text(context, 'sample')),
    app: options.app as string | undefined,
    migration: options.migration as string | undefined,
    rollbacks: options.rollbacks as string | undefined,
    keep: options.keep === true,
    ...{ signal, tell: json ? tell : (line: string) => progress.line(line) },
    live: json ? { live: () => {} } : progress,
  };
}

/** What the user can mend, in one line. */
async function told<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { name, cause } = error as Error;
    const first = name === 'AbortError' && cause ? cause : error;
    if (first instanceof LocalAwsError || first instanceof RehearsalError) throw new CommandError(EXIT.failed, first.message);
    throw first;
  }
}
