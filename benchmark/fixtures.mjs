/** Rows and filled files, made once and shared by the rows of the table that need them. */

import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { assignRun, makeRows } from './data.mjs';

/** Calls `make` only for the first of equal keys. */
function remembered(make) {
  const results = new Map();
  return (...key) => {
    const text = JSON.stringify(key);
    if (!results.has(text)) results.set(text, make(...key));
    return results.get(text);
  };
}

/** Makes a suite and a running run, as every measured write needs them. */
export function startRun(store) {
  const suite = store.createSuite('benchmark');
  const config = { temperature: 0.2, prompt: 'qa-v3', tools: ['search'] };
  return store.createRun({ suite_id: suite.id, name: 'bench', model: 'model-a', config });
}

async function writeLines(path, rows, toValues) {
  const file = createWriteStream(path);
  for (const row of rows) {
    if (!file.write(`${JSON.stringify(toValues(row))}\n`)) await once(file, 'drain');
  }
  file.end();
  await once(file, 'finish');
}

const caseValues = (c) => [
  c.id,
  c.idx,
  JSON.stringify(c.input),
  c.output,
  JSON.stringify(c.expected),
  c.latency_ms,
  c.tokens_in,
  c.tokens_out,
  c.error ?? null,
];
const scoreValues = (s) => [s.id, s.case_id, s.scorer_name, s.score, s.reason];

export class Fixtures {
  #scratch;
  #subjects;
  #rows = remembered(makeRows);

  constructor(scratch, subjects) {
    this.#scratch = scratch;
    this.#subjects = subjects;
  }

  /** Returns `{ cases, scores }`, the rows of a run of `size` cases. */
  rows(size, variant, seed = 0) {
    return this.#rows(size, variant, seed);
  }

  /** Lets go of all rows: 300,000 of them in memory would slow every collection, also those on the clock. */
  forgetRows() {
    this.#rows = remembered(makeRows);
  }

  /** Returns `{ path, runId }` of a file that holds one finished run, written by the named subject itself. */
  file = remembered((subjectName, size, variant) => {
    const path = this.#scratch.path(`${subjectName}-${size}.db`);
    const { store, close } = this.#subject(subjectName).open(path);
    const runId = this.fill(store, size, variant);
    close();
    return { path, runId };
  });

  /** Returns `{ path, baseline, candidate }` of a file that holds two runs of the same questions. */
  twoRuns = remembered((subjectName, size) => {
    const path = this.#scratch.path(`${subjectName}-two-${size}.db`);
    const { store, close } = this.#subject(subjectName).open(path);
    const baseline = this.fill(store, size, 'plain');
    const candidate = this.fill(store, size, 'plain', 1);
    close();
    return { path, baseline, candidate };
  });

  /** Returns `{ path, runId }` of a file that holds ten runs, and of one in their middle. */
  tenRuns = remembered((subjectName, size) => {
    const path = this.#scratch.path(`${subjectName}-ten-${size}.db`);
    const { store, close } = this.#subject(subjectName).open(path);
    const runIds = Array.from({ length: 10 }, (_, seed) => {
      this.forgetRows();
      return this.fill(store, size, 'plain', seed);
    });
    close();
    return { path, runId: runIds[5] };
  });

  #subject(wanted) {
    return this.#subjects.find(({ name }) => name === wanted);
  }

  /** Saves a run with its scores and finishes it; returns its id. */
  fill(store, size, variant, seed) {
    const { cases, scores } = this.rows(size, variant, seed);
    const runId = startRun(store);
    assignRun(cases, runId);
    store.saveCases(cases);
    store.saveScores(scores);
    store.finishRun(runId, 'completed', store.getRunSummary(runId));
    return runId;
  }

  /** Returns `{ cases, scores }`: files of the same rows for the Rust program, one JSON array a line. */
  lines = remembered(async (size) => {
    const { cases, scores } = this.rows(size, 'plain');
    const paths = { cases: this.#scratch.path('cases.jsonl'), scores: this.#scratch.path('scores.jsonl') };
    await writeLines(paths.cases, cases, caseValues);
    await writeLines(paths.scores, scores, scoreValues);
    return paths;
  });
}
