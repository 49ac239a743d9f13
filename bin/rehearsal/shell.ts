import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';

/** A trouble of the rehearsal itself, in one line that says what to do. */
export class RehearsalError extends Error {
  override readonly name = 'RehearsalError';
}

/** A program to run to its end. */
export interface Command {
  readonly name: string;
  /** A JavaScript file and its arguments. */
  readonly script: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Everything that it says is added to this file. */
  readonly logFile: string;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** Runs a script in a Node process of its own. @throws RehearsalError with its last lines when it fails */
export async function run({ name, script, args, cwd, env, logFile, signal }: Command): Promise<void> {
  const log = createWriteStream(logFile, { flags: 'a' });
  const child = spawn(process.execPath, [script, ...args], { cwd, env, signal, stdio: ['ignore', 'pipe', 'pipe'] });
  let tail = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data: Buffer) => {
      tail = (tail + data).slice(-4000);
      log.write(data);
    });
  }
  const status = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  await finished(log.end());
  if (status !== 0) throw new RehearsalError(`${name} failed (full log: ${logFile}): ${lastLines(tail)}`);
}

function lastLines(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours of a terminal are control characters
  const plain = text.replace(/\u001b\[[0-9;]*m/g, '');
  return plain.trim().split('\n').slice(-6).join(' | ');
}
