// Rows for tests, with default values for what a test is not about.

import { then } from './either.mjs';

/** Creates a suite and a run in it; returns the id of the run. */
export function newRun(store, run = {}) {
  const suite = run.suite_id === undefined ? store.createSuite('suite') : { id: run.suite_id };
  return then(suite, ({ id }) => store.createRun({ name: 'run', model: 'model', ...run, suite_id: id }));
}

/** Returns a case of a run, to be saved. */
export function newCase(run_id, data = {}) {
  return {
    run_id,
    idx: 0,
    input: 'input',
    output: 'output',
    latency_ms: 10,
    tokens_in: 3,
    tokens_out: 5,
    ...data,
  };
}

/** Returns cases with the ids `c0`, `c1`, … and idx 0, 1, … */
export function newCases(run_id, count, data = () => ({})) {
  return Array.from({ length: count }, (_, idx) => newCase(run_id, { id: `c${idx}`, idx, ...data(idx) }));
}

/** Makes a run with cases `c0`, `c1`, … whose scores are given as `{ scorer: score }`; returns the id of the run. */
export function scoredRun(store, scoresOfCases, run = {}) {
  const results = scoresOfCases.map((scores, idx) => ({
    ...newCase(undefined, { id: `c${idx}`, idx }),
    scores: Object.entries(scores).map(([scorer_name, score]) => ({ scorer_name, score })),
  }));
  return then(newRun(store, run), (runId) => then(store.saveResults(runId, results), () => runId));
}

export const uuidV4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
export const uuidV7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Returns once the clock shows another millisecond. */
export function nextMillisecond() {
  const now = Date.now();
  while (Date.now() === now);
}
