import { performance } from 'node:perf_hooks';

/** Runs one model over all cases, saves each case with its scores as it finishes, and returns the id of the run. */
export async function evaluate({ store, suite, model, cases, scorers, onProgress }) {
  const runId = createRun(store, suite, model, scorers);
  try {
    for (const [index, testCase] of cases.entries()) {
      // One transaction a case: whatever happens to this process later, the finished cases are on disk.
      store.saveResults(runId, [await evaluateCase(model, scorers, testCase)]);
      onProgress(index + 1);
    }
  } catch (error) {
    store.finishRun(runId, 'failed', store.getRunSummary(runId));
    throw error;
  }
  store.finishRun(runId, 'completed', store.getRunSummary(runId));
  return runId;
}

function createRun(store, suite, { name, version }, scorers) {
  const model = `${name}@${version}`;
  const earlier = store.listRuns(suite.id).filter((run) => run.model === model);
  return store.createRun({
    suite_id: suite.id,
    name: `${name} #${earlier.length + 1}`,
    model,
    config: { scorers: scorers.map((scorer) => scorer.name) },
    metadata: { node: process.version },
  });
}

async function evaluateCase(model, scorers, testCase) {
  const attempt = await answer(model, testCase.input);
  // No output, no scores: the case counts as unscored. An exception of a scorer, though, is a mistake in the
  // evaluation itself and ends the run.
  const scores = attempt.error === undefined ? score(scorers, testCase, attempt.output) : [];
  return { ...testCase, ...attempt, scores };
}

async function answer(model, input) {
  const started_at = Date.now();
  const start = performance.now();
  try {
    const output = await model.answer(input);
    return { output, latency_ms: performance.now() - start, started_at };
  } catch (error) {
    return { output: null, latency_ms: performance.now() - start, started_at, error: String(error) };
  }
}

function score(scorers, testCase, output) {
  return scorers.flatMap((scorer) => {
    const judgement = scorer.judge(testCase, output);
    return judgement === undefined ? [] : [{ scorer_name: scorer.name, ...judgement }];
  });
}
