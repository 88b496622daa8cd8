// Each test file runs in a worker of its own and opens its own store on the same file.
import { RunStore } from 'runstore';

export function record(country) {
  const store = new RunStore('.evals/store.db');
  const { id } = store.openRun({ suite: 'capitals', name: country, model: 'gpt-x' });
  for (let idx = 0; idx < 50; idx += 1) store.saveResults(id, [{ idx, input: country, scores: { exact: 1 } }]);
  store.finishRun(id, 'completed', store.getRunSummary(id));
  const count = store.countCases(id);
  store.close();
  return count;
}
