/**
 * The stores that are compared, each behind the same three things: `name`, `open(path)`, `comparison`.
 *
 * `open` returns `{ store, close }`. The reference has no close of its own: it gets a DatabaseSync of ours, and closing
 * that does the checkpoint which the others do as well.
 */

import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { BetterSqlite3Store } from './better-sqlite3-store.mjs';
import { importPackage, openBetterSqlite3 } from './reference-packages.mjs';

async function reference() {
  const { DatabaseSync } = await import('node:sqlite');
  const { RunStore } = await importPackage('@deepagents/evals/store');
  const { compareRuns } = await importPackage('@deepagents/evals/comparison');
  const open = (path) => {
    const db = new DatabaseSync(path);
    return { store: new RunStore(db), close: () => db.close() };
  };
  return { name: 'reference', open, compareRuns };
}

async function betterSqlite3() {
  const { compareRuns } = await importPackage('@deepagents/evals/comparison');
  const open = (path) => {
    const store = new BetterSqlite3Store(openBetterSqlite3(path));
    return { store, close: () => store.close() };
  };
  return { name: 'better-sqlite3', open, compareRuns };
}

/**
 * Returns runstore as the module at `file`; its compareRuns once it has an entry `comparison.js`, and `openPromises`
 * once it has `promises.js`.
 */
function runstore(file) {
  const require = createRequire(file);
  const { RunStore } = require(file);
  const comparison = entryBeside(file, 'comparison.js');
  const open = (path) => {
    const store = new RunStore(path);
    return { store, close: () => store.close() };
  };
  return {
    name: 'runstore',
    open,
    openPromises: promiseOpener(require, entryBeside(file, 'promises.js')),
    compareRuns: existsSync(comparison) ? require(comparison).compareRuns : undefined,
  };
}

/** Returns the path of another entry, which older versions have beside the main one. */
function entryBeside(file, name) {
  const path = join(dirname(file), 'entries', name);
  return existsSync(path) ? path : join(dirname(file), name);
}

function promiseOpener(require, file) {
  if (!existsSync(file)) return undefined;
  const { RunStore } = require(file);
  return (path) => {
    const store = new RunStore(path);
    return { store, close: () => store.close() };
  };
}

/** Returns the three stores in the order of the table. */
export async function loadSubjects(options) {
  return [await reference(), await betterSqlite3(), runstore(options.module)];
}
