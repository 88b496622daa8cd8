'use strict';

/**
 * The caller's own SQLite handle as four functions for `src/binding/driver.rs`.
 *
 * Handles are recognised by what they can do: `DatabaseSync` of node:sqlite, `Database` of better-sqlite3.
 * The functions never throw: they answer with a text where the statement was refused.
 */

const { resolve } = require('node:path');

/** SQLite's primary result codes, for handles that tell only the name. */
const CODES = new Map(
  [
    'OK ERROR INTERNAL PERM ABORT BUSY LOCKED NOMEM READONLY INTERRUPT IOERR CORRUPT NOTFOUND FULL CANTOPEN',
    'PROTOCOL EMPTY SCHEMA TOOBIG CONSTRAINT MISMATCH MISUSE NOLFS AUTH FORMAT RANGE NOTADB',
  ]
    .join(' ')
    .split(' ')
    .map((name, code) => [`SQLITE_${name}`, code]),
);
const EXTENDED = new Map([
  ['SQLITE_CONSTRAINT_FOREIGNKEY', 787],
  ['SQLITE_CONSTRAINT_NOTNULL', 1299],
  ['SQLITE_CONSTRAINT_PRIMARYKEY', 1555],
  ['SQLITE_CONSTRAINT_UNIQUE', 2067],
  ['SQLITE_CONSTRAINT_CHECK', 275],
]);

function isHandle(value) {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof value.prepare === 'function' &&
    typeof value.exec === 'function'
  );
}

/** Returns SQLite's code for an error of either library, `undefined` for anything else. */
function sqliteCode(error) {
  if (typeof error?.errcode === 'number') return error.errcode;
  if (typeof error?.code !== 'string') return undefined;
  const name = error.code;
  return EXTENDED.get(name) ?? CODES.get(name.split('_').slice(0, 2).join('_'));
}

function isClosed(error, db) {
  return db.isOpen === false || db.open === false || error?.code === 'ERR_INVALID_STATE';
}

class Driver {
  /** The exception of the caller's own code that a refusal stands for. */
  failure = undefined;
  #db;
  #statements = new Map();

  constructor(db) {
    this.#db = db;
    this.exec = (sql) => this.#attempt(() => void db.exec(sql)) ?? null;
    this.run = (sql, parameters) => this.#attempt(() => Number(this.#prepare(sql).run(...parameters).changes));
    this.all = (sql, parameters) => this.#attempt(() => this.#rows(sql, parameters));
    this.inTransaction = () => this.#isInTransaction();
  }

  #attempt(action) {
    try {
      return action();
    } catch (error) {
      const code = sqliteCode(error);
      if (code !== undefined) return `${code} ${error.message}`;
      if (isClosed(error, this.#db)) return `closed the handle is closed`;
      this.failure = error;
      return 'host';
    }
  }

  #prepare(sql) {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#db.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  /** One flat array: the number of columns, then the values of all rows. */
  #rows(sql, parameters) {
    const statement = this.#prepare(sql);
    // A pragma that answers nothing, for better-sqlite3.
    if (statement.reader === false) {
      statement.run(...parameters);
      return [0];
    }
    statement.raw?.(true);
    statement.setReturnArrays?.(true);
    const rows = readAll(statement, parameters);
    if (rows.length === 0) return [0];
    const flat = [Object.keys(rows[0]).length];
    for (const row of rows) flat.push(...Object.values(row));
    return flat;
  }

  #isInTransaction() {
    // Whatever comes next says that the handle is closed.
    if (isClosed(undefined, this.#db)) return false;
    const state = this.#db.isTransaction ?? this.#db.inTransaction;
    if (typeof state === 'boolean') return state;
    // Older node:sqlite does not tell; a transaction cannot begin inside another.
    try {
      this.#db.exec('BEGIN');
    } catch {
      return true;
    }
    this.#db.exec('ROLLBACK');
    return false;
  }
}

/** Integers above 2^53 come as BigInt where they have to. */
function readAll(statement, parameters) {
  try {
    return statement.all(...parameters);
  } catch (error) {
    if (error?.code !== 'ERR_OUT_OF_RANGE' || typeof statement.setReadBigInts !== 'function') throw error;
    statement.setReadBigInts(true);
    return statement.all(...parameters);
  }
}

/** Returns the file of a handle, `null` when it has none. */
function placeOf(db) {
  if (isClosed(undefined, db)) return null;
  const name = typeof db.location === 'function' ? db.location() : db.name;
  return typeof name === 'string' && name !== '' && name !== ':memory:' ? resolve(name) : null;
}

module.exports = { Driver, isHandle, placeOf };
