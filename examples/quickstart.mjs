import { RunStore } from 'runstore';

const dataset = [
  { key: 'fr', question: 'Capital of France?', answer: 'Paris' },
  { key: 'pe', question: 'Capital of Peru?', answer: 'Lima' },
];
const model = new Map([['Capital of France?', 'Paris']]); // stands in for a call to your model

const store = new RunStore(); // the file .evals/store.db
const run = store.openRun({ suite: 'capitals', name: 'nightly', model: 'gpt-x' });
const keys = dataset.map(({ key }) => key);
const missing = store.missingCases(run.id, keys); // all of them, unless this run was interrupted before
for (const [idx, { key, question, answer }] of dataset.entries()) {
  if (!missing.includes(key)) continue;
  const output = model.get(question) ?? 'Cusco';
  const scores = { exact: output === answer ? 1 : 0 };
  store.saveResults(run.id, [{ idx, key, input: question, output, expected: answer, scores }]);
}
const summary = store.getRunSummary(run.id);
store.finishRun(run.id, 'completed', summary);
console.log(summary.meanScores); // { exact: 0.5 }
console.log(store.getFailingCases(run.id).map(({ key, output }) => `${key}: ${output}`)); // [ 'pe: Cusco' ]
