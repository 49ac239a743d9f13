import { approve, reject } from './approve';
import type { Command } from './command';
import { complete } from './complete';
import { drill } from './drill';
import { list } from './list';
import { pause, resume } from './pause';
import { plan } from './plan';
import { reconcile } from './reconcile';
import { redrive } from './redrive';
import { report } from './report';
import { restore } from './restore';
import { rollback } from './rollback';
import { runbook } from './runbook';
import { set } from './set';
import { start } from './start';
import { status } from './status';
import { trace } from './trace';
import { verifyLedger } from './verify-ledger';

/** Every verb, in the order of the help. */
export const COMMANDS: Readonly<Record<string, Command>> = {
  list,
  plan,
  start,
  status,
  approve,
  reject,
  pause,
  resume,
  set,
  rollback,
  trace,
  reconcile,
  redrive,
  report,
  runbook,
  drill,
  complete,
  restore,
  'verify-ledger': verifyLedger,
};
