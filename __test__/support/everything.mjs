// All data of a run in a store, to compare two stores.

import { listAnnotations } from '../../entries/report.js';

/** Returns all data of a run. */
export function everything(store, { suite_id, id }) {
  const { age_ms: _, run: __, ...baseline } = store.getBaseline(suite_id, 'main') ?? {};
  return {
    suite: store.getSuite(suite_id),
    run: store.getRun(id),
    cases: store.getCases(id),
    failing: store.getFailingCases(id, Infinity),
    trajectories: store.getTrajectories(id, { limit: 1000 }),
    benchmarks: store.listBenchmarks(id).map((benchmark) => store.getBenchmarkResult(id, benchmark)),
    summary: store.readSummary(id),
    scorecard: store.getScorecard(id),
    thresholds: store.getThresholds(suite_id),
    prompts: store.listPrompts(),
    annotations: listAnnotations(store, id),
    baseline,
    verdicts: store.listVerdicts({ runId: id }),
  };
}
