'use strict';

/**
 * Checks the arguments of an archive, and converts them for the second addon.
 */

const { isAbsolute, resolve } = require('node:path');
const { fileURLToPath } = require('node:url');

const check = require('./check.js');
const { Options, number, time } = require('./options.js');
const { rangeError, typeError } = require('../errors.js');

/** The times that a run may have started: Python and the engines read years of up to four digits. */
const [EARLIEST, LATEST] = [Date.UTC(100, 0, 1), Date.UTC(9800, 0, 1) - 1];

/** Returns the folder of a path or a file: URL, or the URL of a bucket. */
function placeOf(url, name) {
  const text = typeof url?.href === 'string' ? url.href : check.text(url, name);
  if (text === '') throw rangeError(name, 'is empty: give it the path of a folder or the URL of a bucket');
  if (text.startsWith('file:')) return fileURLToPath(text);
  if (isBucket(text)) return text;
  // A scheme has at least two characters: C: is a drive.
  if (/^[a-z][a-z\d+.-]+:/i.test(text) && !isAbsolute(text)) {
    const kinds = 'the path of a folder, or a URL of file:, s3:, gs: or az:';
    throw rangeError(name, `must be ${kinds}, not ${JSON.stringify(text)}`);
  }
  return resolve(text);
}

function isBucket(place) {
  return /^(s3|gs|az):\/\//.test(place);
}

/** Returns an object whose values are all texts. */
function texts(value, name) {
  const entries = Object.entries(check.object(value, name));
  return Object.fromEntries(entries.map(([key, one]) => [key, check.text(one, `${name}.${key}`)]));
}

function positive(value, name) {
  return number(value, name, (one) => one > 0 && one < 2 ** 31, 'a number above 0');
}

function abortSignal(value, name) {
  if (!(value instanceof AbortSignal)) throw typeError(name, `must be an AbortSignal, not ${check.kind(value)}`);
  return value;
}

function callback(value, name) {
  if (typeof value !== 'function') throw typeError(name, `must be a function, not ${check.kind(value)}`);
  return value;
}

/** Returns what an argument says of a run: scores that come from no store, or a run of one. */
function runOf(run) {
  const given = new Options('writeRun', run, 'run');
  const frame = given.read('frame', check.object);
  const source = frame === undefined ? sourceOf(given) : undefined;
  const ts = given.readSet('ts', startTime);
  const decision = decisionOf(given);
  const signal = given.readSet('signal', abortSignal);
  given.refuseOthers();
  if (source !== undefined && ts !== undefined) {
    throw typeError('writeRun: run.ts', 'goes with a frame: a run of a store says itself when it began');
  }
  return { frame, source, ts, decision, signal };
}

/** Checks a time that becomes the name of a folder. */
function startTime(value, name) {
  const at = time(value, name);
  if (at < EARLIEST || at > LATEST) throw rangeError(name, `must be in the years 100 to 9799, not ${at}`);
  return at;
}

/** Returns the store and the run that an argument names. */
function sourceOf(given) {
  const store = given.require('store', check.object);
  return { store, runId: given.require('runId', check.text) };
}

/** Returns the verdict on a run as JSON. */
function decisionOf(given) {
  const finite = (value, name) => number(value, name, Number.isFinite, 'a finite number');
  return JSON.stringify({
    delta: given.readSet('delta', finite),
    pValue: given.readSet('pValue', (value, name) => number(value, name, (p) => p >= 0 && p <= 1, 'from 0 to 1')),
    verdict: given.readSet('verdict', check.text),
    parentRunId: given.readSet('parentRunId', check.text),
  });
}

/** Refuses to begin what cannot be taken back once its signal is aborted. */
function refuseAborted(operation, options) {
  const given = new Options(operation, options);
  const signal = given.readSet('signal', abortSignal);
  given.refuseOthers();
  signal?.throwIfAborted();
}

/** Reads options that only follow a long operation. */
function onlyWatch(operation, options) {
  const given = new Options(operation, options);
  const watch = watchOf(given);
  given.refuseOthers();
  watch.signal?.throwIfAborted();
  return watch;
}

/** Reads the options for following a long operation, and for ending it. */
function watchOf(given) {
  return { signal: given.readSet('signal', abortSignal), onProgress: given.readSet('onProgress', callback) };
}

module.exports = {
  abortSignal,
  callback,
  isBucket,
  onlyWatch,
  placeOf,
  positive,
  refuseAborted,
  runOf,
  texts,
  watchOf,
};
