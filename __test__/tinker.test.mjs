// runstore/tinker beside the real EvalStore of tinker-cookbook, which writes and reads the files.

import assert from 'node:assert/strict';
import { appendFileSync, cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { exportEvalStore, importEvalStore } from 'runstore/tinker';
import { onEveryConnection } from './support/conformance.mjs';
import { newPath, openStore, temporaryDirectory } from './support/connections.mjs';
import { newRun } from './support/data.mjs';
import { collect } from './support/either.mjs';
import { call, evalStore, everything, fixture, none, refused, useTinker } from './support/evals.mjs';
import { SEED } from './support/figures.mjs';
import { importPackage } from './support/reference-packages.mjs';

useTinker();

const { default: fc } = await importPackage('fast-check');
const expected = JSON.parse(readFileSync(join(fixture, 'expected.json'), 'utf8'));

onEveryConnection((open) => {
  test('the files that tinker wrote are read as tinker reads them', async (t) => {
    const store = open(t);
    const { path, runs, unread } = await importEvalStore(store, join(fixture, 'store'));
    assert.equal(path, join(fixture, 'store'));
    assert.deepEqual(unread, none);
    const told = { skipped: none, changed: none, status: 'imported' };
    assert.deepEqual(runs, [
      { ...told, runId: 'not finished é', results: 0, trajectories: 0 },
      { ...told, runId: 'step10_20260301_100700_4462eb', results: 1, trajectories: 4 },
      { ...told, runId: 'step9', results: 0, trajectories: 0 },
    ]);
    const [suite] = await store.listSuites();
    assert.equal(suite.name, 'tinker');
    for (const [id, { read_run: run, read_summary, list_benchmarks, benchmarks }] of Object.entries(expected.runs)) {
      const row = await store.getRun(id);
      const { checkpoint_name: name, checkpoint_path: at } = run;
      assert.deepEqual(row, {
        id,
        suite_id: suite.id,
        name: id,
        model: run.model_name,
        config: run.config,
        started_at: Math.floor(Date.parse(`${run.timestamp}Z`)),
        finished_at: null,
        status: id.startsWith('not') ? 'running' : 'completed',
        summary: null,
        metadata: { tinker: { timestamp: run.timestamp, started_at: row.started_at } },
        label: id,
        benchmarks: run.benchmarks,
        ...(name || at ? { checkpoint: { name, path: at } } : {}),
        ...(Object.keys(run.scores).length > 0 ? { scores: run.scores } : {}),
      });
      assert.deepEqual((await store.readSummary(id)) ?? null, read_summary);
      assert.deepEqual(await store.listBenchmarks(id), list_benchmarks);
      for (const [benchmark, given] of Object.entries(benchmarks)) {
        const result = (await store.getBenchmarkResult(id, benchmark)) ?? null;
        const { run_id, source, benchmark: named, num_completed, score_completed, ...counted } = result ?? {};
        assert.deepEqual(result && { name: named, ...counted }, given.read_result);
        if (result) assert.deepEqual([num_completed, score_completed], [given.num_completed, given.score_completed]);
        const read = (options) => collect(store.iterateTrajectories(id, { benchmark, ...options }));
        const without = (rows) => rows.map(({ run_id, ...row }) => row);
        assert.deepEqual(without(await read()), given.read_trajectories);
        for (const [outcome, filter] of [
          ['correct', 'correct_only'],
          ['incorrect', 'incorrect_only'],
          ['error', 'errors_only'],
        ]) {
          assert.deepEqual(
            (await read({ outcome })).map(({ idx, example_id }) => [idx, example_id]),
            given[filter],
          );
        }
      }
    }
  });

  test('what was imported is exported as it was', async (t) => {
    const store = open(t);
    const path = join(temporaryDirectory(t), 'out');
    const ids = (await importEvalStore(store, join(fixture, 'store'))).runs.map(({ runId }) => runId);
    const { runs } = await exportEvalStore(store, ids, path);
    assert.deepEqual(
      runs.map(({ runId, status, losses }) => [runId, status, losses]),
      ids.map((id) => [id, 'exported', []]),
    );
    // The EvalStore makes the folder that it is given, and reads only.
    const original = join(temporaryDirectory(t), 'original');
    cpSync(join(fixture, 'store'), original, { recursive: true });
    assert.deepEqual(await everything(path), await everything(original));
  });
});

/** Values as a model, a dataset or an attacker may come up with. */
const odd = [
  '\u2028',
  '\u2029',
  '\u0085',
  '\v',
  '\f',
  '\x1c',
  '\r\n',
  '\n',
  '\0',
  '"',
  '\\',
  '\ud83d\ude00',
  '\ufeff',
  'é',
  '\u007f',
];
const text = fc.string({ unit: fc.oneof(fc.constantFrom(...odd), fc.string({ unit: 'grapheme' })), maxLength: 20 });
const name = fc
  .string({
    unit: fc.constantFrom('a', 'b', 'é', '日', ' ', '%', ':', '=', "'", '.', '-', '😀'),
    minLength: 1,
    maxLength: 12,
  })
  .filter((one) => !['.', '..'].includes(one));
const number = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer()).map((one) => one + 0);
const json = fc.jsonValue({ stringUnit: 'grapheme' });
const object = fc.dictionary(text, json, { noNullPrototype: true, maxKeys: 4 });
const numbers = fc.dictionary(text, number, { noNullPrototype: true, maxKeys: 4 });
const count = fc.nat(1000);
const trajectory = fc.record({
  example_id: text,
  turns: fc.array(
    fc.record({
      role: fc.constantFrom('user', 'assistant', 'environment', 'grader'),
      // Long texts are kept in another way than short ones.
      content: fc.oneof(
        text,
        text.map((one) => one.repeat(200)),
      ),
      token_count: count,
      metadata: object,
    }),
    { maxLength: 4 },
  ),
  reward: number,
  metrics: numbers,
  logs: object,
  error: fc.option(text),
  time_seconds: number,
});
const run = fc.record({
  model: text,
  checkpoint_name: fc.option(text),
  checkpoint_path: fc.option(text),
  config: object,
  finalized: fc.boolean(),
  benchmarks: fc.uniqueArray(
    fc.record({
      name,
      trajectories: fc.array(trajectory, { maxLength: 4 }),
      result: fc.option(
        fc.record({
          score: number,
          num_examples: count,
          num_correct: count,
          num_errors: count,
          num_truncated: count,
          metrics: numbers,
          time_seconds: number,
          pass_at_k: fc.dictionary(fc.integer({ min: 1, max: 100 }).map(String), number, { noNullPrototype: true }),
        }),
      ),
    }),
    { selector: (one) => one.name.toLowerCase(), maxLength: 3 },
  ),
});
const ROUNDS = 30;

describe('of anything that may come', () => {
  test('what tinker wrote comes back to tinker through a store', async (t) => {
    const store = openStore(t, newPath(t));
    let round = 0;
    const property = fc.asyncProperty(name, run, async (id, given) => {
      const path = temporaryDirectory(t);
      const run_id = `${id} ${round++}`;
      await call(path, 'create_run', [given.model, given.benchmarks.map((one) => one.name)], {
        run_id,
        checkpoint_name: given.checkpoint_name,
        checkpoint_path: given.checkpoint_path,
        config: given.config,
      });
      for (const { name: benchmark, trajectories, result } of given.benchmarks) {
        for (const [at, one] of trajectories.entries()) {
          await call(path, 'write_trajectory', [run_id, benchmark, { idx: (at * 7) % 5, benchmark, ...one }]);
        }
        if (result) await call(path, 'write_result', [run_id, { name: benchmark, ...result }]);
      }
      if (given.finalized) {
        await call(path, 'finalize_run', [run_id]);
        await call(path, 'write_summary', [run_id, {}]);
      }
      const [told] = importEvalStore(store, path, { strict: true }).runs;
      assert.deepEqual([told.runId, told.status, told.changed], [run_id, 'imported', none]);
      const out = temporaryDirectory(t);
      exportEvalStore(store, [run_id], out);
      assert.deepEqual(await everything(out), await everything(path));
      // Neither finds anything new in what the other has.
      assert.equal(exportEvalStore(store, [run_id], path).runs[0].status, 'unchanged');
      assert.equal(importEvalStore(store, out, { strict: true }).runs[0].status, 'unchanged');
      store.deleteRun(run_id);
    });
    await fc.assert(property, { numRuns: ROUNDS, seed: SEED });
  });

  test('what is in a store is read by tinker with equal values', async (t) => {
    const store = openStore(t, newPath(t));
    let round = 0;
    const roles = ['user', 'assistant', 'environment', 'grader', 'system', 'tool'];
    const property = fc.asyncProperty(name, run, fc.constantFrom(...roles), async (id, given, role) => {
      const runId = newRun(store, {
        id: `${id} ${round++}`,
        model: given.model,
        benchmarks: given.benchmarks.map((one) => one.name),
        startedAt: 1_772_360_040_002 + round,
        config: given.config,
      });
      const rows = given.benchmarks.flatMap(({ name: benchmark, trajectories }) =>
        trajectories.map((one, idx) => ({
          idx,
          benchmark,
          ...one,
          turns: one.turns.map((turn) => ({ ...turn, role: turn.role === 'user' ? role : turn.role })),
        })),
      );
      store.saveTrajectories(runId, rows);
      for (const { name: benchmark, result } of given.benchmarks) {
        if (result) store.saveBenchmarkResult(runId, { benchmark, ...result });
      }
      if (given.finalized) store.finalizeRun(runId);
      const path = temporaryDirectory(t);
      exportEvalStore(store, [runId], path);
      const read = await call(path, 'read_run', [runId]);
      assert.deepEqual(read.scores, store.getRun(runId).scores ?? {});
      assert.deepEqual(read.config, JSON.parse(JSON.stringify(given.config)));
      assert.deepEqual([read.model_name, read.benchmarks], [given.model, given.benchmarks.map((one) => one.name)]);
      assert.equal(Date.parse(read.timestamp), 1_772_360_040_002 + round);
      assert.deepEqual(await call(path, 'read_summary', [runId]), store.readSummary(runId) ?? null);
      for (const { name: benchmark } of given.benchmarks) {
        const ours = [...store.iterateTrajectories(runId, { benchmark })].map(({ run_id, ...row }) => row);
        assert.deepEqual(await call(path, 'read_trajectories', [runId, benchmark]), ours);
        const result = store.getBenchmarkResult(runId, benchmark);
        if (result === undefined || (result.source !== 'saved' && !given.finalized)) {
          assert.equal(await call(path, 'read_result', [runId, benchmark]), null);
          continue;
        }
        const { run_id, source, benchmark: named, ...rest } = result;
        assert.deepEqual(await call(path, 'read_result', [runId, benchmark]), { name: named, ...rest });
      }
      store.deleteRun(runId);
    });
    await fc.assert(property, { numRuns: ROUNDS, seed: SEED });
  });

  test('lone surrogates, NaN and infinities are kept as far as they can be', async (t) => {
    const path = temporaryDirectory(t);
    const file = await evalStore(path, '');
    const turns = [{ role: 'user', content: 'a\ud800b' }];
    await call(path, 'write_trajectory', ['run', 'maze', { idx: 0, benchmark: 'maze', turns }]);
    appendFileSync(
      file,
      '{"idx": 1, "benchmark": "maze", "reward": Infinity, "metrics": {"a": NaN, "b": -Infinity}}\n',
    );
    appendFileSync(file, '{"idx": 2, "benchmark": "maze", "reward": NaN, "time_seconds": NaN}\n');
    const store = openStore(t, newPath(t));
    const [told] = importEvalStore(store, path).runs;
    assert.deepEqual(
      told.changed.first.map((one) => [one.file, one.line, one.reason]),
      [
        ['maze/trajectories.jsonl', 1, 'a lone surrogate became U+FFFD (1)'],
        ['maze/trajectories.jsonl', 2, 'NaN became null (1)'],
        ['maze/trajectories.jsonl', 3, 'NaN became null (2)'],
        ['maze/trajectories.jsonl', 3, 'reward is NaN and became 0'],
        ['maze/trajectories.jsonl', 3, 'time_seconds is NaN and became 0'],
      ],
    );
    const [first, second, third] = store.iterateTrajectories('run');
    assert.equal(first.turns[0].content, 'a\ufffdb');
    assert.deepEqual([second.reward, second.metrics], [Infinity, { a: null, b: -Infinity }]);
    assert.deepEqual([third.reward, third.time_seconds], [0, 0]);
    const out = temporaryDirectory(t);
    exportEvalStore(store, ['run'], out);
    const back = await call(out, 'read_trajectories', ['run', 'maze']);
    assert.deepEqual([back[1].reward, back[1].metrics], [{ $float: 'inf' }, { a: null, b: { $float: '-inf' } }]);
  });
});

test('arguments are checked, and named', (t) => {
  const store = openStore(t, ':memory:');
  const invalid = (type, message) => (error) => error instanceof type && error.message === message;
  assert.throws(
    () => importEvalStore({}, 'x'),
    invalid(TypeError, 'importEvalStore: store must be a RunStore of runstore, not an object (Object)'),
  );
  assert.throws(
    () => importEvalStore(store, 5),
    invalid(TypeError, 'importEvalStore: path must be a string, not the number 5'),
  );
  const refusals = [
    [{ suite: 5 }, 'importEvalStore: options.suite must be a string, not the number 5'],
    [{ runs: 'x' }, 'importEvalStore: options.runs must be an array of ids, not a string'],
    [{ runs: [5] }, 'importEvalStore: options.runs[0] must be a string, not the number 5'],
    [{ strict: 1 }, 'importEvalStore: options.strict must be a boolean, not the number 1'],
    [{ stric: true }, 'importEvalStore: options.stric is not an option; did you mean strict?'],
  ];
  for (const [options, message] of refusals) {
    assert.throws(() => importEvalStore(store, 'x', options), invalid(TypeError, message));
  }
  assert.throws(
    () => importEvalStore(store, 'x', { utcOffset: 1440 }),
    invalid(RangeError, 'importEvalStore: options.utcOffset must be a whole number from -1439 to 1439, not 1440'),
  );
  assert.throws(
    () => exportEvalStore(store, 'run', 'x'),
    invalid(TypeError, 'exportEvalStore: runIds must be an array of ids, not a string'),
  );
  assert.throws(
    () => exportEvalStore(store, ['a', 'a'], 'x'),
    invalid(RangeError, 'exportEvalStore: runIds has "a" twice'),
  );
  assert.throws(
    () => exportEvalStore(store, ['a'], 'x', { force: true }),
    invalid(TypeError, 'exportEvalStore: options.force is not an option; there are overwrite, onProgress'),
  );
  const gone = join(temporaryDirectory(t), 'gone');
  assert.throws(() => importEvalStore(store, gone), refused('NOT_FOUND', /^importEvalStore: .*gone does not exist/));
  assert.throws(() => importEvalStore(store, temporaryDirectory(t)), refused('NOT_FOUND', /is not an EvalStore/));
});
