// A store under test and the place where its rows lie. Both stores are driven through this one class.

import { rmSync } from 'node:fs';
import { importPackage, nodeSqlite, openBetterSqlite3 } from '../support/reference-packages.mjs';

const DatabaseSync = nodeSqlite?.DatabaseSync;

/** The reference's class; `undefined` on a Node without node:sqlite, which it needs. */
export const ReferenceStore = nodeSqlite && (await importPackage('@deepagents/evals/store')).RunStore;

/** Where the rows of both stores lie: what the reference is opened with, and what the candidate is opened with. */
export const places = {
  memory: { reference: 'memory', candidate: 'memory' },
  file: { reference: 'file', candidate: 'file' },
  'DatabaseSync in memory': { reference: 'DatabaseSync in memory', candidate: 'DatabaseSync in memory' },
  'DatabaseSync on a file': { reference: 'DatabaseSync on a file', candidate: 'DatabaseSync on a file' },
  'better-sqlite3 in memory': { reference: 'DatabaseSync in memory', candidate: 'better-sqlite3 in memory' },
  'better-sqlite3 on a file': { reference: 'DatabaseSync on a file', candidate: 'better-sqlite3 on a file' },
};

/** Whether the caller holds the handle there and can use it beside the store. */
export const isBorrowed = (place) => place !== 'memory' && place !== 'file';

/** Whether the rows outlive the store there. */
export const isOnFile = (place) => place.endsWith('file');

export class Side {
  #connect;
  #release;

  /**
   * @param place a key of {@link places}
   * @param path the file, for the places that have one
   */
  constructor(Store, place, path) {
    this.Store = Store;
    this.place = place;
    this.path = path;
  }

  /** Opens the store, and before it the handle that it borrows. */
  open() {
    const target = isOnFile(this.place) ? this.path : ':memory:';
    this.#connect = connectors[this.place.split(' ')[0]];
    const handle = this.#connect?.(target);
    const opened = openStore(this.Store, handle ?? target);
    this.store = opened.store;
    /** The connection behind the store, where one can get at it. */
    this.handle = handle ?? opened.handle;
    this.#release = () => {
      opened.store.close?.();
      this.handle?.close();
    };
    return this;
  }

  close() {
    this.#release?.();
    this.#release = undefined;
  }

  /** Closes the store and deletes its file. */
  discard() {
    this.close();
    if (isOnFile(this.place)) for (const suffix of ['', '-wal', '-shm']) rmSync(this.path + suffix, { force: true });
  }

  get inTransaction() {
    return this.handle.isTransaction ?? this.handle.inTransaction;
  }

  /** Runs the caller's own SQL on the handle; rows come as arrays of values. */
  query(sql) {
    if (!/^SELECT/.test(sql)) return execute(this.handle, sql);
    return this.handle
      .prepare(sql)
      .all()
      .map((row) => Object.values(row));
  }
}

const connectors = {
  DatabaseSync: (target) => new DatabaseSync(target),
  'better-sqlite3': (target) => openBetterSqlite3(target),
};

/** `exec` of the class: the harness may have replaced the handle's own. */
function execute(handle, sql) {
  Object.getPrototypeOf(handle).exec.call(handle, sql);
  return undefined;
}

const isReference = (Store) => Store === ReferenceStore || Store.prototype instanceof ReferenceStore;

/** Opens a store; the reference keeps its connection to itself and cannot be closed, so we catch it as it is opened. */
export function openStore(Store, ...given) {
  if (!isReference(Store)) return { store: new Store(...given) };
  const { exec } = DatabaseSync.prototype;
  let handle;
  DatabaseSync.prototype.exec = function (sql) {
    handle = this;
    return exec.call(this, sql);
  };
  try {
    return { store: new Store(...given), handle };
  } finally {
    DatabaseSync.prototype.exec = exec;
  }
}

/** Runs a call at this time of the reference's clock, which is Date.now. */
export function atTime(now, call) {
  const clock = Date.now;
  Date.now = () => now;
  try {
    return call();
  } finally {
    Date.now = clock;
  }
}

/**
 * Runs a call of the reference in which whole numbers come back as Numbers however great they are, and hands every
 * list of rows that it reads to `onRows`. Without this, node:sqlite throws ERR_OUT_OF_RANGE at 2^53.
 */
export function withGreatNumbers(call, onRows = () => {}) {
  const { prototype } = nodeSqlite.StatementSync;
  const { all, get } = prototype;
  const read = (statement, method, parameters) => {
    statement.setReadBigInts(true);
    const result = method.apply(statement, parameters);
    statement.setReadBigInts(false);
    const rows = method === all ? result : result === undefined ? [] : [result];
    for (const row of rows) toNumbers(row);
    onRows(rows);
    return result;
  };
  prototype.all = function (...parameters) {
    return read(this, all, parameters);
  };
  prototype.get = function (...parameters) {
    return read(this, get, parameters);
  };
  try {
    return call();
  } finally {
    Object.assign(prototype, { all, get });
  }
}

function toNumbers(row) {
  for (const key of Object.keys(row)) if (typeof row[key] === 'bigint') row[key] = Number(row[key]);
}

/**
 * Lets the reference work inside the caller's transaction, as a SAVEPOINT would: its own BEGIN, COMMIT and ROLLBACK
 * become SAVEPOINT, RELEASE and ROLLBACK TO when the caller's handle is in a transaction already.
 */
export function nestTransactions(handle) {
  let nested = false;
  handle.exec = (sql) => {
    if (sql === 'BEGIN TRANSACTION') nested = handle.isTransaction;
    return execute(handle, nested ? (nestedSql[sql] ?? sql) : sql);
  };
}

const nestedSql = {
  'BEGIN TRANSACTION': 'SAVEPOINT adapted',
  COMMIT: 'RELEASE adapted',
  ROLLBACK: 'ROLLBACK TO adapted; RELEASE adapted',
};
