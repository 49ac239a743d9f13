import { Transform } from '../../../lib';
import { ENTRY } from '../fixture';
import { writtenFile } from '../stubs';

describe('Transform.fromEntry', () => {
  it('is the same text, and so the same identity, every time', () => {
    const [one, other] = [Transform.fromEntry(ENTRY), Transform.fromEntry(ENTRY)];
    expect(one.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(other.sha256).toBe(one.sha256);
  });

  it('does not carry the client or the SDK along', () => {
    expect(Transform.fromEntry(ENTRY)._code.length).toBeLessThan(1000);
  });

  it.each([
    ['is missing', 'nowhere.ts', undefined, 'entry must name a file that exists, from'],
    ['does not compile', 'broken.ts', 'export default {\n  up: (\n', 'entry must compile: '],
    [
      'has no default export',
      'bare.ts',
      'export const up = 1;',
      'entry must have defineTransform({ ... }) or defineAmendment({ ... }) as its default export',
    ],
    [
      'imports what is not there',
      'lost.ts',
      "import { a } from './not-there'; export default a;",
      'Could not resolve "./not-there"',
    ],
  ])('refuses a file that %s', (_, name, text, problem) => {
    const file = text === undefined ? name : writtenFile(name, text);
    expect(() => Transform.fromEntry(file)).toThrow(problem);
    expect(() => Transform.fromEntry(file)).toThrow(name);
  });

  it('says what to do without esbuild', () => {
    jest.isolateModules(() => {
      jest.doMock('esbuild', () => {
        throw new Error('Cannot find module');
      });
      const { Transform: Isolated } =
        require('../../../lib/migration/transform') as typeof import('../../../lib/migration/transform');
      expect(() => Isolated.fromEntry(ENTRY)).toThrow('npm install --save-dev esbuild');
    });
    jest.dontMock('esbuild');
  });
});

describe('Transform.fromBundle', () => {
  it('takes a module as it is', () => {
    const text = "export default { version: 'b' };";
    expect(Transform.fromBundle(writtenFile('bundle.mjs', text))._code).toBe(text);
  });

  it('refuses a file that is missing or no ES module', () => {
    expect(() => Transform.fromBundle('nowhere.mjs')).toThrow('Transform.fromBundle(): bundle must name a file that exists');
    expect(() => Transform.fromBundle(ENTRY)).toThrow('bundle must be an ES module named *.mjs');
  });
});
