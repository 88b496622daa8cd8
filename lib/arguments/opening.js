'use strict';

/**
 * The arguments for opening a store.
 */

const { resolve } = require('node:path');

const { DEFAULT_BUSY_TIMEOUT_MS, DEFAULT_STORE_PATH, DURABILITIES } = require('../constants.js');
const check = require('./check.js');
const { mustBe, rangeError, typeError } = require('../errors.js');
const { refuseUnknown } = require('./known-keys.js');

const OPTIONS = ['readOnly', 'busyTimeoutMs', 'durability'];
const MOST_MILLISECONDS = 2 ** 31 - 1;

function readOptions(options = {}) {
  check.object(options, 'options');
  refuseUnknown(options, 'options', OPTIONS, 'is not an option');
  const { readOnly = false, busyTimeoutMs = DEFAULT_BUSY_TIMEOUT_MS, durability = DURABILITIES[0] } = options;
  if (typeof readOnly !== 'boolean') throw typeError('options.readOnly', mustBe('a boolean', check.kind(readOnly)));
  check.integer(busyTimeoutMs, 'options.busyTimeoutMs', 0, MOST_MILLISECONDS);
  check.oneOf(durability, 'options.durability', DURABILITIES);
  return { readOnly, busyTimeoutMs, durability };
}

/** Options of a connection have to be set on the caller's own handle. */
function refuseOptions(options) {
  for (const name of OPTIONS) {
    if (options?.[name] !== undefined) throw typeError(`options.${name}`, 'is for paths; set it on the handle itself');
  }
}

/** The path of a file is made absolute, so that errors and `path` stay correct when the working directory changes. */
function absolute(path) {
  return path === ':memory:' || path.startsWith('file:') ? path : resolve(path);
}

/** Returns the path of the file to open: the argument, else RUNSTORE_DB (as in the command), else the default. */
function pathOf(given) {
  const value = given ?? (process.env.RUNSTORE_DB || DEFAULT_STORE_PATH);
  if (typeof value !== 'string') {
    throw typeError('pathOrDb', mustBe('a string or a synchronous SQLite handle', check.kind(value)));
  }
  // SQLite would create a temporary file that is deleted when the store is closed.
  if (value === '') {
    throw rangeError('pathOrDb', `must not be empty; leave it out for ${DEFAULT_STORE_PATH}, or give ':memory:'`);
  }
  if (value.includes('\0')) throw typeError('pathOrDb', 'must not contain a NUL character');
  return absolute(value);
}

module.exports = { pathOf, readOptions, refuseOptions };
