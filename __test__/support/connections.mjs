// Every kind of connection that a store can use.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RunStore } from 'runstore';
import * as promises from 'runstore/promises';
import { nodeSqlite, openBetterSqlite3 } from './reference-packages.mjs';
import { isShort } from './scope.mjs';

/**
 * References to everything that was opened, so that it is never collected: the destructors of better-sqlite3 12 abort Node 24.19 and later when the garbage
 * collector runs between two tasks. A store holds the statements of its handle.
 */
const kept = [];

function keep(object) {
  kept.push(object);
  return object;
}

/** Makes a directory that is deleted after the test. */
export function temporaryDirectory(t) {
  const directory = mkdtempSync(join(tmpdir(), 'runstore-test-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** Returns the path of a file that does not exist, in a directory that is deleted after the test. */
export const newPath = (t) => join(temporaryDirectory(t), 'store.db');

/** Opens a store and closes it after the test. */
export function openStore(t, pathOrDb, options) {
  const store = keep(new RunStore(pathOrDb, options));
  t.after(() => store.close());
  return store;
}

/**
 * Opens a store of `runstore/promises` and closes it after the test. Without a path it is on a new file, whose directory
 * is deleted only when the thread is done with it.
 */
export function openPromiseStore(t, path, options) {
  let store;
  t.after(() => store.close());
  store = new promises.RunStore(path ?? newPath(t), options);
  return store;
}

/** The handles that a store can borrow: `open` opens one and closes it after the test. */
export const handles = [
  {
    name: 'better-sqlite3',
    open(t, path = ':memory:', { readOnly = false } = {}) {
      const db = keep(openBetterSqlite3(path, { readonly: readOnly }));
      t.after(() => db.close());
      return db;
    },
    isOpen: (db) => db.open,
    inTransaction: (db) => db.inTransaction,
    readIntegersAsBigInt: (db) => db.defaultSafeIntegers(true),
  },
];
if (nodeSqlite) {
  handles.unshift({
    name: 'node:sqlite',
    open(t, path = ':memory:', { readOnly = false, ...options } = {}) {
      const db = new nodeSqlite.DatabaseSync(path, { readOnly, ...options });
      t.after(() => db.isOpen && db.close());
      return db;
    },
    isOpen: (db) => db.isOpen,
    inTransaction: (db) => db.isTransaction,
  });
}

const onHandles = [
  ...handles.map((handle) => ({
    name: `a handle of ${handle.name} on a file`,
    open: (t) => openStore(t, handle.open(t, newPath(t))),
  })),
  ...handles.map((handle) => ({
    name: `a handle of ${handle.name} in memory`,
    open: (t) => openStore(t, handle.open(t)),
  })),
];

/** All kinds of connection of `RunStore`: `open` opens a new, empty store and closes it after the test. */
export const connections = [
  { name: 'memory', open: (t) => openStore(t, ':memory:') },
  { name: 'a file', open: (t) => openStore(t, newPath(t)) },
  ...(isShort ? onHandles.slice(0, 1) : onHandles),
];

const promisedMemory = { name: 'memory, through promises', open: (t) => openPromiseStore(t, ':memory:') };
const promisedFile = { name: 'a file, through promises', open: (t) => openPromiseStore(t) };

/** All kinds of connection of the `RunStore` of `runstore/promises`. */
export const promiseConnections = isShort ? [promisedFile] : [promisedMemory, promisedFile];
