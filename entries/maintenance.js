'use strict';

const check = require('../lib/arguments/check.js');
const { fromNative, mustBe, storeError, typeError } = require('../lib/errors.js');
const native = require('../lib/load.js');
const { Options } = require('../lib/arguments/options.js');

/** Turns errors of the addon into RunStoreErrors. */
function reportOf(method, ...args) {
  try {
    return JSON.parse(native[method](...args));
  } catch (error) {
    throw fromNative(error);
  }
}

function merge(out, inputs, options = {}) {
  const target = check.path(out, 'merge: out');
  // A string is iterable too, by character; it must not be taken for a list of paths.
  if (typeof inputs === 'string') throw typeError('merge: inputs', mustBe('an array of paths', 'a string'));
  const paths = Array.from(check.iterable(inputs, 'merge: inputs'), (path, at) =>
    check.path(path, `merge: inputs[${at}]`),
  );
  const given = new Options('merge', check.object(options, 'merge: options'));
  const uniteSuites = given.read('uniteSuites', check.boolean) ?? false;
  given.refuseOthers();
  const report = reportOf('merge', target, paths, uniteSuites);
  const { conflicts, written, ...merged } = report;
  if (!written) throw conflictError(target, conflicts);
  return merged;
}

/**
 * Throws instead of reporting conflicts in a field: a caller that deletes the inputs afterwards must not overlook them.
 */
function conflictError(out, conflicts) {
  const [{ table, key, columns, path }] = conflicts.first;
  const first = `${path} has another ${columns.join(', ')} in ${table} "${key}"`;
  const rows = conflicts.count === 1 ? '1 row contradicts' : `${conflicts.count} rows contradict`;
  const message = `merge: ${rows} another of the same key, so nothing was written: ${first} (in ${out})`;
  return storeError('ERR_RUNSTORE_CONSTRAINT', message, { operation: 'merge', path: out, conflicts });
}

function salvage(path, out) {
  return reportOf('salvage', check.path(path, 'salvage: path'), check.path(out, 'salvage: out'));
}

module.exports = { merge, salvage };
