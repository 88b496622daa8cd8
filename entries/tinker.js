'use strict';

const check = require('../lib/arguments/check.js');
const { rangeError, typeError } = require('../lib/errors.js');
const { driveStore } = require('../lib/connection/store-access.js');
const { working } = require('../lib/steps.js');
const { Options } = require('../lib/arguments/options.js');

/** The widest offset from UTC that Python takes, in minutes. */
const MOST_OFFSET = 24 * 60 - 1;

function importEvalStore(store, path, options = undefined) {
  return driveStore(store, 'importEvalStore: store', (drive) => {
    const from = check.path(path, 'importEvalStore: path');
    const given = new Options('importEvalStore', options);
    const args = [
      given.readSet('suite', check.text) ?? 'tinker',
      given.readSet('runs', ids) ?? null,
      given.readSet('strict', check.boolean) ?? false,
      given.readSet('utcOffset', (value, name) => check.integer(value, name, -MOST_OFFSET, MOST_OFFSET)) ?? 0,
    ];
    const onProgress = given.readSet('onProgress', told);
    given.refuseOthers();
    return drive('importEvalStore', working('importEvalStore', [from, ...args], onProgress));
  });
}

function exportEvalStore(store, runIds, path, options = undefined) {
  return driveStore(store, 'exportEvalStore: store', (drive) => {
    const runs = ids(runIds, 'exportEvalStore: runIds');
    const to = check.path(path, 'exportEvalStore: path');
    const given = new Options('exportEvalStore', options);
    const overwrite = given.readSet('overwrite', check.boolean) ?? false;
    const onProgress = given.readSet('onProgress', told);
    given.refuseOthers();
    return drive('exportEvalStore', working('exportEvalStore', [runs, to, overwrite], onProgress));
  });
}

/** Returns what tells a function of the caller's of the progress. */
function told(value, name) {
  if (typeof value !== 'function') throw typeError(`${name} must be a function, not ${check.kind(value)}`);
  return (done, total) => value({ done, total });
}

/** Ids of runs, each once. */
function ids(value, name) {
  // One id is an iterable as well: of its characters.
  if (typeof value === 'string') throw typeError(name, 'must be an array of ids, not a string');
  const texts = Array.from(check.iterable(value, name), (id, at) => check.text(id, `${name}[${at}]`));
  const seen = new Set();
  const twice = texts.find((id) => seen.size === seen.add(id).size);
  if (twice !== undefined) throw rangeError(name, `has ${JSON.stringify(twice)} twice`);
  return texts;
}

module.exports = { exportEvalStore, importEvalStore };
