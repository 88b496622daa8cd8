import { RunStore } from 'runstore';

const store = new RunStore(':memory:'); // without an argument: .evals/store.db
const suite = store.createSuite('capitals');
const run = store.createRun({ suite_id: suite.id, name: 'first', model: 'gpt-x' });
store.saveResults(run, [
  { idx: 0, input: 'Capital of France?', output: 'Paris', scores: [{ scorer_name: 'exact', score: 1 }] },
  { idx: 1, input: 'Capital of Peru?', output: 'Cusco', scores: [{ scorer_name: 'exact', score: 0, reason: 'Lima' }] },
]);
const summary = store.getRunSummary(run);
store.finishRun(run, 'completed', summary);
console.log(summary.meanScores); // { exact: 0.5 }
console.log(store.getFailingCases(run).map((row) => row.input)); // [ 'Capital of Peru?' ]
