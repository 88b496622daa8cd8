// A run that went through a file is the same run, whatever is in it: random runs through a file and through JSONL.

import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { test } from 'node:test';
import { gate } from 'runstore/comparison';
import { exportRun, importRunFile, readRunFile, saveAnnotations, writeRunFile } from '../entries/report.js';
import { newPath, openStore } from './support/connections.mjs';
import { everything } from './support/everything.mjs';
import { SEED, TIMES } from './support/figures.mjs';
import { importPackage } from './support/reference-packages.mjs';

const { default: fc } = await importPackage('fast-check');

/** Texts of every kind: of any code units, and with what some reader obeys. */
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom('', '\0', '\u202e', '</script>', ']]>', '=1', '|', '"', '\\', '{"$json":"1"}', '😀'.repeat(300)),
);
const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });
const json = fc.oneof(
  fc.jsonValue({ stringUnit: 'binary', maxDepth: 4 }),
  fc.constantFrom(
    2 ** 53 - 1,
    -(2 ** 53),
    1e300,
    5e-324,
    -0,
    '\ud83d',
    ['\udc00 alone'],
    { $json: '1' },
    { ['__proto__']: 1 },
  ),
  fc.integer({ min: 1, max: 300 }).map((depth) => JSON.parse('['.repeat(depth) + ']'.repeat(depth))),
);
const object = fc.dictionary(text, json, { maxKeys: 4 });
const number = fc.double({ noNaN: true, noDefaultInfinity: true });
const score = fc.double({ noNaN: true });
const set = (value) => fc.option(value, { nil: undefined });
const orNull = (value) => fc.option(value, { nil: null });

const oneScore = fc.record({
  scorer_name: name,
  score,
  reason: orNull(text),
  metadata: set(object),
  answer: set(text),
});
const oneCase = fc.record({
  idx: fc.oneof(fc.nat(9), fc.maxSafeInteger()),
  input: json,
  output: orNull(text),
  expected: orNull(json),
  error: orNull(text),
  latency_ms: orNull(number),
  tokens_in: orNull(fc.nat()),
  tokens_out: orNull(fc.nat()),
  key: set(text),
  trial: set(fc.nat(3)),
  benchmark: set(name),
  cluster: set(text),
  metadata: set(object),
  cost_usd: set(number),
  started_at: set(fc.nat()),
  scores: fc.array(oneScore, { maxLength: 3 }),
});
const turn = fc.record({
  role: fc.constantFrom('user', 'assistant', 'system', 'tool', 'environment'),
  content: fc.oneof(text, fc.array(fc.record({ type: fc.constant('text'), text }), { maxLength: 2 })),
  token_count: orNull(fc.nat()),
  metadata: set(object),
});
const trajectory = fc.record({
  benchmark: fc.constantFrom('maze', 'math'),
  reward: number,
  error: orNull(text),
  time_seconds: orNull(number),
  metrics: fc.dictionary(name, number, { maxKeys: 2 }),
  logs: object,
  turns: fc.array(turn, { maxLength: 3 }),
});
const threshold = fc
  .array(number, { minLength: 2, maxLength: 2 })
  .map((limits) => limits.sort((one, other) => one - other))
  .map(([warnFloor, passFloor]) => ({ passFloor, warnFloor }));
const oneRun = fc.record({
  suite: text,
  run: fc.record({
    name: text,
    model: text,
    config: orNull(object),
    tags: set(fc.uniqueArray(name, { maxLength: 3 })),
    metadata: set(object),
    label: set(text),
    checkpoint: set(fc.record({ name: text, path: text })),
    git: set(fc.record({ commit: text, branch: orNull(text), dirty: fc.boolean() })),
    startedAt: set(fc.nat()),
  }),
  cases: fc.array(oneCase, { maxLength: 6 }),
  trajectories: fc.array(trajectory, { maxLength: 3 }),
  results: fc.uniqueArray(fc.constantFrom('maze', 'math', 'é'), { maxLength: 2 }),
  thresholds: fc.dictionary(name, threshold, { maxKeys: 2 }),
  prompt: set(text),
  summary: set(object),
  status: fc.constantFrom('completed', 'failed', 'running', 'finalized'),
  note: orNull(text),
});

/** Fills a store with a run, and with what says something of it. */
function fill(store, given) {
  const suite_id = store.createSuite(given.suite).id;
  const prompt = given.prompt === undefined ? undefined : store.createPrompt('system', given.prompt).id;
  const config = prompt === undefined ? given.run.config : { ...given.run.config, prompt };
  const id = store.createRun({ ...given.run, config, suite_id, id: 'run' });
  store.saveResults(id, given.cases);
  const trajectories = given.trajectories.map((one, idx) => ({ ...one, idx }));
  store.saveTrajectories(id, trajectories);
  for (const benchmark of given.results) {
    store.saveBenchmarkResult(id, { benchmark, score: 0.5, num_examples: 4, num_correct: 2, metrics: { m: 0.25 } });
  }
  store.setThresholds(suite_id, given.thresholds);
  if (given.status === 'finalized') store.finalizeRun(id);
  else if (given.status !== 'running') store.finishRun(id, given.status, given.summary);
  store.setBaseline(suite_id, id, 'main');
  const [first] = store.getCases(id);
  if (first !== undefined) {
    saveAnnotations(store, [{ caseId: first.id, name: 'ada', pass: true, note: given.note }]);
    saveAnnotations(store, [{ caseId: first.id, name: 'ada', score: 0.25, note: given.note }]);
  }
  return { suite_id, id };
}

test('a random run comes back out of its file as it was, by both ways', (t) => {
  const folder = `${newPath(t)}-results`;
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const property = fc.property(oneRun, (given) => {
    const store = openStore(t, ':memory:');
    const ids = fill(store, given);
    const before = everything(store, ids);
    const { path, verdict } = writeRunFile(store, ids.id, { resultsDir: folder });
    const { file, lossless } = readRunFile(path);
    assert.ok(lossless);
    assert.equal(file.rollup_scorecard.verdict, verdict);
    assert.equal(verdict, before.scorecard.verdict);
    const other = openStore(t, ':memory:');
    importRunFile(other, path);
    assert.deepEqual(everything(other, ids), before);
    // What came back is written as it was.
    assert.equal(exportRun(other, ids.id, { format: 'jsonl' }), exportRun(store, ids.id, { format: 'jsonl' }));
    const again = writeRunFile(other, ids.id, { resultsDir: folder });
    assert.deepEqual(readRunFile(again.path).file, file);
    store.close();
    other.close();
  });
  fc.assert(property, { numRuns: 60 * TIMES, seed: SEED, includeErrorInReport: true, errorWithCause: true });
});

test('the verdict of a gate goes with the run that it is about', (t) => {
  const store = openStore(t, ':memory:');
  const given = { ...fc.sample(oneRun, { seed: 7, numRuns: 1 })[0], status: 'completed' };
  const ids = fill(store, given);
  const scores = { exact: 1 };
  const [before, after] = ['before', 'after'].map((id) => {
    store.createRun({ id, suite_id: ids.suite_id, name: id, model: 'm' });
    store.saveResults(
      id,
      Array.from({ length: 5 }, (_, idx) => ({ idx, input: idx, scores })),
    );
    store.finishRun(id, 'completed');
    return id;
  });
  store.recordVerdict(gate(store, before, after));
  const folder = `${newPath(t)}-results`;
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const other = openStore(t, ':memory:');
  importRunFile(other, writeRunFile(store, after, { resultsDir: folder }).path);
  assert.equal(other.listVerdicts({ runId: after }).length, 1);
  assert.deepEqual(other.listVerdicts({ runId: after }), store.listVerdicts({ runId: after }));
});
