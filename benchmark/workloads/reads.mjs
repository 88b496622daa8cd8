/** Reading a finished run out of a file that the subject wrote itself, page cache warm, store open. */

import { strict as assert } from 'node:assert';
import { startRun } from '../fixtures.mjs';
import { clocked } from '../pairing.mjs';
import { longestBlock, longestBlockDuring } from './event-loop.mjs';

/** Calls `read` as often as the row says; returns milliseconds per call. */
function timePerCall(calls, read) {
  const work = () => {
    let result;
    for (let call = 0; call < calls; call++) result = read();
    return result;
  };
  return clocked({ work }) / calls;
}

function reading(read, check, fixture = 'file') {
  return (subject, { size, calls = 1 }, variant, { fixtures, checking }) => {
    const { path, runId } = fixtures[fixture](subject.name, size, variant);
    const { store, close } = subject.open(path);
    if (checking) check(read(store, runId), size);
    return { measure: () => timePerCall(calls, () => read(store, runId)), finish: close };
  };
}

function limitOf(op, parameters, fixture = 'file') {
  return (row, { limit, fixtures }) => {
    const { path, runId } = fixtures[fixture]('runstore', row.size ?? 1000, 'plain');
    const request = { op, path, run: runId, calls: row.calls ?? 1, ...parameters };
    return { measure: () => limit.ask(request) };
  };
}

const isComplete = (cases, size) => {
  assert.equal(cases.length, size);
  assert.equal(cases.at(-1).idx, size - 1);
};

export const getCases = {
  trial: reading((store, runId) => store.getCases(runId), isComplete),
  limit: limitOf('getCases'),
};

export const getFailingCases = {
  trial: reading(
    (store, runId) => store.getFailingCases(runId),
    (cases) => assert.ok(cases.every(({ scores }) => scores.every(({ score }) => score < 0.5))),
  ),
  limit: limitOf('getFailingCases', { threshold: 0.5 }),
};

export const getScoredCases = {
  trial: reading((store, runId) => store.getFailingCases(runId, Infinity), isComplete),
  // JSON has no Infinity; every score of the data is below 2.
  limit: limitOf('getFailingCases', { threshold: 2 }),
};

const summarize = (store, runId) => store.getRunSummary(runId);
const countsAllCases = (summary, size) => assert.equal(summary.passCount + summary.failCount, size);

export const getRunSummary = {
  trial: reading(summarize, countsAllCases),
  limit: limitOf('getRunSummary'),
};

export const getRunSummaryOfTen = {
  trial: reading(summarize, countsAllCases, 'tenRuns'),
  limit: limitOf('getRunSummary', {}, 'tenRuns'),
};

/** One row by its id, in memory: the price of a call. */
export const getRun = {
  trial(subject, { calls }) {
    const { store, close } = subject.open(':memory:');
    const runId = startRun(store);
    store.finishRun(runId, 'completed', store.getRunSummary(runId));
    return { measure: () => timePerCall(calls, () => store.getRun(runId)), finish: close };
  },
  limit: limitOf('getRun'),
};

/** Both runs of 10,000 cases with three scorers each, compared case by case. */
export const compareRuns = {
  isAvailable: (subject) => subject.compareRuns !== undefined,
  trial(subject, { size }, _, { fixtures }) {
    const { path, baseline, candidate } = fixtures.twoRuns(subject.name, size);
    const { store, close } = subject.open(path);
    return { measure: () => timePerCall(1, () => subject.compareRuns(store, baseline, candidate)), finish: close };
  },
};

/** Longest time for which an operation on a run keeps the event loop from anything else; runstore's with promises. */
const blocking = (operate) => ({
  trial(subject, { size }, variant, { fixtures }) {
    const { path, runId } = fixtures.file(subject.name, size, variant);
    const { store, close } = (subject.openPromises ?? subject.open)(path);
    return { measure: () => longestBlockDuring(() => operate(store, runId)), finish: close };
  },
});

export const blockOfGetCases = blocking((store, runId) => store.getCases(runId));
export const blockOfGetScoredCases = blocking((store, runId) => store.getFailingCases(runId, Infinity));
export const blockOfGetRunSummary = blocking((store, runId) => store.getRunSummary(runId));

/** Longest time for which reading a whole run keeps the event loop from anything else. */
export const blockWhileReading = {
  trial(subject, { size }, variant, { fixtures }) {
    const { path, runId } = fixtures.file(subject.name, size, variant);
    const { store, close } = subject.open(path);
    // Stores that cannot read in chunks have only getCases.
    const cases = () => store.iterateCases?.(runId) ?? store.getCases(runId);
    return { measure: () => longestBlock(cases), finish: close };
  },
};
