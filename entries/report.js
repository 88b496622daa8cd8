'use strict';

const check = require('../lib/arguments/check.js');
const { readGate } = require('../lib/arguments/comparison.js');
const { Options } = require('../lib/arguments/options.js');
const { connectionOf, driveStore } = require('../lib/connection/store-access.js');
const { mustBe, typeError } = require('../lib/errors.js');
const { lazy } = require('../lib/lazy.js');
const { listAnnotations, saveAnnotations } = require('../lib/page/annotations.js');
const { writing } = require('../lib/page/html.js');

const viewer = lazy(() => require('../lib/viewer.js'));

/** The parts of a case that can be left out, as `src/page/options.rs` has them. */
const FIELDS = ['key', 'input', 'expected', 'output', 'error', 'reason', 'metadata', 'messages'];
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

/** The path of the file, which another thread can open. */
function fileOf(store) {
  if (typeof store === 'string') return check.path(store, 'startViewer: store');
  const { path } = connectionOf(store, 'startViewer: store');
  if (path !== null && path !== ':memory:') return path;
  throw typeError('startViewer: store', 'must be on a file, which the viewer reads from a thread of its own');
}

function fields(value, name) {
  if (!Array.isArray(value)) throw typeError(name, mustBe('an array of strings', check.kind(value)));
  return value.map((field, at) => check.oneOf(field, `${name}[${at}]`, FIELDS));
}

module.exports = { htmlReport, listAnnotations, saveAnnotations, startViewer };
