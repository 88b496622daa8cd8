'use strict';

/**
 * Arguments are checked before anything is done with them; the error names the argument.
 */

const { resolve } = require('node:path');

const { DEFAULT_THRESHOLD } = require('../constants.js');
const { mustBe, rangeError, tooLarge, typeError } = require('../errors.js');

function kind(value) {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  const type = typeof value;
  if (type === 'number') return Number.isNaN(value) ? 'NaN' : `the number ${value}`;
  if (type === 'object') return `an object (${value.constructor?.name ?? 'without a prototype'})`;
  return type === 'undefined' ? 'undefined' : `a ${type}`;
}

/** SQLite stores UTF-8, which has no lone surrogates; the caller gets back the text as it is stored. */
function wellFormed(text) {
  return text.isWellFormed() ? text : text.toWellFormed();
}

function text(value, name) {
  if (typeof value !== 'string') throw typeError(name, mustBe('a string', kind(value)));
  return wellFormed(value);
}

function optionalText(value, name) {
  return value === undefined || value === null ? null : text(value, name);
}

/** An id to look up. No row has the id null, so null finds nothing, like the id of a missing row. */
function id(value, name) {
  return value === null ? null : text(value, name);
}

function optionalJson(value, name) {
  return value === undefined || value === null ? null : json(value, name);
}

/** V8's messages when JSON.stringify itself fails, as opposed to a function of the caller that it calls. */
const OUT_OF_ROOM =
  /^RangeError: (Maximum call stack size exceeded|Invalid string length)\n\s+at JSON\.stringify \(<anonymous>\)/;
const NO_JSON =
  /^TypeError: (Do not know how to serialize a BigInt|Converting circular structure to JSON(\n\s+(-->|---|\|) .*)*)\n\s+at JSON\.stringify \(<anonymous>\)/;

/** JSON.stringify, with an error that names the argument whose value cannot be written. */
function stringify(value, nameOf) {
  try {
    return JSON.stringify(value);
  } catch (error) {
    throw explained(error, nameOf) ?? error;
  }
}

function explained(cause, nameOf) {
  if (cause instanceof RangeError && OUT_OF_ROOM.test(`${cause.stack}`)) {
    return tooLarge(nameOf(), 'is nested too deep, or too large, to be written as JSON', { cause });
  }
  if (cause instanceof TypeError && NO_JSON.test(`${cause.stack}`)) {
    const what = cause.message.includes('BigInt') ? 'a BigInt' : 'an object that contains itself';
    return typeError(nameOf(), `cannot be written as JSON: it has ${what}`, { cause });
  }
  return undefined;
}

function json(value, name) {
  const written = stringify(value, () => name);
  if (written === undefined) throw typeError(name, mustBe('a JSON value', kind(value)));
  return written;
}

function threshold(value, name) {
  if (value === undefined) return DEFAULT_THRESHOLD;
  if (typeof value !== 'number') throw typeError(name, mustBe('a number', kind(value)));
  if (Number.isNaN(value)) throw rangeError(name, 'must not be NaN');
  return value;
}

function object(value, name) {
  if (value === null || typeof value !== 'object') throw typeError(name, mustBe('an object', kind(value)));
  return value;
}

function callback(value, name) {
  if (typeof value !== 'function') throw typeError(name, mustBe('a function', kind(value)));
  return value;
}

function integer(value, name, least, most) {
  if (typeof value !== 'number') throw typeError(name, mustBe('a number', kind(value)));
  if (!Number.isInteger(value) || value < least || value > most) {
    throw rangeError(name, mustBe(`a whole number from ${least} to ${most}`, value));
  }
  return value;
}

function boolean(value, name) {
  if (typeof value !== 'boolean') throw typeError(name, mustBe('a boolean', kind(value)));
  return value;
}

function optionalInteger(value, name, least, most) {
  return value === undefined || value === null ? null : integer(value, name, least, most);
}

/** A path to a file: refuses text that SQLite would interpret as something else. */
function path(value, name) {
  if (typeof value !== 'string') throw typeError(name, mustBe('a string', kind(value)));
  if (value === '' || value === ':memory:') throw rangeError(name, `must be the path of a file, not "${value}"`);
  if (value.includes('\0')) throw rangeError(name, 'must not contain a NUL character');
  return resolve(value);
}

function oneOf(value, name, allowed) {
  if (allowed.includes(value)) return value;
  const choices = allowed.map((one) => `'${one}'`).join(' or ');
  const given = typeof value === 'string' ? JSON.stringify(value) : kind(value);
  throw (typeof value === 'string' ? rangeError : typeError)(name, mustBe(choices, given));
}

function iterable(value, name) {
  if (value === undefined || value === null || typeof value[Symbol.iterator] !== 'function') {
    throw typeError(name, mustBe('an array or another iterable', kind(value)));
  }
  return value;
}

function tags(value, name) {
  if (value === undefined || value === null) return null;
  if (!Array.isArray(value)) throw typeError(name, mustBe('an array of strings', kind(value)));
  return JSON.stringify(value.map((tag, at) => text(tag, `${name}[${at}]`)));
}

module.exports = {
  boolean,
  callback,
  id,
  integer,
  iterable,
  json,
  kind,
  object,
  oneOf,
  optionalInteger,
  optionalJson,
  optionalText,
  path,
  stringify,
  tags,
  text,
  threshold,
};
