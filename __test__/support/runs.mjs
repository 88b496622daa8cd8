/** Runs for tests that compare them. */

import { then } from './either.mjs';

/**
 * Saves a run of cases, completed unless `status` says otherwise, `{ input, scores: { scorer: score }, ... }` with idx in their order; returns its id.
 */
export function saveRun(store, suite_id, cases, { name = 'run', model = 'model', status = 'completed', ...more } = {}) {
  const results = cases.map((one, idx) => ({ idx, ...one }));
  return then(store.createRun({ suite_id, name, model, ...more }), (run) =>
    then(store.saveResults(run, results), () =>
      status === 'running' ? run : then(store.finishRun(run, status), () => run),
    ),
  );
}
