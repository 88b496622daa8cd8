'use strict';

/**
 * Checks the arguments of methods that read several runs, and writes them as the JSON that Rust reads.
 */

const { DECISIONS, MIN_TREND_RUNS } = require('../constants.js');
const check = require('./check.js');
const { Options, number, probability, reducer, time } = require('./options.js');

const MOST_ROWS = 2 ** 32 - 1;

const rows = (value, name) => check.integer(value, name, 1, MOST_ROWS);
const runsOnALine = (value, name) => check.integer(value, name, MIN_TREND_RUNS, MOST_ROWS);

function historyOptions(given) {
  const options = new Options('history', given);
  const read = {
    scorer: options.read('scorer', check.optionalText),
    model: options.read('model', check.optionalText),
    since: options.read('since', time),
    limit: options.read('limit', rows),
    baseline: options.read('baseline', check.optionalText),
    reducer: options.read('reducer', reducer),
  };
  options.refuseOthers();
  return JSON.stringify(read);
}

function trendOptions(given) {
  check.object(given, 'trend: options');
  const options = new Options('trend', given);
  const read = {
    scorer: options.require('scorer', check.text),
    model: options.read('model', check.optionalText),
    last: options.read('last', runsOnALine),
    baseline: options.read('baseline', check.optionalText),
    alpha: options.read('alpha', probability),
    reducer: options.read('reducer', reducer),
  };
  options.refuseOthers();
  return JSON.stringify(read);
}

function verdictFilter(given) {
  const options = new Options('listVerdicts', given);
  /** @type {[suiteId: string | null, runId: string | null, limit: number | null]} */
  const read = [
    options.read('suiteId', check.optionalText) ?? null,
    options.read('runId', check.optionalText) ?? null,
    options.read('limit', rows) ?? null,
  ];
  options.refuseOthers();
  return read;
}

const finite = (value, name) => number(value, name, Number.isFinite, 'a finite number');
const finiteOrNull = (value, name) => (value === null ? null : finite(value, name));
const cases = (value, name) => check.integer(value, name, 0, Number.MAX_SAFE_INTEGER);

/** The part of a gate's report that is stored. */
function verdict(report) {
  const name = 'recordVerdict: report';
  const { decision, alpha, scorers, comparison } = check.object(report, name);
  const { baseline, candidate } = check.object(comparison, `${name}.comparison`);
  const idOf = (run, role) => check.text(check.object(run, role).id, `${role}.id`);
  return JSON.stringify({
    baseline_run_id: idOf(baseline, `${name}.comparison.baseline`),
    candidate_run_id: idOf(candidate, `${name}.comparison.candidate`),
    decision: check.oneOf(decision, `${name}.decision`, DECISIONS),
    alpha: probability(alpha, `${name}.alpha`),
    scorers: Array.from(check.iterable(scorers, `${name}.scorers`), (one, at) =>
      scorerOf(one, `${name}.scorers[${at}]`),
    ),
  });
}

function scorerOf(one, name) {
  const { scorer, decision, delta, interval, pValue, method, margin, n } = check.object(one, name);
  const ends = interval === null ? { low: null, high: null } : check.object(interval, `${name}.interval`);
  return {
    scorer_name: check.text(scorer, `${name}.scorer`),
    decision: check.oneOf(decision, `${name}.decision`, DECISIONS),
    delta: finiteOrNull(delta, `${name}.delta`),
    low: finiteOrNull(ends.low, `${name}.interval.low`),
    high: finiteOrNull(ends.high, `${name}.interval.high`),
    p_value: finiteOrNull(pValue, `${name}.pValue`),
    method: method === null ? null : methodOf(method, `${name}.method`),
    margin: finite(margin, `${name}.margin`),
    n: cases(n, `${name}.n`),
  };
}

function methodOf(method, name) {
  const { test, interval } = check.object(method, name);
  return `${check.text(test, `${name}.test`)}/${check.text(interval, `${name}.interval`)}`;
}

module.exports = { historyOptions, trendOptions, verdict, verdictFilter };
