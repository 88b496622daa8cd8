import { type CaseResult, RunStore } from 'runstore';
import { gate } from 'runstore/comparison';

using store: RunStore<string> = new RunStore<string>(':memory:');
const { id } = store.openRun({ suite: 'capitals', name: 'tsx', model: 'gpt-x' });
const result: CaseResult<string> = { idx: 0, input: 'Capital of France?', scores: { exact: 1 } };
store.saveResults(id, [result]);
console.log(typeof gate, store.getRunSummary(id).passCount);
