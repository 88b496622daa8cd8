/** What runstore is measured against: the packages of `__test__/reference-packages`, none of them a dependency of runstore. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packagesModules } from '../__test__/support/reference-packages.mjs';

export {
  importPackage,
  nodeWithSqlite,
  openBetterSqlite3,
  projectDirectory,
} from '../__test__/support/reference-packages.mjs';

/** Returns the path of a file of an installed package. */
export const packageFile = (path) => join(packagesModules, path);

/** Returns the version of an installed package. */
export const packageVersion = (name) => JSON.parse(readFileSync(packageFile(`${name}/package.json`), 'utf8')).version;
