import { approve, reject } from './approve';
import type { Command } from './command';
import { drill } from './drill';
import { list } from './list';
import { pause, resume } from './pause';
import { redrive } from './redrive';
import { rollback } from './rollback';
import { start } from './start';
import { status } from './status';
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
  rollback,
  redrive,
  drill,
  'verify-ledger': verifyLedger,
};
