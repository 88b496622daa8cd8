'use strict';

/**
 * Checks the arguments of run files and exports, and converts them for Rust.
 */

const { randomInt } = require('node:crypto');
const { resolve } = require('node:path');

const { DEFAULT_RESULTS_FOLDER, EXPORT_FORMATS } = require('../constants.js');
const check = require('./check.js');
const { mustBe, rangeError, typeError } = require('../errors.js');
const { refuseUnknown } = require('./known-keys.js');
const { Options } = require('./options.js');

/** The run file, and the reports. */
const FORMATS = ['json', ...EXPORT_FORMATS];

/** One id or several, without duplicates. */
function runIds(value, name) {
  if (typeof value === 'string') return [check.text(value, name)];
  const ids = Array.from(check.iterable(value, name), (id, at) => check.text(id, `${name}[${at}]`));
  if (ids.length === 0) throw rangeError(name, 'must name at least one run');
  const twice = ids.find((id, at) => ids.indexOf(id) !== at);
  if (twice !== undefined) throw rangeError(name, `has ${JSON.stringify(twice)} twice`);
  return ids;
}

function folder(value, name) {
  return value === undefined || value === null ? resolve(DEFAULT_RESULTS_FOLDER) : check.path(value, name);
}

/** Filters by name. */
function presets(value, name) {
  return Array.from(check.iterable(value, name), (one, at) => {
    const place = `${name}[${at}]`;
    const { name: title, filter, sort } = check.object(one, place);
    refuseUnknown(one, place, ['name', 'filter', 'sort'], 'is not a field of a filter');
    const read = { name: check.text(title, `${place}.name`), filter: check.text(filter, `${place}.filter`) };
    return sort == null ? read : { ...read, sort: check.text(sort, `${place}.sort`) };
  });
}

/** Returns the options of a run file as JSON, and its folder. */
function runFileOptions(operation, given) {
  const options = new Options(operation, given);
  const read = {
    runId: options.readSet('runId', check.text),
    definitionPath: options.readSet('definitionPath', check.text),
    taskType: options.readSet('taskType', check.text),
    source: options.readSet('source', (value, name) => check.oneOf(value, name, ['API', 'CLI'])) ?? 'API',
    now: Date.now(),
    random: randomInt(2 ** 32),
  };
  const resultsDir = folder(options.readSet('resultsDir', check.path), `${operation}: options.resultsDir`);
  const watch = watchOf(options);
  options.refuseOthers();
  return { json: JSON.stringify(read), resultsDir, watch };
}

/** Converts the options of a run file that is exported elsewhere. */
const textOptions = () => JSON.stringify({ source: 'API', now: Date.now(), random: randomInt(2 ** 32) });

function exportOptions(operation, given) {
  const options = new Options(operation, check.object(given, `${operation}: options`));
  const format = options.require('format', (value, name) => check.oneOf(value, name, FORMATS));
  const path = options.readSet('path', check.path) ?? null;
  const watch = watchOf(options);
  options.refuseOthers();
  return { format, path, watch };
}

/** Options for following a long operation, and for ending it. */
function watchOf(options) {
  return { onProgress: options.readSet('onProgress', check.callback), signal: options.readSet('signal', abortSignal) };
}

/** An AbortSignal of this or another realm, or an object with its methods. */
function abortSignal(value, name) {
  if (typeof value?.aborted === 'boolean' && typeof value.throwIfAborted === 'function') return value;
  throw typeError(name, mustBe('an AbortSignal', check.kind(value)));
}

function importOptions(given) {
  const options = new Options('importRunFile', given);
  const read = {
    suiteId: options.readSet('suiteId', check.text) ?? null,
    keepExisting: options.readSet('keepExisting', check.boolean) ?? false,
    watch: watchOf(options),
  };
  options.refuseOthers();
  return read;
}

module.exports = { exportOptions, folder, importOptions, presets, runFileOptions, runIds, textOptions };
