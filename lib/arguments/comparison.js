'use strict';

/**
 * Checks the options of `compare` and `gate`, and writes them as the JSON that Rust reads.
 */

const { EQUAL_SCORES, MAX_RESAMPLES, MISSING, PAIR_BY } = require('../constants.js');
const check = require('./check.js');
const { mustBe, rangeError, typeError } = require('../errors.js');
const { Options, number, probability, reducer } = require('./options.js');

const MOST_RUNS = 2 ** 32 - 1;

const share = (value, name) => number(value, name, (one) => one >= 0 && one <= 1, 'from 0 to 1');
const size = (value, name) =>
  number(value, name, (one) => one >= 0 && one < Infinity, 'a finite number that is not negative');
const seed = (value, name) => check.integer(value, name, 0, Number.MAX_SAFE_INTEGER);
const resamples = (value, name) => check.integer(value, name, 1, MAX_RESAMPLES);

function count(value, name) {
  return value === Infinity ? Number.MAX_SAFE_INTEGER : check.integer(value, name, 0, Number.MAX_SAFE_INTEGER);
}

function flag(value, name) {
  if (typeof value !== 'boolean') throw typeError(name, mustBe('a boolean', check.kind(value)));
  return value;
}

function names(value, name) {
  if (!Array.isArray(value)) throw typeError(name, mustBe('an array of strings', check.kind(value)));
  return value.map((one, at) => check.text(one, `${name}[${at}]`));
}

function scale(value, name) {
  const isScale = Array.isArray(value) && value.length === 2 && value.every(Number.isFinite) && value[0] < value[1];
  if (!isScale) throw rangeError(name, 'must be [lowest, highest], two finite numbers');
  return value;
}

/** One scale for all scorers, or one per scorer. */
function range(value, name) {
  if (Array.isArray(value)) return scale(value, name);
  return Object.fromEntries(
    Object.entries(check.object(value, name)).map(([scorer, one]) => [
      check.text(scorer, name),
      scale(one, `${name}[${JSON.stringify(scorer)}]`),
    ]),
  );
}

/** One number for all scorers, or one per scorer. */
function perScorer(value, name) {
  if (typeof value === 'number') return size(value, name);
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw typeError(name, mustBe('a number or an object of numbers by scorer', check.kind(value)));
  }
  return Object.fromEntries(
    Object.entries(value).map(([scorer, one]) => [
      check.text(scorer, name),
      size(one, `${name}[${JSON.stringify(scorer)}]`),
    ]),
  );
}

function readComparison(options) {
  return {
    scorers: options.read('scorers', names),
    lowerIsBetter: options.read('lowerIsBetter', names),
    pairBy: options.read('pairBy', (value, name) => check.oneOf(value, name, PAIR_BY)),
    alpha: options.read('alpha', probability),
    power: options.read('power', probability),
    tolerance: options.read('tolerance', size),
    maxDiffs: options.read('maxDiffs', count),
    texts: options.read('texts', flag),
    sliceBy: options.read('sliceBy', check.text),
    reducer: options.read('reducer', reducer),
    missing: options.read('missing', (value, name) => check.oneOf(value, name, MISSING)),
    range: options.read('range', range),
    suiteId: options.read('suiteId', check.text),
    seed: options.read('seed', seed),
    resamples: options.read('resamples', resamples),
  };
}

function comparisonOptions(operation, given) {
  const options = new Options(operation, given);
  const read = readComparison(options);
  options.refuseOthers();
  return JSON.stringify(read);
}

function readGate(options) {
  return {
    comparison: readComparison(options),
    margin: options.read('margin', perScorer),
    requireImprovement: options.read('requireImprovement', perScorer),
    minCoverage: options.read('minCoverage', share),
    unfinished: options.read('unfinished', flag),
    equalScores: options.read('equalScores', (value, name) => check.oneOf(value, name, EQUAL_SCORES)),
    gateSlices: options.read('gateSlices', flag),
  };
}

function gateOptions(operation, given) {
  const options = new Options(operation, given);
  const read = readGate(options);
  options.refuseOthers();
  return JSON.stringify(read);
}

function judgeOptions(given) {
  check.object(given, 'judgeAgreement: options');
  const options = new Options('judgeAgreement', given);
  const read = {
    judge: options.require('judge', check.text),
    human: options.require('human', check.text),
    level: options.readSet('level', probability),
    threshold: options.readSet('threshold', (value, name) => number(value, name, Number.isFinite, 'a finite number')),
  };
  options.refuseOthers();
  return JSON.stringify(read);
}

function calibrationOptions(given) {
  const options = new Options('calibrate', given);
  const read = {
    runs: options.read('runs', names),
    model: options.read('model', check.optionalText),
    last: options.read('last', (value, name) => check.integer(value, name, 2, MOST_RUNS)),
    alpha: options.read('alpha', probability),
    reducer: options.read('reducer', reducer),
  };
  options.refuseOthers();
  return JSON.stringify(read);
}

module.exports = { calibrationOptions, comparisonOptions, gateOptions, judgeOptions, names, readGate };
