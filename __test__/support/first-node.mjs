import { packagesModules } from './reference-packages.mjs';

/**
 * Whether this is the Node that the suite was started with. What does not depend on Node (types, documents, the
 * tarball) is tested on it alone, and not again on the Node that npm brings.
 */
export const isFirstNode = !process.execPath.startsWith(packagesModules);
