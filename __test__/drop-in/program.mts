// Written for `@deepagents/evals/store`, and nothing else: drop-in.test.mjs changes only the import.

import { randomUUID } from 'node:crypto';
import {
  type CaseData,
  type CaseWithScores,
  type RunRow,
  RunStore,
  type ScoreData,
  type SuiteRow,
} from '@deepagents/evals/store';

interface Answered {
  question: string;
  answer: string;
  wanted: string;
  ms: number;
}

class Recorder {
  readonly suite: SuiteRow;
  private readonly store: RunStore;

  constructor(store: RunStore, name: string) {
    this.store = store;
    this.suite = store.findSuiteByName(name) ?? store.createSuite(name);
  }

  record(model: string, rows: Answered[]): string {
    const config = { temperature: 0 };
    const run_id = this.store.createRun({ suite_id: this.suite.id, name: 'nightly', model, config });
    const cases: CaseData[] = rows.map(({ question, answer, wanted, ms }, idx) => ({
      id: randomUUID(),
      run_id,
      idx,
      input: { question },
      output: answer,
      expected: wanted,
      latency_ms: ms,
      tokens_in: 10,
      tokens_out: 2,
    }));
    const scores: ScoreData[] = cases.map(({ id, output, expected }) => ({
      id: randomUUID(),
      case_id: id,
      scorer_name: 'exact',
      score: output === expected ? 1 : 0,
      reason: 'compared',
    }));
    this.store.saveCases(cases);
    this.store.saveScores(scores);
    this.store.finishRun(run_id, 'completed', this.store.getRunSummary(run_id, 0.5));
    return run_id;
  }

  failing(run: string): string[] {
    const cases: CaseWithScores[] = this.store.getFailingCases(run, 0.5);
    const told = (scores: CaseWithScores['scores']) =>
      scores.map((one) => `${one.scorer_name} ${one.score} ${one.reason}`);
    return cases.map(({ idx, latency_ms, scores }) => `${idx} ${latency_ms.toFixed(1)} ${told(scores)}`);
  }

  runs(): RunRow[] {
    return this.store.listRuns(this.suite.id);
  }
}

const store = new RunStore(process.argv[2] ?? '.evals/store.db');
const recorder = new Recorder(store, 'capitals');
const run = recorder.record('gpt-x', [
  { question: 'Capital of France?', answer: 'Paris', wanted: 'Paris', ms: 10 },
  { question: 'Capital of Peru?', answer: 'Cusco', wanted: 'Lima', ms: 20.5 },
]);
for (const content of ['Is it right?', 'Is it right? Say why.']) store.createPrompt('judge', content);
const shown = {
  failing: recorder.failing(run),
  runs: recorder.runs().map(({ name, model, status, config }) => ({ name, model, status, config })),
  summary: store.getLatestCompletedRun(recorder.suite.id, 'gpt-x')?.summary,
  cases: store.getCases(run).map(({ idx, input, output, expected }) => ({ idx, input, output, expected })),
  prompts: store.listPrompts().map(({ name, version }) => `${name} ${version}`),
};
store.resetRun(run);
console.log(JSON.stringify({ ...shown, afterReset: store.getRunSummary(run), status: store.getRun(run)?.status }));
