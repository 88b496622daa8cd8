'use strict';

const check = require('../lib/arguments/check.js');
const { DEFAULT_TINKER_SUITE, MAX_UTC_OFFSET } = require('../lib/constants.js');
const { mustBe, rangeError, typeError } = require('../lib/errors.js');
const { beside, readingCountedRun, takingRuns, watching } = require('../lib/connection/run-steps.js');
const { driveStore } = require('../lib/connection/store-access.js');
const { lazy } = require('../lib/lazy.js');
const { Options } = require('../lib/arguments/options.js');

const tools = lazy(() => require('../lib/load-tools.js'));

function importEvalStore(store, path, options = undefined) {
  return driveStore(store, 'importEvalStore: store', (drive) => {
    const from = check.path(path, 'importEvalStore: path');
    const given = new Options('importEvalStore', options);
    const suite = given.readSet('suite', check.text) ?? DEFAULT_TINKER_SUITE;
    const args = [
      given.readSet('runs', ids) ?? null,
      given.readSet('strict', check.boolean) ?? false,
      given.readSet('utcOffset', (value, name) => check.integer(value, name, -MAX_UTC_OFFSET, MAX_UTC_OFFSET)) ?? 0,
    ];
    const onProgress = given.readSet('onProgress', check.callback);
    given.refuseOthers();
    return drive('importEvalStore', importing(from, suite, args, onProgress));
  });
}

/**
 * Compares the runs that exist in the store, and then imports all others: nothing is written until all are known to
 * fit.
 * @returns {import('../lib/connection/connection.js').Steps}
 */
function* importing(path, suite, args, onProgress) {
  const operation = 'importEvalStore';
  const files = yield beside((later) => tools().openEvalStore(later, path, suite, ...args));
  for (const id of files.runIds()) {
    const isThere = yield { kind: 'call', method: 'holdsRun', args: [operation, id] };
    if (isThere) yield readingCountedRun(operation, id, (later, rows) => files.compare(later, rows));
  }
  const found = yield { kind: 'call', method: 'findSuiteByName', args: [suite] };
  const suiteId = found === null ? null : JSON.parse(found).id;
  const watched = watching(() => files.progress(), { onProgress });
  yield* takingRuns(operation, { suiteId }, (later) => files.nextRows(later), watched);
  return JSON.parse(files.report());
}

function exportEvalStore(store, runIds, path, options = undefined) {
  return driveStore(store, 'exportEvalStore: store', (drive) => {
    const runs = ids(runIds, 'exportEvalStore: runIds');
    const to = check.path(path, 'exportEvalStore: path');
    const given = new Options('exportEvalStore', options);
    const overwrite = given.readSet('overwrite', check.boolean) ?? false;
    const onProgress = given.readSet('onProgress', check.callback);
    given.refuseOthers();
    return drive('exportEvalStore', exporting(runs, to, overwrite, onProgress));
  });
}

/**
 * Writes all runs to temporary places, and then moves them to their own.
 * @returns {import('../lib/connection/connection.js').Steps}
 */
function* exporting(runs, path, overwrite, onProgress) {
  const operation = 'exportEvalStore';
  let total = 0;
  for (const id of runs) total += yield { kind: 'call', method: 'countTrajectories', args: [operation, id] };
  const files = yield beside((later) => tools().beginEvalStore(later, path, runs, overwrite, total));
  try {
    const put = (later, rows) => files.put(later, rows);
    const watched = watching(() => files.progress(), { onProgress });
    for (const id of runs) yield readingCountedRun(operation, id, put, watched);
    return JSON.parse(yield beside((later) => files.finish(later)));
  } finally {
    files.abort();
  }
}

/** Returns the ids of runs, without duplicates. */
function ids(value, name) {
  // A string is iterable too, by character; it must not be taken for a list of ids.
  if (typeof value === 'string') throw typeError(name, mustBe('an array of ids', 'a string'));
  const texts = Array.from(check.iterable(value, name), (id, at) => check.text(id, `${name}[${at}]`));
  const seen = new Set();
  const twice = texts.find((id) => seen.size === seen.add(id).size);
  if (twice !== undefined) throw rangeError(name, `has ${JSON.stringify(twice)} twice`);
  return texts;
}

module.exports = { exportEvalStore, importEvalStore };
