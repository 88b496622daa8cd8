'use strict';

/**
 * Reads the options of an operation, each by its name.
 */

const { isDate } = require('node:util/types');

const { REDUCERS } = require('../constants.js');
const check = require('./check.js');
const { mustBe, rangeError, typeError } = require('../errors.js');
const { refuseUnknown } = require('./known-keys.js');

/** Names the options of one operation, and refuses those that it does not know. */
class Options {
  #place;
  #given;
  #known = [];

  /** `argument` is what the operation calls them. */
  constructor(operation, options, argument = 'options') {
    this.#place = `${operation}: ${argument}`;
    this.#given = options == null ? {} : check.object(options, this.#place);
  }

  /** Returns what `read(value, name)` makes of an option, `undefined` when it is not given. */
  read(option, read) {
    this.#known.push(option);
    const value = this.#given[option];
    return value === undefined ? undefined : read(value, `${this.#place}.${option}`);
  }

  /** Returns what `read(value, name)` makes of an option, for which null is as good as nothing. */
  readSet(option, read) {
    return this.read(option, (value, name) => (value === null ? undefined : read(value, name)));
  }

  /** Returns what `read(value, name)` makes of an option that has to be given. */
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

/** A time, as milliseconds since the epoch. */
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
