import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const mockRoot = mkdtempSync(join(tmpdir(), 'rollout-lib-test-'));

/** A file that goes when the tests of the file end. */
export function writtenFile(name: string, text: string): string {
  const file = join(mockRoot, name);
  writeFileSync(file, text);
  return file;
}

/** Synthesis needs a folder for each handler, but not what is in it: these tests do not wait for a build. */
export function mockHandlerFolder(task: string): string {
  const folder = join(mockRoot, 'handlers', task);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'index.mjs'), `export const handler = async () => '${task}';`);
  return folder;
}

jest.mock('../../lib/private/handler-folder', () => ({ handlerFolder: mockHandlerFolder }));

afterAll(() => rmSync(mockRoot, { recursive: true, force: true }));
