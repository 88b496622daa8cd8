'use strict';

const check = require('../lib/arguments/check.js');
const { calibrationOptions, comparisonOptions, gateOptions, judgeOptions } = require('../lib/arguments/comparison.js');
const { CHANGES, DEFAULT_REGRESSION_THRESHOLD, DEFAULT_TOLERANCE } = require('../lib/constants.js');
const { mustBe, rangeError, typeError } = require('../lib/errors.js');
const { Options } = require('../lib/arguments/options.js');
const { askStore } = require('../lib/connection/store-access.js');
const { numberReader, setOwn } = require('../lib/rows/unpack.js');

/** In the order of `src/binding/comparison.rs`. */

function compareRuns(store, baselineRunId, candidateRunId, options) {
  return askStore(store, 'compareRuns: store', (ask) => {
    const baseline = check.id(baselineRunId, 'compareRuns: baselineRunId') ?? '';
    const candidate = check.id(candidateRunId, 'compareRuns: candidateRunId') ?? '';
    const { tolerance, regressionThreshold, onWarning } = readOptions(options);
    const build = (compared) => resultOf(compared, onWarning);
    return ask(build, 'compareRuns', baseline, candidate, tolerance, regressionThreshold);
  });
}

function compare(store, baselineRunId, candidateRunId, options) {
  return report('compare', store, baselineRunId, candidateRunId, () => comparisonOptions('compare', options));
}

function gate(store, baselineRunId, candidateRunId, options) {
  return report('gate', store, baselineRunId, candidateRunId, () => gateOptions('gate', options));
}

function judgeAgreement(store, runId, options) {
  return askStore(store, 'judgeAgreement: store', (ask) => {
    const id = check.text(runId, 'judgeAgreement: runId');
    return ask(JSON.parse, 'judgeAgreement', id, judgeOptions(options));
  });
}

function calibrate(store, suiteId, options) {
  return askStore(store, 'calibrate: store', (ask) => {
    const suite = check.text(suiteId, 'calibrate: suiteId');
    return ask(JSON.parse, 'calibrate', suite, calibrationOptions(options));
  });
}

function report(operation, store, baselineRunId, candidateRunId, readOptions) {
  return askStore(store, `${operation}: store`, (ask) => {
    const baseline = runs(baselineRunId, `${operation}: baselineRunId`);
    const candidate = runs(candidateRunId, `${operation}: candidateRunId`);
    return ask(JSON.parse, operation, baseline, candidate, readOptions());
  });
}

/** One run, or several runs of one side. */
function runs(value, name) {
  if (!Array.isArray(value)) return [check.text(value, name)];
  if (value.length === 0) throw rangeError(name, 'must name at least one run');
  return value.map((one, at) => check.text(one, `${name}[${at}]`));
}

function readOptions(options) {
  const given = new Options('compareRuns', options);
  const read = {
    tolerance: given.readSet('tolerance', number) ?? DEFAULT_TOLERANCE,
    regressionThreshold: given.readSet('regressionThreshold', number) ?? DEFAULT_REGRESSION_THRESHOLD,
    onWarning: given.read('onWarning', check.callback) ?? warnOnConsole,
  };
  given.refuseOthers();
  return read;
}

function number(value, name) {
  if (typeof value !== 'number') throw typeError(name, mustBe('a number', check.kind(value)));
  if (Number.isNaN(value)) throw rangeError(name, 'must not be NaN');
  return value;
}

/** The behaviour of `@deepagents/evals`. */
const warnOnConsole = (message) => console.warn(message);

function warnOfDifferentCounts([baseline, candidate], onWarning) {
  if (baseline === candidate) return;
  onWarning(`Run case count mismatch: baseline=${baseline}, candidate=${candidate}. Comparing intersection only.`);
}

function resultOf(compared, onWarning) {
  warnOfDifferentCounts(compared, onWarning);
  const [, , names, summaries, cost, index, odd, ...cells] = compared;
  const scorerSummaries = {};
  const details = {};
  let regressed = false;
  for (const [scorer, name] of names.entries()) {
    const [meanDelta, improvedCount, regressedCount, unchangedCount, exceeds] = summaries.subarray(scorer * 5);
    setOwn(scorerSummaries, name, { meanDelta, improvedCount, regressedCount, unchangedCount });
    setOwn(details, name, { meanDelta, exceeds: exceeds === 1 });
    regressed ||= exceeds === 1;
  }
  const [latencyDeltaMs, tokenInDelta, tokenOutDelta] = cost;
  return {
    caseDiffs: caseDiffs(names, index.length, numberReader(index, odd), cells),
    scorerSummaries,
    costDelta: { latencyDeltaMs, tokenInDelta, tokenOutDelta },
    totalCasesCompared: index.length,
    regression: { regressed, details },
  };
}

function caseDiffs(names, cases, index, [baselines, candidates, deltas, changes]) {
  const diffs = [];
  let cell = 0;
  for (let at = 0; at < cases; at++) {
    const scorerDeltas = {};
    for (const name of names) {
      const change = CHANGES[changes[cell]];
      const one = { baseline: baselines[cell], candidate: candidates[cell], delta: deltas[cell], change };
      setOwn(scorerDeltas, name, one);
      cell++;
    }
    diffs.push({ index: index(at), scorerDeltas });
  }
  return diffs;
}

module.exports = { calibrate, compare, compareRuns, gate, judgeAgreement };
