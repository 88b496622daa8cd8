'use strict';

const { unlinkSync } = require('node:fs');

const check = require('../lib/arguments/check.js');
const { names, readGate } = require('../lib/arguments/comparison.js');
const { Options } = require('../lib/arguments/options.js');
const {
  exportOptions,
  folder,
  importOptions,
  presets,
  runFileOptions,
  runIds,
  textOptions,
} = require('../lib/arguments/report.js');
const { beside, readingRun, takingRuns, watching } = require('../lib/connection/run-steps.js');
const { connectionOf, driveStore } = require('../lib/connection/store-access.js');
const { DEFAULT_HOST, MAX_PAGE_HISTORY, PAGE_FIELDS } = require('../lib/constants.js');
const { fromNative, mustBe, typeError } = require('../lib/errors.js');
const { lazy } = require('../lib/lazy.js');
const { listAnnotations, saveAnnotations } = require('../lib/page/annotations.js');
const { writing } = require('../lib/page/html.js');

const tools = lazy(() => require('../lib/load-tools.js'));
const viewer = lazy(() => require('../lib/viewer.js'));

function htmlReport(store, run, options = undefined) {
  return driveStore(store, 'htmlReport: store', (drive) => {
    const name = check.text(run, 'htmlReport: run');
    const given = new Options('htmlReport', options);
    const redact = given.readSet('redact', fields) ?? [];
    const asked = {
      baseline: given.readSet('baseline', check.text),
      title: given.readSet('title', check.text),
      maxCases: given.readSet('maxCases', (value, at) => check.integer(value, at, 0, Number.MAX_SAFE_INTEGER)),
      history: given.readSet('history', (value, at) => check.integer(value, at, 0, MAX_PAGE_HISTORY)),
      redact,
      presets: given.readSet('presets', presets),
      gate: readGate(given),
    };
    given.refuseOthers();
    return drive('htmlReport', writing('htmlReport', name, JSON.stringify(asked), JSON.stringify(redact)));
  });
}

async function startViewer(store, options = undefined) {
  const source = viewedOf(store);
  const given = new Options('startViewer', options);
  const asked = {
    host: given.readSet('host', check.text) ?? DEFAULT_HOST,
    port: given.readSet('port', (value, name) => check.integer(value, name, 0, 65_535)) ?? 0,
    lowerIsBetter: given.readSet('lowerIsBetter', names) ?? [],
    presets: given.readSet('presets', presets) ?? [],
  };
  given.refuseOthers();
  return viewer().startViewer(source, asked);
}

/** What is viewed, as another thread can open it. */
function viewedOf(store) {
  const isPlain = typeof store === 'object' && store !== null && Object.getPrototypeOf(store) === Object.prototype;
  if (!isPlain) return { path: fileOf(store) };
  const given = new Options('startViewer', store, 'store');
  const resultsDir = given.readSet('resultsDir', check.path);
  const archive = given.readSet('archive', (url, name) =>
    typeof url?.href === 'string' ? url.href : check.text(url, name),
  );
  const project = given.readSet('project', check.text);
  given.refuseOthers();
  if ((resultsDir === undefined) === (archive === undefined)) {
    throw typeError('startViewer: store', 'must be a store, or have either an archive or a resultsDir');
  }
  return { resultsDir, archive, project };
}

/** Returns the path of the file, so that another thread can open it. */
function fileOf(store) {
  if (typeof store === 'string') return check.path(store, 'startViewer: store');
  const { path } = connectionOf(store, 'startViewer: store');
  if (path !== null && path !== ':memory:') return path;
  throw typeError('startViewer: store', 'must be on a file, which the viewer reads from a thread of its own');
}

function fields(value, name) {
  if (!Array.isArray(value)) throw typeError(name, mustBe('an array of strings', check.kind(value)));
  return value.map((field, at) => check.oneOf(field, `${name}[${at}]`, PAGE_FIELDS));
}

function writeRunFile(store, runs, options = undefined) {
  return driveStore(store, 'writeRunFile: store', (drive) => {
    const ids = runIds(runs, 'writeRunFile: runIds');
    const { json, resultsDir, watch } = runFileOptions('writeRunFile', options);
    const begin = ({ RowTaker }) => RowTaker.runFile(resultsDir, json);
    return drive('writeRunFile', writingRuns('writeRunFile', ids, begin, { watch }));
  });
}

function readRunFile(path) {
  const from = check.path(path, 'readRunFile: path');
  return JSON.parse(asking('readRunFile', (of) => of.readRunFile(from)));
}

function listRunFiles(resultsDir = /** @type {string | undefined} */ (undefined)) {
  const from = folder(resultsDir, 'listRunFiles: resultsDir');
  return JSON.parse(asking('listRunFiles', (of) => of.listRunFilesIn(from)));
}

function importRunFile(store, path, options = undefined) {
  return driveStore(store, 'importRunFile: store', (drive) => {
    const from = check.path(path, 'importRunFile: path');
    return drive('importRunFile', importing('importRunFile', from, importOptions(options)));
  });
}

function exportRun(store, runs, options) {
  return driveStore(store, 'exportRun: store', (drive) => {
    const ids = runIds(runs, 'exportRun: runId');
    const { format, path, watch } = exportOptions('exportRun', options);
    const begin = ({ RowTaker }) =>
      format === 'json' ? RowTaker.runFileText(textOptions()) : RowTaker.export(format, ids.length > 1);
    return drive('exportRun', writingRuns('exportRun', ids, begin, { path, watch, isText: path === null }));
  });
}

function archiveRun(store, runs, path, options = undefined) {
  return driveStore(store, 'archiveRun: store', (drive) => {
    const ids = runIds(runs, 'archiveRun: runIds');
    const to = check.path(path, 'archiveRun: path');
    const { json, watch } = runFileOptions('archiveRun', options);
    const begin = ({ RowTaker }) => RowTaker.archive(json, ids.length > 1);
    return drive('archiveRun', writingRuns('archiveRun', ids, begin, { path: to, watch }));
  });
}

/**
 * Hands the rows of runs to what `begin(tools)` returns, and returns what that makes of them.
 * @returns {import('../lib/connection/connection.js').Steps}
 */
function* writingRuns(operation, runIds, begin, { path = /** @type {string | null} */ (null), watch, isText = false }) {
  watch.signal?.throwIfAborted();
  const taker = yield beside(() => begin(tools()));
  try {
    const total = watch.onProgress === undefined ? 0 : yield* countingRows(operation, runIds);
    const put = (later, rows) => taker.put(later, rows);
    const watched = watching(() => [taker.rows(), total], watch);
    for (const id of runIds) yield readingRun(operation, id, put, watched);
    yield beside((later) => taker.settle(later), watched);
    const made = yield beside((later) => taker.finish(later, path));
    return isText ? made : JSON.parse(made);
  } finally {
    taker.abort();
  }
}

/**
 * Returns how many cases and trajectories the runs have.
 * @returns {import('../lib/connection/connection.js').Steps}
 */
function* countingRows(operation, runIds) {
  let total = 0;
  for (const id of runIds) {
    total += yield { kind: 'call', method: 'countCases', args: [operation, id] };
    total += yield { kind: 'call', method: 'countTrajectories', args: [operation, id] };
  }
  return total;
}

/**
 * Takes the runs of a file into the store.
 * @returns {import('../lib/connection/connection.js').Steps}
 */
function* importing(operation, path, { watch, ...options }) {
  watch.signal?.throwIfAborted();
  const rows = yield beside(() => new (tools().RunFileRows)(path));
  try {
    const next = (later) => rows.next(later);
    return yield* takingRuns(
      operation,
      options,
      next,
      watching(() => rows.progress(), watch),
    );
  } finally {
    rows.abort();
  }
}

/** Returns what the second addon does, its errors as ours. */
function asking(operation, ask) {
  try {
    return ask(tools());
  } catch (error) {
    throw fromNative(error, operation);
  }
}

function deleteRunFile(run, resultsDir = undefined) {
  const name = check.text(run, 'deleteRunFile: run');
  const from = folder(resultsDir, 'deleteRunFile: resultsDir');
  const path = asking('deleteRunFile', (of) => of.findRunFileIn(from, name));
  unlinkSync(path);
  return path;
}

function pruneRunFiles(options) {
  const given = new Options('pruneRunFiles', check.object(options, 'pruneRunFiles: options'));
  const keep = given.require('keep', (value, name) => check.integer(value, name, 0, Number.MAX_SAFE_INTEGER));
  const resultsDir = folder(given.readSet('resultsDir', check.path), 'pruneRunFiles: options.resultsDir');
  const dryRun = given.readSet('dryRun', check.boolean) ?? false;
  given.refuseOthers();
  const known = listRunFiles(resultsDir).filter(({ error }) => error === null);
  const removed = known.slice(keep).map(({ path }) => path);
  if (!dryRun) for (const path of removed) unlinkSync(path);
  return removed;
}

module.exports = {
  archiveRun,
  deleteRunFile,
  exportRun,
  htmlReport,
  importRunFile,
  listAnnotations,
  listRunFiles,
  pruneRunFiles,
  readRunFile,
  saveAnnotations,
  startViewer,
  writeRunFile,
};
