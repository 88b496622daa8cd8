'use strict';

const { unlinkSync } = require('node:fs');

const check = require('../lib/arguments/check.js');
const { readGate } = require('../lib/arguments/comparison.js');
const { Options } = require('../lib/arguments/options.js');
const { exportOptions, folder, importOptions, runFileOptions, runIds } = require('../lib/arguments/report.js');
const { connectionOf, driveStore } = require('../lib/connection/store-access.js');
const { mustBe, typeError } = require('../lib/errors.js');
const { PAGE_FIELDS } = require('../lib/constants.js');
const { lazy } = require('../lib/lazy.js');
const { listAnnotations, saveAnnotations } = require('../lib/page/annotations.js');
const { writing } = require('../lib/page/html.js');
const { asking, importing, taking } = require('../lib/report/run-files.js');

const viewer = lazy(() => require('../lib/viewer.js'));

const MOST_HISTORY = 1000;

function htmlReport(store, run, options = undefined) {
  return driveStore(store, 'htmlReport: store', (drive) => {
    const name = check.text(run, 'htmlReport: run');
    const given = new Options('htmlReport', options);
    const redact = given.readSet('redact', fields) ?? [];
    const asked = {
      baseline: given.readSet('baseline', check.text),
      title: given.readSet('title', check.text),
      maxCases: given.readSet('maxCases', (value, at) => check.integer(value, at, 0, Number.MAX_SAFE_INTEGER)),
      history: given.readSet('history', (value, at) => check.integer(value, at, 0, MOST_HISTORY)),
      redact,
      gate: readGate(given),
    };
    given.refuseOthers();
    return drive('htmlReport', writing('htmlReport', name, JSON.stringify(asked), JSON.stringify(redact)));
  });
}

async function startViewer(store, options = undefined) {
  const path = fileOf(store);
  const given = new Options('startViewer', options);
  const asked = {
    host: given.readSet('host', check.text) ?? '127.0.0.1',
    port: given.readSet('port', (value, name) => check.integer(value, name, 0, 65_535)) ?? 0,
  };
  given.refuseOthers();
  return viewer().startViewer(path, asked);
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
  const ids = runIds(runs, 'writeRunFile: runIds');
  const { json, resultsDir, signal } = runFileOptions('writeRunFile', options);
  return taking('writeRunFile', store, ids, {
    make: ({ RowTaker }) => RowTaker.runFile(resultsDir, json),
    end: (taker) => JSON.parse(taker.finish(null)),
    signal,
  });
}

function readRunFile(path) {
  const from = check.path(path, 'readRunFile: path');
  return JSON.parse(asking('readRunFile', (tools) => tools.readRunFile(from)));
}

function listRunFiles(resultsDir = undefined) {
  const from = folder(resultsDir, 'listRunFiles: resultsDir');
  return JSON.parse(asking('listRunFiles', (tools) => tools.listRunFilesIn(from)));
}

function importRunFile(store, path, options = undefined) {
  const from = check.path(path, 'importRunFile: path');
  return importing('importRunFile', store, from, importOptions(options));
}

function exportRun(store, runId, options) {
  const id = check.text(runId, 'exportRun: runId');
  const { format, path, signal } = exportOptions('exportRun', options);
  return taking('exportRun', store, [id], {
    make: ({ RowTaker }) => (format === 'json' ? RowTaker.runFileText() : RowTaker.export(format)),
    end: (taker) => (path === null ? taker.finish(null) : JSON.parse(taker.finish(path))),
    signal,
  });
}

function archiveRun(store, runId, path, options = undefined) {
  const id = check.text(runId, 'archiveRun: runId');
  const to = check.path(path, 'archiveRun: path');
  const { json, signal } = runFileOptions('archiveRun', options);
  return taking('archiveRun', store, [id], {
    make: ({ RowTaker }) => RowTaker.archive(json),
    end: (taker) => JSON.parse(taker.finish(to)),
    signal,
  });
}

function deleteRunFile(run, resultsDir = undefined) {
  const name = check.text(run, 'deleteRunFile: run');
  const from = folder(resultsDir, 'deleteRunFile: resultsDir');
  const path = asking('deleteRunFile', (tools) => tools.findRunFileIn(from, name));
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
