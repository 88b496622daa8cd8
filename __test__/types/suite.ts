// An evaluation in strict TypeScript, by a reader of the README who has read nothing else.

import { type CaseResult, type CaseRow, RunStore, type RunSummary } from 'runstore';
import { type GateReport, gate } from 'runstore/comparison';
import { RunStore as PromisedStore } from 'runstore/promises';

interface Question {
  country: string;
  hints?: string[];
}

interface Config {
  temperature: number;
  prompt: { version: number };
}

interface Origin {
  source: 'atlas' | 'quiz';
}

interface Answer {
  text: string;
  latency?: number;
  error?: Error;
}

declare function ask(question: Question, config: Config): Promise<Answer>;

const dataset: ReadonlyArray<{ id: string; question: Question; capital: string; origin: Origin }> = [
  { id: 'fr', question: { country: 'France' }, capital: 'Paris', origin: { source: 'atlas' } },
  { id: 'pe', question: { country: 'Peru', hints: ['coast'] }, capital: 'Lima', origin: { source: 'quiz' } },
];
const config: Config = { temperature: 0, prompt: { version: 3 } };
const tags = ['nightly', 'geography'] as const;

export async function evaluate(): Promise<RunSummary> {
  using store = new RunStore<Question, string, Origin>('.evals/store.db', { busyTimeoutMs: 10_000 });
  const { id: run } = store.openRun({ suite: 'capitals', name: 'nightly', model: 'gpt-x', config, tags, git: true });
  const keys = dataset.map(({ id }) => id);
  const missing: string[] = store.missingCases(run, keys);
  for (const [idx, { id, question, capital, origin }] of dataset.entries()) {
    if (!missing.includes(id)) continue;
    const { text, latency, error } = await ask(question, config);
    store.saveResults(run, [
      {
        idx,
        key: id,
        input: question,
        output: error ? null : text,
        expected: capital,
        latency_ms: latency,
        error: error?.message ?? null,
        metadata: origin,
        started_at: new Date(),
        scores: error ? undefined : { exact: text === capital ? 1 : 0, brief: { score: 0.7, reason: 'a word more' } },
      },
    ]);
  }
  const summary = store.getRunSummary(run);
  store.finishRun(run, summary.failCount > 0 ? 'failed' : 'completed', summary);
  report(store.getFailingCases(run));
  return summary;
}

function report(
  cases: Array<CaseRow<Question, string, Origin> & { scores: Array<{ scorer_name: string; score: number }> }>,
) {
  for (const { input, expected, latency_ms, metadata, scores } of cases) {
    const means: number[] = scores.map(({ score }) => score);
    console.log(input.country, expected?.length, (latency_ms ?? 0).toFixed(), metadata?.source, means);
  }
}

/** The rows of a file whose store was opened without types. */
export function questionsOf(store: RunStore, run: string): string[] {
  return store.getCases<Question, string>(run).map((row) => `${row.input.country}: ${row.expected ?? 'unknown'}`);
}

/** What is read may be saved again. */
export function copy(store: RunStore<Question, string, Origin>, from: string, to: string): void {
  const results = store.getCases(from).map(({ id: _, run_id: __, ...row }) => ({ ...row, scores: [] }));
  store.saveResults(to, results);
  store.saveCases(store.getCases(from).map(({ id: _, ...row }) => ({ ...row, run_id: to })));
}

export function* lines(): Iterable<CaseResult<Question>> {
  yield { idx: 0, input: { country: 'Chile' } };
}

export async function judge(baseline: string, candidate: string): Promise<GateReport['decision']> {
  await using store = new PromisedStore<Question>();
  await store.saveResults(candidate, lines(), { signal: undefined });
  const [first] = await store.getCases(candidate);
  console.log(first?.input.country);
  const { decision } = await gate(store, baseline, candidate, { margin: 0.05 });
  return decision;
}

declare const typed: RunStore<Question, string, Origin>;
const plain: RunStore = typed;
// @ts-expect-error the input is a question
typed.saveResults('r', [{ idx: 0, input: { city: 'Paris' } }]);
// @ts-expect-error no such source
typed.saveResults('r', [{ idx: 0, input: { country: 'France' }, metadata: { source: 'web' } }]);
// @ts-expect-error a score is a number
typed.saveResults('r', [{ idx: 0, input: { country: 'France' }, scores: { exact: '1' } }]);
// @ts-expect-error what was not measured is null
typed.getCases('r').map((row) => row.latency_ms.toFixed());

export { plain };

declare const console: { log(...values: unknown[]): void };
