'use strict';

/** Checks single fields of a row, and packs them. */

const check = require('../arguments/check.js');
const { refuseMisspelt } = require('../arguments/known-keys.js');
const { time } = require('../arguments/options.js');
const { mustBe, typeError } = require('../errors.js');

/** Returns the place of a field of the current row, for errors. */
function place(packer, field) {
  if (packer.row === null) return `${packer.list}.${field}`;
  return `${packer.list}[${packer.row}]${packer.part}.${field}`;
}

function refuse(packer, field, wanted, value) {
  throw typeError(place(packer, field), mustBe(`${wanted}`, check.kind(value)));
}

function putText(packer, value, field) {
  if (typeof value !== 'string') refuse(packer, field, 'a string', value);
  packer.putText(value);
}

function putOptionalText(packer, value, field) {
  if (value === undefined || value === null) packer.putNone();
  else putText(packer, value, field);
}

function putTextOrNull(packer, value, field) {
  if (value === null) packer.putNone();
  else putText(packer, value, field);
}

function putOptionalId(packer, value) {
  if (value === undefined) packer.putNone();
  else putText(packer, value, 'id');
}

function putRepeated(packer, value, field) {
  if (typeof value !== 'string') refuse(packer, field, 'a string', value);
  packer.putRepeated(value);
}

function putJson(packer, value, field) {
  const written = check.stringify(value, () => place(packer, field));
  if (written === undefined) refuse(packer, field, 'a JSON value', value);
  packer.putText(written);
}

function putOptionalJson(packer, value, field) {
  if (value === undefined || value === null) packer.putNone();
  else putJson(packer, value, field);
}

function putNumber(packer, value, field) {
  if (typeof value !== 'number' || Number.isNaN(value)) refuse(packer, field, 'a number', value);
  packer.putNumber(value);
}

/** Stores `null` and NaN as NULL. */
function putNumberOrNull(packer, value, field) {
  if (typeof value === 'number') packer.putNumber(value);
  else if (value === null) packer.putNumber(Number.NaN);
  else refuse(packer, field, 'a number', value);
}

function putOptionalNumber(packer, value, field) {
  if (value === undefined || value === null) packer.putNumber(Number.NaN);
  else putNumber(packer, value, field);
}

/** A Date, or milliseconds since the epoch. */
function putOptionalTime(packer, value, field) {
  if (!isSet(value) || typeof value === 'number') putOptionalNumber(packer, value, field);
  else packer.putNumber(time(value, place(packer, field)));
}

function isSet(value) {
  return value !== undefined && value !== null;
}

/**
 * Begins a row, which errors name from here on. Only the keys of the first row of a call are checked: one piece of code
 * creates all rows of a call, and checking the keys of each would slow down every row.
 */
function begin(packer, list, row, item, fields) {
  packer.list = list;
  packer.row = row;
  packer.part = '';
  if (item === null || typeof item !== 'object') {
    throw typeError(`${list}[${row}]`, mustBe('an object', check.kind(item)));
  }
  if (row === 0) refuseMisspelt(item, `${list}[0]`, fields);
}

function putInteger(packer, value, field) {
  check.integer(value, place(packer, field), Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
  packer.putNumber(value);
}

module.exports = {
  begin,
  isSet,
  place,
  putInteger,
  putJson,
  putNumber,
  putNumberOrNull,
  putOptionalId,
  putOptionalJson,
  putOptionalNumber,
  putOptionalText,
  putOptionalTime,
  putRepeated,
  putText,
  putTextOrNull,
};
