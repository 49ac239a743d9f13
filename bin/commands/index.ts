import { approve, reject } from './approve';
import type { Command } from './command';
import { complete } from './complete';
import { list } from './list';
import { pause, resume } from './pause';
import { redrive } from './redrive';
import { restore } from './restore';
import { rollback } from './rollback';
import { set } from './set';
import { start } from './start';
import { status } from './status';
import { trace } from './trace';
import { verifyLedger } from './verify-ledger';

/** Every verb, in the order of the help. */
export const COMMANDS: Readonly<Record<string, Command>> = {
  list,
  start,
  status,
  approve,
  reject,
  pause,
  resume,
  set,
  rollback,
  trace,
  redrive,
  complete,
  restore,
  'verify-ledger': verifyLedger,
};
