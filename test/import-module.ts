import { constants, runInThisContext } from 'node:vm';
import type { ImportModule } from '../lambda/adapters/assets';

/**
 * `import` outside of jest's own module system, which cannot load ECMAScript modules without a flag of Node.js.
 * Node.js API, "vm": `vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER`, since 20.12.
 */
export const importModule: ImportModule = runInThisContext('(url) => import(url)', {
  importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
});
