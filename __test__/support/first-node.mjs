import { packagesModules } from './reference-packages.mjs';

/**
 * Whether this is the Node that the suite was started with. Tests that do not depend on the version of
 * Node (types, documents, the tarball) run on this Node only, not again on the Node from npm.
 */
export const isFirstNode = !process.execPath.startsWith(packagesModules);
