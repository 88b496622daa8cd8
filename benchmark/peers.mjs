/** What runstore is measured against: the packages of `__test__/peers`, none of them a dependency of runstore. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { peersModules } from '../__test__/support/peers.mjs';

export { importPeer, nodeWithSqlite, openBetterSqlite3, projectDirectory } from '../__test__/support/peers.mjs';

/** Returns the path of a file of an installed peer. */
export const peerFile = (path) => join(peersModules, path);

/** Returns the version of an installed peer. */
export const peerVersion = (name) => JSON.parse(readFileSync(peerFile(`${name}/package.json`), 'utf8')).version;
