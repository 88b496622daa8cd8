'use strict';

/**
 * Checks the arguments of `doctor`, `backup`, `prune` and `recoverRuns`, and returns them in the order of
 * `src/binding/maintenance.rs`.
 */

const { STALE_AFTER_MS } = require('../constants.js');
const check = require('./check.js');
const { Options } = require('./options.js');

const MOST = Number.MAX_SAFE_INTEGER;

const milliseconds = (value, name) => check.integer(value, name, 0, MOST);

function doctor(options) {
  const given = new Options('doctor', check.object(options, 'doctor: options'));
  /** @type {[staleAfterMs: number, fix: boolean, failStaleRuns: boolean]} */
  const read = [
    given.read('staleAfterMs', milliseconds) ?? STALE_AFTER_MS,
    given.read('fix', check.boolean) ?? false,
    given.read('failStaleRuns', check.boolean) ?? false,
  ];
  given.refuseOthers();
  return read;
}

function backup(path, options) {
  const target = check.path(path, 'backup: path');
  const given = new Options('backup', check.object(options, 'backup: options'));
  const onProgress = given.read('onProgress', check.callback);
  given.refuseOthers();
  return { target, onProgress };
}

function prune(options) {
  const given = new Options('prune', check.object(options, 'prune: options'));
  const count = (value, name) => check.integer(value, name, 0, MOST);
  /** @type {[keep: number | null, olderThanMs: number | null, maxBytes: number | null, suiteId: string | null, dryRun: boolean]} */
  const read = [
    given.readSet('keep', count) ?? null,
    given.readSet('olderThanMs', milliseconds) ?? null,
    given.readSet('maxBytes', count) ?? null,
    given.readSet('suiteId', check.text) ?? null,
    given.read('dryRun', check.boolean) ?? false,
  ];
  given.refuseOthers();
  return read;
}

function recoverRuns(given) {
  const options = new Options('recoverRuns', given);
  /** @type {[suiteId: string | null, olderThanMs: number | null, dryRun: boolean]} */
  const read = [
    options.readSet('suiteId', check.text) ?? null,
    options.readSet('olderThanMs', milliseconds) ?? null,
    options.readSet('dryRun', check.boolean) ?? false,
  ];
  options.refuseOthers();
  return read;
}

module.exports = { backup, doctor, prune, recoverRuns };
