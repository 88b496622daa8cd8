'use strict';

/**
 * The caller's own SQLite handle, as the functions that `src/binding/driver.rs` calls.
 *
 * Handles are recognised by their methods: `DatabaseSync` of node:sqlite, `Database` of better-sqlite3. The functions
 * never throw: they return a string when the statement is refused.
 */

const { resolve } = require('node:path');

/** SQLite's primary result codes, for handles that report only the name. */
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

/**
 * A handle of either library, and what is used of it.
 * @typedef {object} Handle
 * @property {(sql: string) => unknown} exec
 * @property {(sql: string) => Statement} prepare
 * @property {boolean} [isOpen] In node:sqlite.
 * @property {boolean} [open] In better-sqlite3.
 * @property {boolean} [isTransaction] In node:sqlite, but for older versions.
 * @property {boolean} [inTransaction] In better-sqlite3.
 * @property {() => string | null} [location] In node:sqlite.
 * @property {string} [name] In better-sqlite3.
 */

/**
 * @typedef {object} Statement
 * @property {(...parameters: unknown[]) => { changes: number | bigint }} run
 * @property {(...parameters: unknown[]) => object[]} all
 * @property {(...parameters: unknown[]) => Iterator<object>} [iterate] Missing in older versions of node:sqlite.
 * @property {boolean} [reader] In better-sqlite3: whether it returns rows.
 * @property {(on: boolean) => unknown} [raw] In better-sqlite3.
 * @property {(on: boolean) => unknown} [setReturnArrays] In node:sqlite.
 * @property {(on: boolean) => unknown} [setReadBigInts] In node:sqlite.
 */

/**
 * @param {any} value
 * @returns {value is Handle}
 */
function isHandle(value) {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof value.prepare === 'function' &&
    typeof value.exec === 'function'
  );
}

/**
 * Returns SQLite's code for an error of either library, `undefined` for anything else.
 * @param {any} error
 * @returns {number | undefined}
 */
function sqliteCode(error) {
  if (typeof error?.errcode === 'number') return error.errcode;
  if (typeof error?.code !== 'string') return undefined;
  const name = error.code;
  return EXTENDED.get(name) ?? CODES.get(name.split('_').slice(0, 2).join('_'));
}

/**
 * @param {any} error
 * @param {Handle} db
 */
function isClosed(error, db) {
  return db.isOpen === false || db.open === false || error?.code === 'ERR_INVALID_STATE';
}

/** The rows, and the characters of text, after which a piece of a result is returned. */
const ROWS = 256;
const CHARACTERS = 1 << 20;
/** Stands for the number of a reading that has ended. */
const NONE = -1;

/** The rows of a running statement, some of them buffered here. */
class Reading {
  #statement;
  #parameters;
  /** @type {Iterator<object> | undefined} */
  #rows = undefined;
  #taken = 0;

  /**
   * @param {Statement} statement
   * @param {unknown[]} parameters
   */
  constructor(statement, parameters) {
    this.#statement = statement;
    this.#parameters = parameters;
  }

  /**
   * Older versions of node:sqlite return all rows at once, and may throw meanwhile.
   * @returns {Iterator<object>}
   */
  #begin() {
    const rows = this.#statement.iterate?.(...this.#parameters);
    return rows ?? this.#statement.all(...this.#parameters)[Symbol.iterator]();
  }

  /** Returns the next row, `undefined` at the end. */
  #next() {
    const { value, done } = this.#step();
    if (done) return undefined;
    this.#taken++;
    return value;
  }

  /** Integers above 2^53 are read as BigInt: the statement is run again, up to the current row. */
  #step() {
    try {
      this.#rows ??= this.#begin();
      return this.#rows.next();
    } catch (error) {
      if (error?.code !== 'ERR_OUT_OF_RANGE' || typeof this.#statement.setReadBigInts !== 'function') throw error;
      this.#statement.setReadBigInts(true);
      const rows = this.#begin();
      this.#rows = rows;
      for (let row = 0; row < this.#taken; row++) rows.next();
      return rows.next();
    }
  }

  /**
   * Returns a flat array: the number of columns, `number` if more rows may follow, then the values of the rows.
   * @param {number} number
   */
  piece(number) {
    /** @type {unknown[]} */
    const piece = [0, NONE];
    let characters = 0;
    for (let count = 0; count < ROWS && characters < CHARACTERS; count++) {
      const row = this.#next();
      if (row === undefined) return piece;
      const values = Object.values(row);
      piece[0] = values.length;
      for (const value of values) {
        piece.push(value);
        if (typeof value === 'string') characters += value.length;
      }
    }
    piece[1] = number;
    return piece;
  }

  /** Reads to the end because another statement is about to run: not every handle can run two at once. */
  drain() {
    const rest = [];
    for (let row = this.#next(); row !== undefined; row = this.#next()) rest.push(row);
    this.#rows = rest[Symbol.iterator]();
  }

  close() {
    this.#rows?.return?.();
  }
}

class Driver {
  /** The exception of the caller's own code that caused a refusal. */
  failure = /** @type {unknown} */ (undefined);
  #db;
  /** @type {Map<string, Statement>} */
  #statements = new Map();
  /**
   * The unfinished readings by number.
   * @type {Map<number, Reading>}
   */
  #readings = new Map();
  #lastReading = 0;

  /** @param {Handle} db */
  constructor(db) {
    this.#db = db;
    /** @param {string} sql */
    this.exec = (sql) => this.#attempt(() => void this.#alone().exec(sql)) ?? null;
    /** @type {(sql: string, parameters: unknown[]) => number | string} */
    this.run = (sql, parameters) => this.#attempt(() => Number(this.#prepare(sql).run(...parameters).changes));
    /** @type {(sql: string, parameters: unknown[]) => unknown[] | string} */
    this.open = (sql, parameters) => this.#attempt(() => this.#open(sql, parameters));
    /** @param {number} number */
    this.next = (number) => this.#attempt(() => this.#piece(number));
    /** @param {number} number */
    this.close = (number) => this.#attempt(() => void this.#close(number)) ?? null;
    this.inTransaction = () => this.#isInTransaction();
  }

  /**
   * Returns the result of `action`, or why it was refused.
   * @template T
   * @param {() => T} action
   * @returns {T | string}
   */
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

  /** Returns the handle, with no reading in progress. */
  #alone() {
    for (const reading of this.#readings.values()) reading.drain();
    return this.#db;
  }

  /** @param {string} sql */
  #prepare(sql) {
    this.#alone();
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#db.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  /**
   * Starts reading the rows of a statement, and returns the first piece.
   * @param {string} sql
   * @param {unknown[]} parameters
   */
  #open(sql, parameters) {
    const statement = this.#prepare(sql);
    // In better-sqlite3, a pragma that returns no rows.
    if (statement.reader === false) {
      statement.run(...parameters);
      return [0, NONE];
    }
    statement.raw?.(true);
    statement.setReturnArrays?.(true);
    const number = ++this.#lastReading;
    this.#readings.set(number, new Reading(statement, parameters));
    return this.#piece(number);
  }

  /** @param {number} number */
  #piece(number) {
    try {
      const piece = /** @type {Reading} */ (this.#readings.get(number)).piece(number);
      if (piece[1] === NONE) this.#readings.delete(number);
      return piece;
    } catch (error) {
      this.#readings.delete(number);
      throw error;
    }
  }

  /** @param {number} number */
  #close(number) {
    const reading = this.#readings.get(number);
    this.#readings.delete(number);
    reading?.close();
  }

  #isInTransaction() {
    // The next call reports that the handle is closed.
    if (isClosed(undefined, this.#db)) return false;
    const state = this.#db.isTransaction ?? this.#db.inTransaction;
    if (typeof state === 'boolean') return state;
    // Older versions of node:sqlite do not report this; but a transaction cannot begin inside another.
    try {
      this.#db.exec('BEGIN');
    } catch {
      return true;
    }
    this.#db.exec('ROLLBACK');
    return false;
  }
}

/**
 * Returns the file of a handle, `null` when it has none.
 * @param {Handle} db
 */
function placeOf(db) {
  if (isClosed(undefined, db)) return null;
  const name = typeof db.location === 'function' ? db.location() : db.name;
  return typeof name === 'string' && name !== '' && name !== ':memory:' ? resolve(name) : null;
}

module.exports = { Driver, isHandle, placeOf };
