'use strict';

/**
 * The arguments of `doctor`, `backup`, `prune` and `recoverRuns`, in the order of `src/binding/maintenance.rs`.
 */

const check = require('./check.js');
const { typeError } = require('../errors.js');
const { Options } = require('./options.js');

const DAY = 24 * 60 * 60 * 1000;
const MOST = Number.MAX_SAFE_INTEGER;

function doctor(options) {
  const { staleAfterMs = DAY, fix = false, failStaleRuns = false } = check.object(options, 'doctor: options');
  return [
    check.integer(staleAfterMs, 'doctor: options.staleAfterMs', 0, MOST),
    check.boolean(fix, 'doctor: options.fix'),
    check.boolean(failStaleRuns, 'doctor: options.failStaleRuns'),
  ];
}

function backup(path, options) {
  const target = check.path(path, 'backup: path');
  const { onProgress } = check.object(options, 'backup: options');
  if (onProgress !== undefined && typeof onProgress !== 'function') {
    throw typeError(`backup: options.onProgress must be a function, not ${check.kind(onProgress)}`);
  }
  return { target, onProgress };
}

function prune(options) {
  const { keep, olderThanMs, maxBytes, suiteId, dryRun = false } = check.object(options, 'prune: options');
  return [
    check.optionalInteger(keep, 'prune: options.keep', 0, MOST),
    check.optionalInteger(olderThanMs, 'prune: options.olderThanMs', 0, MOST),
    check.optionalInteger(maxBytes, 'prune: options.maxBytes', 0, MOST),
    check.optionalText(suiteId, 'prune: options.suiteId'),
    check.boolean(dryRun, 'prune: options.dryRun'),
  ];
}

function recoverRuns(given) {
  const options = new Options('recoverRuns', given);
  const read = [
    options.readSet('suiteId', check.text) ?? null,
    options.readSet('olderThanMs', (value, name) => check.integer(value, name, 0, MOST)) ?? null,
    options.readSet('dryRun', check.boolean) ?? false,
  ];
  options.refuseOthers();
  return read;
}

module.exports = { backup, doctor, prune, recoverRuns };
