'use strict';

/**
 * Reads the options of an operation, each by its name.
 */

const check = require('./check.js');
const { rangeError, typeError } = require('./errors.js');

/** Names the options of one operation, and refuses those that it does not know: a typing error would go unheard. */
class Options {
  #operation;
  #given;
  #known = [];

  constructor(operation, options) {
    this.#operation = operation;
    this.#given = options == null ? {} : check.object(options, `${operation}: options`);
  }

  /** Returns what `read(value, name)` makes of an option, `undefined` when it is not given. */
  read(option, read) {
    this.#known.push(option);
    const value = this.#given[option];
    return value === undefined ? undefined : read(value, `${this.#operation}: options.${option}`);
  }

  /** Returns what `read(value, name)` makes of an option that has to be given. */
  require(option, read) {
    this.#known.push(option);
    return read(this.#given[option], `${this.#operation}: options.${option}`);
  }

  refuseOthers() {
    const other = Object.keys(this.#given).find((name) => !this.#known.includes(name));
    if (other === undefined) return;
    throw typeError(`${this.#operation}: options.${other} is not an option; there are ${this.#known.join(', ')}`);
  }
}

function number(value, name, isAllowed, range) {
  if (typeof value !== 'number') throw typeError(`${name} must be a number, not ${check.kind(value)}`);
  if (!isAllowed(value)) throw rangeError(`${name} must be ${range}, not ${value}`);
  return value;
}

const probability = (value, name) => number(value, name, (one) => one > 0 && one < 1, 'between 0 and 1');

module.exports = { Options, number, probability };
