'use strict';

/**
 * Reads the options of an operation by name.
 */

const { isDate } = require('node:util/types');

const { REDUCERS } = require('../constants.js');
const check = require('./check.js');
const { mustBe, rangeError, typeError } = require('../errors.js');
const { refuseUnknown } = require('./known-keys.js');

/** The options of one operation; unknown ones are refused. */
class Options {
  #place;
  #given;
  #known = [];

  /** `argument` is the name of the options in error messages. */
  constructor(operation, options, argument = 'options') {
    this.#place = `${operation}: ${argument}`;
    this.#given = options == null ? {} : check.object(options, this.#place);
  }

  /** Returns the result of `read(value, name)` for an option, `undefined` when it is missing. */
  read(option, read) {
    this.#known.push(option);
    const value = this.#given[option];
    return value === undefined ? undefined : read(value, `${this.#place}.${option}`);
  }

  /** Returns the result of `read(value, name)` for an option; null counts as missing. */
  readSet(option, read) {
    return this.read(option, (value, name) => (value === null ? undefined : read(value, name)));
  }

  /** Returns the result of `read(value, name)` for a required option. */
  require(option, read) {
    this.#known.push(option);
    return read(this.#given[option], `${this.#place}.${option}`);
  }

  refuseOthers() {
    refuseUnknown(this.#given, this.#place, this.#known, 'is not an option');
  }
}

function number(value, name, isAllowed, range) {
  if (typeof value !== 'number') throw typeError(name, mustBe('a number', check.kind(value)));
  if (!isAllowed(value)) throw rangeError(name, mustBe(range, value));
  return value;
}

const probability = (value, name) => number(value, name, (one) => one > 0 && one < 1, 'between 0 and 1');

/** A time in milliseconds since the epoch. */
function time(value, name) {
  const at = isDate(value) ? Date.prototype.getTime.call(value) : value;
  if (typeof at !== 'number') throw typeError(name, mustBe('a Date or milliseconds', check.kind(value)));
  if (!Number.isFinite(at)) throw rangeError(name, mustBe('a time', value));
  return at;
}

/** The name of a reducer, or `{ atLeast: k }`. */
function reducer(value, name) {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return check.oneOf(value, name, REDUCERS);
  refuseUnknown(value, name, ['atLeast'], 'is not an option');
  return { atLeast: check.integer(value.atLeast, `${name}.atLeast`, 1, Number.MAX_SAFE_INTEGER) };
}

module.exports = { Options, number, probability, reducer, time };
