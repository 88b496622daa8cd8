/** Runs for tests that compare them. */

/**
 * Saves a completed run of cases, `{ input, scores: { scorer: score }, ... }` with idx in their order; returns its id.
 */
export function saveRun(store, suite_id, cases, { name = 'run', model = 'model', ...more } = {}) {
  const run = store.createRun({ suite_id, name, model, ...more });
  store.saveResults(
    run,
    cases.map(({ scores = {}, ...rest }, idx) => ({
      idx,
      ...rest,
      scores: Object.entries(scores).map(([scorer_name, score]) => ({ scorer_name, score })),
    })),
  );
  store.finishRun(run, 'completed');
  return run;
}
