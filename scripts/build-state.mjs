// Whether this checkout is built, and whether the build is newer than its sources.

import { existsSync, readdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('../', import.meta.url);
export const checkout = fileURLToPath(root);

/** What the addons are compiled from, and the page. */
const SOURCES = ['src', 'crates', 'ui/src', 'Cargo.toml', 'Cargo.lock', 'build.rs', '.cargo/config.toml'];

/** Whether every addon of this machine is newer than all sources; false without addons. */
export function isBuilt() {
  const addons = readdirSync(root).filter((name) => name.endsWith('.node'));
  if (addons.length === 0 || !existsSync(new URL('binding.js', root))) return false;
  return Math.min(...addons.map(modified)) >= Math.max(...SOURCES.flatMap(filesIn).map(modified));
}

/** Whether this machine has compiled the crates that runstore needs: what follows is much faster. */
export function hasCompiledBefore() {
  const target = process.env.CARGO_TARGET_DIR;
  return existsSync(target ?? new URL('target', root));
}

/** Whether the packages of a folder are those of its lockfile. npm writes .package-lock.json last. */
export function isInstalled(folder = '.') {
  return modified(`${folder}/node_modules/.package-lock.json`) >= modified(`${folder}/package-lock.json`);
}

function filesIn(path) {
  const place = new URL(path, root);
  if (!statSync(place, { throwIfNoEntry: false })?.isDirectory()) return [path];
  return readdirSync(place, { recursive: true }).map((name) => `${path}/${name}`);
}

/** When a file of the checkout was written, in milliseconds since the epoch; 0 if it is missing. */
function modified(path) {
  return statSync(new URL(path, root), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
