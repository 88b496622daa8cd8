// runstore/tinker beside the real EvalStore of tinker-cookbook, which writes and reads the files.

import assert from 'node:assert/strict';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { RunStoreError } from 'runstore';
import { exportEvalStore, importEvalStore } from 'runstore/tinker';
import { onEveryConnection } from './support/conformance.mjs';
import { newPath, openStore, temporaryDirectory } from './support/connections.mjs';
import { newRun } from './support/data.mjs';
import { collect } from './support/either.mjs';
import { importPeer, projectDirectory } from './support/peers.mjs';
import { startTinker } from './support/tinker.mjs';

const { default: fc } = await importPeer('fast-check');

const fixture = join(projectDirectory, 'tests/fixtures/tinker');
const expected = JSON.parse(readFileSync(join(fixture, 'expected.json'), 'utf8'));
const none = { count: 0, first: [] };

let tinker;
before(() => {
  tinker = startTinker();
});
after(() => tinker.close());

const call = (path, method, args, options) => tinker.call(path, method, args, options);
const folders = (path) =>
  existsSync(path)
    ? readdirSync(path, { withFileTypes: true })
        .filter((one) => one.isDirectory())
        .map((one) => one.name)
    : [];
const byIdx = (rows) => rows.toSorted((a, b) => a.idx - b.idx);

/** Everything that the real EvalStore says of a folder. */
async function everything(path) {
  const runs = {};
  for (const { run_id } of await call(path, 'list_runs')) {
    const run = { run: await call(path, 'read_run', [run_id]), summary: await call(path, 'read_summary', [run_id]) };
    run.names = await call(path, 'list_benchmarks', [run_id]);
    run.benchmarks = {};
    for (const name of new Set([...run.run.benchmarks, ...folders(join(path, 'runs', run_id))])) {
      const read = (options) => call(path, 'read_trajectories', [run_id, name], options);
      run.benchmarks[name] = {
        result: await call(path, 'read_result', [run_id, name]),
        all: byIdx(await read()),
        correct: byIdx(await read({ correct_only: true })),
        incorrect: byIdx(await read({ incorrect_only: true })),
        errors: byIdx(await read({ errors_only: true })),
      };
    }
    runs[run_id] = run;
  }
  return runs;
}

/** Makes a run with one benchmark in an EvalStore; returns the path of the file of its trajectories. */
async function evalStore(path, lines, run_id = 'run') {
  await call(path, 'create_run', ['m', ['maze']], { run_id });
  mkdirSync(join(path, 'runs', run_id, 'maze'));
  const file = join(path, 'runs', run_id, 'maze', 'trajectories.jsonl');
  writeFileSync(file, lines);
  return file;
}

const line = (idx, data = {}) => JSON.stringify({ idx, benchmark: 'maze', ...data });
const refused = (code, message) => (error) => {
  assert.ok(error instanceof RunStoreError, String(error));
  assert.equal(error.code, `ERR_RUNSTORE_${code}`, error.message);
  assert.match(error.message, message);
  return true;
};

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
    await fc.assert(property, { numRuns: ROUNDS });
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
    await fc.assert(property, { numRuns: ROUNDS });
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

describe('lines', () => {
  const bad = [
    '{"idx": 1, "benchmark": "ma{"idx": 2, "benchmark": "maze"}',
    '[]',
    'null',
    line(3.5),
    line('4'),
    line(true),
    line(2 ** 53),
    '{"benchmark": "maze"}',
    '{"idx": 5}',
    line(6, { reward: 'much' }),
    line(7, { turns: [{ role: 'human', content: '' }] }),
    line(8, { turns: [{ role: 'user' }] }),
    line(9, { turns: {} }),
    line(10, { metrics: [] }),
    line(11, { logs: null }),
    line(12, { error: 3 }),
    line(13, { turns: [{ role: 'user', content: '', token_count: -1 }] }),
    `{"idx": 14, "benchmark": "maze", "logs": ${'['.repeat(501)}${']'.repeat(501)}}`,
    '\ufeff{"idx": 15, "benchmark": "maze"}',
    "{'idx': 16, 'benchmark': 'maze'}",
    '{"idx": 17, "benchmark": "ma',
  ];

  test('what cannot be read is left out and reported, and all else is there', async (t) => {
    const path = temporaryDirectory(t);
    const file = await evalStore(
      path,
      `${[line(0), '', ...bad.slice(0, -1), '\r', line(20)].join('\r\n')}\n${bad.at(-1)}`,
    );
    const store = openStore(t, newPath(t));
    const [told] = importEvalStore(store, path).runs;
    assert.deepEqual(
      [...store.iterateTrajectories('run')].map(({ idx }) => idx),
      [0, 20],
    );
    assert.equal(told.trajectories, 2);
    assert.equal(told.skipped.count, bad.length);
    const lines = readFileSync(file, 'utf8').split('\n');
    assert.deepEqual(
      told.skipped.first.map((one) => lines[one.line - 1].trimEnd()),
      bad,
    );
    const reasons = told.skipped.first.map(({ reason }) => reason);
    assert.deepEqual(reasons.slice(3, 7), [
      'idx is not a whole number',
      'idx is not a whole number',
      'idx is not a whole number',
      'idx is beyond 9007199254740991',
    ]);
    assert.equal(reasons[10], 'turns[0]: there is no role "human"');
    assert.equal(reasons.at(-1), 'it ends in the middle of a text');
  });

  test('with strict, each of them keeps the run out', async (t) => {
    const store = openStore(t, newPath(t));
    for (const [at, one] of bad.entries()) {
      const path = temporaryDirectory(t);
      await evalStore(path, `${line(0)}\n${one}\n`);
      assert.throws(
        () => importEvalStore(store, path, { strict: true }),
        refused('CORRUPT', /^importEvalStore: run "run", maze\/trajectories\.jsonl line 2: ./),
        `${at}`,
      );
      assert.deepEqual(store.listRuns(), []);
    }
    assert.deepEqual(store.listSuites(), []);
  });

  test('they end at a line feed, also where tinker would cut them', async (t) => {
    const path = temporaryDirectory(t);
    const content = 'a\u2028b\u0085c\u2029d';
    await evalStore(path, `${line(0, { turns: [{ role: 'user', content }] })}\n`);
    assert.deepEqual(await call(path, 'read_trajectories', ['run', 'maze']), []);
    const store = openStore(t, newPath(t));
    importEvalStore(store, path, { strict: true });
    assert.equal(store.getTrajectory('run', 'maze', 0).turns[0].content, content);
    exportEvalStore(store, ['run'], join(path, 'out'));
    const [back] = await call(join(path, 'out'), 'read_trajectories', ['run', 'maze']);
    assert.equal(back.turns[0].content, content);
  });

  test('of one idx the first counts, as when tinker looks for it', async (t) => {
    const path = temporaryDirectory(t);
    await evalStore(path, `${line(3, { reward: 1 })}\n${line(1)}\n${line(3, { reward: 2 })}\n`);
    const store = openStore(t, newPath(t));
    const [told] = importEvalStore(store, path).runs;
    assert.deepEqual(told.skipped.first, [
      { file: 'maze/trajectories.jsonl', line: 3, reason: 'it is the second one with idx 3' },
    ]);
    assert.equal(store.getTrajectory('run', 'maze', 3).reward, 1);
    assert.equal((await call(path, 'read_single_trajectory', ['run', 'maze', 3])).reward, 1);
    assert.equal(importEvalStore(store, path).runs[0].status, 'unchanged');
  });

  test('of one key in a line the last counts, and bytes that are no text become U+FFFD, as in Python', async (t) => {
    const path = temporaryDirectory(t);
    const file = await evalStore(path, '{"idx": 1, "benchmark": "maze", "idx": 2, "reward": 1}\n');
    appendFileSync(
      file,
      Buffer.concat([
        Buffer.from('{"idx": 3, "benchmark": "maze", "example_id": "'),
        Buffer.from([0xff, 0x22, 0x7d, 0x0a]),
      ]),
    );
    const store = openStore(t, newPath(t));
    importEvalStore(store, path, { strict: true });
    const ours = [...store.iterateTrajectories('run')].map(({ run_id, ...row }) => row);
    assert.deepEqual(ours, await call(path, 'read_trajectories', ['run', 'maze']));
    assert.equal(ours[1].example_id, '\ufffd');
  });
});

describe('runs', () => {
  test('that cannot be read are reported, and fail when they were asked for', async (t) => {
    const path = temporaryDirectory(t);
    await evalStore(path, '');
    const metadata = join(path, 'runs/run/metadata.json');
    const good = JSON.parse(readFileSync(metadata, 'utf8'));
    const put = (name, content) => {
      mkdirSync(join(path, 'runs', name));
      writeFileSync(join(path, 'runs', name, 'metadata.json'), content);
    };
    put('cut', '{"run_id": "cu');
    put('list', '[]');
    put('typed', JSON.stringify({ ...good, benchmarks: 'maze' }));
    put('empty', JSON.stringify({ ...good, model_name: undefined }));
    mkdirSync(join(path, 'runs/nothing'));
    writeFileSync(join(path, 'runs/file'), '');
    const store = openStore(t, newPath(t));
    const { runs, unread } = importEvalStore(store, path);
    assert.deepEqual(
      runs.map(({ runId }) => runId),
      ['run'],
    );
    assert.deepEqual(unread.first, [
      { run: 'cut', reason: 'metadata.json: it ends in the middle of a text' },
      { run: 'empty', reason: 'metadata.json: model_name is missing' },
      { run: 'list', reason: 'metadata.json: it is not a JSON object' },
      { run: 'typed', reason: 'metadata.json: benchmarks is not a list of texts' },
    ]);
    assert.throws(
      () => importEvalStore(store, path, { runs: ['cut'] }),
      refused('CORRUPT', /run "cut": metadata\.json/),
    );
    assert.throws(
      () => importEvalStore(store, path, { strict: true }),
      refused('CORRUPT', /run "cut": metadata\.json/),
    );
    for (const missing of ['nothing', 'file', 'gone']) {
      assert.throws(
        () => importEvalStore(store, path, { runs: [missing] }),
        refused('NOT_FOUND', new RegExp(`there is no run "${missing}"`)),
      );
    }
  });

  test('results and summaries that cannot be read are left out', async (t) => {
    const path = temporaryDirectory(t);
    await evalStore(path, '');
    const put = (name, content) => {
      mkdirSync(join(path, 'runs/run', name));
      writeFileSync(join(path, 'runs/run', name, 'result.json'), content);
    };
    put('nan', '{"name": "nan", "score": NaN, "num_examples": 1, "num_correct": 1}');
    put('short', '{"name": "short", "score": 1, "num_examples": 1}');
    put('good', '{"name": "other", "score": 1, "num_examples": 1, "num_correct": 1, "metrics": {"a": NaN}, "more": 1}');
    writeFileSync(join(path, 'runs/run/summary.json'), '[1]');
    const store = openStore(t, newPath(t));
    const [told] = importEvalStore(store, path).runs;
    assert.deepEqual(told.skipped.first, [
      { file: 'summary.json', line: null, reason: 'it is not an object' },
      { file: 'nan/result.json', line: null, reason: 'score is NaN, which a result cannot have' },
      { file: 'short/result.json', line: null, reason: 'num_correct is missing' },
    ]);
    assert.equal(told.changed.count, 1);
    assert.deepEqual(store.listBenchmarks('run'), ['good']);
    assert.throws(
      () => importEvalStore(openStore(t, newPath(t)), path, { strict: true }),
      refused('CORRUPT', /summary\.json/),
    );
  });

  test('only those that are asked for are imported, into the suite that is asked for', (t) => {
    const store = openStore(t, newPath(t));
    const suite = store.createSuite('mine');
    const path = join(fixture, 'store');
    importEvalStore(store, path, { runs: new Set(['step9']), suite: 'mine', utcOffset: 120 });
    assert.deepEqual(
      store.listRuns().map(({ id }) => id),
      ['step9'],
    );
    const row = store.getRun('step9');
    assert.equal(row.suite_id, suite.id);
    assert.equal(row.started_at, Date.parse('2026-03-01T10:28:00.004+02:00'));
  });

  test('that are there with the same content are left, and with another content nothing is written', async (t) => {
    const path = temporaryDirectory(t);
    cpSync(join(fixture, 'store'), path, { recursive: true });
    const store = openStore(t, newPath(t));
    importEvalStore(store, path, { runs: ['step9', 'step10_20260301_100700_4462eb'] });
    const again = importEvalStore(store, path).runs.map(({ status }) => status);
    assert.deepEqual(again, ['imported', 'unchanged', 'unchanged']);
    const id = 'step10_20260301_100700_4462eb';
    const differences = {
      'metadata.json': () => call(path, 'create_run', ['another', ['math']], { run_id: id }),
      'summary.json': () => call(path, 'write_summary', [id, {}]),
      'math/result.json': () =>
        call(path, 'write_result', [id, { name: 'math', score: 0.75, num_examples: 4, num_correct: 3 }]),
      'code/result.json': () =>
        call(path, 'write_result', [id, { name: 'code', score: 1, num_examples: 1, num_correct: 1 }]),
      'math/trajectories.jsonl': () => call(path, 'write_trajectory', [id, 'math', { idx: 9, benchmark: 'math' }]),
      'code/trajectories.jsonl': () => call(path, 'write_trajectory', [id, 'code', { idx: 0, benchmark: 'code' }]),
    };
    for (const [file, change] of Object.entries(differences)) {
      await change();
      await call(path, 'create_run', ['m', []], { run_id: 'a new one' });
      const message = new RegExp(`^importEvalStore: there is a run "${id}" in the store already, and ${file} does not`);
      assert.throws(() => importEvalStore(store, path), refused('CONSTRAINT', message));
      assert.equal(store.listRuns().length, 3);
      for (const each of ['runs', 'runs.jsonl'])
        cpSync(join(fixture, 'store', each), join(path, each), { recursive: true });
      await call(path, 'delete_run', ['a new one']);
      for (const leftover of ['code']) {
        const { rmSync } = await import('node:fs');
        rmSync(join(path, 'runs', id, leftover), { recursive: true, force: true });
      }
    }
    store.appendTurns(id, 'math', 0, [{ role: 'user', content: 'more' }]);
    assert.throws(() => importEvalStore(store, path), refused('CONSTRAINT', /math\/trajectories\.jsonl does not/));
  });

  test('a run that fails half-way leaves nothing, and those before it stay', async (t) => {
    const path = temporaryDirectory(t);
    await evalStore(path, `${line(0)}\n`, 'a');
    await evalStore(path, `${Array.from({ length: 600 }, (_, idx) => line(idx)).join('\n')}\n{"torn`, 'b');
    const store = openStore(t, newPath(t));
    assert.throws(() => importEvalStore(store, path, { strict: true }), refused('CORRUPT', /line 601/));
    assert.deepEqual(
      store.listRuns().map(({ id }) => id),
      ['a'],
    );
    const [, told] = importEvalStore(store, path).runs;
    assert.deepEqual([told.trajectories, told.skipped.count], [600, 1]);
  });
});

describe('an export', () => {
  const make = (t, data = {}) => {
    const store = openStore(t, newPath(t));
    const run = newRun(store, { id: 'run', benchmarks: ['maze'], ...data });
    store.saveTrajectories(run, [{ benchmark: 'maze', idx: 0, reward: 1, logs: { a: 1 } }]);
    store.finalizeRun(run);
    return store;
  };

  test('is refused where a run has another content, unless it is to be overwritten', async (t) => {
    const store = make(t);
    const path = join(temporaryDirectory(t), 'out');
    assert.equal(exportEvalStore(store, ['run'], path).runs[0].status, 'exported');
    assert.equal(exportEvalStore(store, ['run'], path).runs[0].status, 'unchanged');
    const before = await everything(path);
    store.saveTrajectories('run', [{ benchmark: 'maze', idx: 1 }]);
    const other = newRun(store, { id: 'other' });
    assert.throws(
      () => exportEvalStore(store, [other, 'run'], path),
      refused('EXISTS', /run "run" is there already with another content, see .*maze\/result\.json/),
    );
    assert.deepEqual(await everything(path), before);
    assert.equal(exportEvalStore(store, ['run'], path, { overwrite: true }).runs[0].status, 'overwritten');
    assert.equal((await call(path, 'read_trajectories', ['run', 'maze'])).length, 2);
    assert.deepEqual(readdirSync(path).sort(), ['runs', 'runs.jsonl']);
    const index = readFileSync(join(path, 'runs.jsonl'), 'utf8').split('\n');
    assert.deepEqual(index.slice(1), ['']);
    const { run_id, timestamp, model, checkpoint } = JSON.parse(index[0]);
    assert.deepEqual([run_id, model, checkpoint], ['run', 'model', null]);
    assert.equal(timestamp, (await call(path, 'read_run', ['run'])).timestamp);
  });

  test('does not take away files that are no part of a run', (t) => {
    const store = make(t);
    const path = temporaryDirectory(t);
    for (const [folder, file] of [
      ['runs/run', 'notes.txt'],
      ['runs/run/maze', 'metadata.json'],
    ]) {
      mkdirSync(join(path, folder), { recursive: true });
      writeFileSync(join(path, folder, file), 'mine');
      assert.throws(
        () => exportEvalStore(store, ['run'], path, { overwrite: true }),
        refused('EXISTS', /no part of a run/),
      );
      assert.equal(readFileSync(join(path, folder, file), 'utf8'), 'mine');
    }
    assert.deepEqual(readdirSync(path), ['runs']);
  });

  test('adds to the index of others, on a line of its own', async (t) => {
    const store = make(t);
    const path = temporaryDirectory(t);
    await call(path, 'create_run', ['m', []], { run_id: 'theirs' });
    appendFileSync(join(path, 'runs.jsonl'), '{"run_id": "torn');
    exportEvalStore(store, ['run'], path);
    const lines = readFileSync(join(path, 'runs.jsonl'), 'utf8').split('\n');
    assert.equal(lines.length, 4);
    assert.equal(JSON.parse(lines[2]).run_id, 'run');
    assert.deepEqual(
      (await call(path, 'list_runs')).map(({ run_id }) => run_id),
      ['theirs', 'run'],
    );
  });

  test('names what an EvalStore has no place for', async (t) => {
    const store = make(t, { tags: ['a', 'b'], metadata: { mine: 1 }, git: { commit: 'c' } });
    store.saveResults('run', [{ idx: 0, input: 'x', output: 'y', scores: [{ scorer_name: 's', score: 1 }] }]);
    store.finalizeRun('run');
    const content = [{ type: 'text', text: 'look' }, 'here', { type: 'image', url: 'a.png' }];
    store.appendTurns('run', 'maze', 7, [{ role: 'tool', content }]);
    const path = temporaryDirectory(t);
    assert.deepEqual(exportEvalStore(store, ['run'], path).runs[0].losses, [
      { what: 'cases', count: 1 },
      { what: 'parts', count: 1 },
      { what: 'tags', count: 2 },
      { what: 'metadata', count: 1 },
      { what: 'git', count: 1 },
      { what: 'summary', count: 1 },
    ]);
    const { turns } = await call(path, 'read_single_trajectory', ['run', 'maze', 7]);
    assert.deepEqual(turns, [
      { role: 'tool', content: 'look\nhere\n{"type":"image","url":"a.png"}', token_count: 0, metadata: {} },
    ]);
  });

  test('of what Python cannot read leaves nothing', (t) => {
    const store = make(t);
    let deep = 1;
    for (let level = 0; level < 600; level++) deep = [deep];
    store.appendTurns('run', 'maze', 1, [{ role: 'user', content: '', metadata: { deep } }]);
    const path = temporaryDirectory(t);
    assert.throws(() => exportEvalStore(store, ['run'], path), refused('TOO_LARGE', /nested deeper than 500/));
    assert.deepEqual([readdirSync(path), readdirSync(join(path, 'runs'))], [['runs'], []]);
  });

  test('a run that was deleted and made again is another', async (t) => {
    const path = temporaryDirectory(t);
    exportEvalStore(make(t), ['run'], path);
    await call(path, 'delete_run', ['run']);
    assert.equal(exportEvalStore(make(t), ['run'], path).runs[0].status, 'exported');
    assert.equal((await call(path, 'list_runs')).length, 1);
  });

  test('of a run that does not exist writes nothing', (t) => {
    const path = join(temporaryDirectory(t), 'out');
    assert.throws(
      () => exportEvalStore(make(t), ['run', 'gone'], path),
      refused('NOT_FOUND', /there is no run with id "gone"/),
    );
    assert.equal(existsSync(path), false);
  });
});

describe('nothing outside of the folder is touched', () => {
  const names = [
    '../evil',
    '..',
    '.',
    '',
    'a/b',
    '/tmp/x',
    'a\\b',
    'a\nb',
    'x'.repeat(256),
    'é'.repeat(128),
    'metadata.json',
  ];

  test('ids and names of benchmarks that lead elsewhere are refused', (t) => {
    const store = openStore(t, newPath(t));
    const folder = temporaryDirectory(t);
    const path = join(folder, 'out');
    for (const id of [...names, 'a\0b']) {
      const run = newRun(store, { id });
      assert.throws(
        () => exportEvalStore(store, [run], path),
        refused('INVALID_ARGUMENT', /^exportEvalStore: the id of run "/),
        id,
      );
      const other = newRun(store);
      store.saveTrajectories(other, [{ benchmark: id, idx: 0 }]);
      assert.throws(
        () => exportEvalStore(store, [other], path),
        refused('INVALID_ARGUMENT', new RegExp(`of run "${other}", benchmark "`)),
        id,
      );
      assert.throws(
        () => importEvalStore(store, join(fixture, 'store'), { runs: [id] }),
        refused('INVALID_ARGUMENT', /^importEvalStore: run "/),
        id,
      );
    }
    assert.deepEqual(readdirSync(folder), []);
  });

  test('links that lead out of it are not followed', async (t) => {
    const outside = temporaryDirectory(t);
    const path = temporaryDirectory(t);
    await evalStore(outside, `${line(0)}\n`, 'secret');
    const file = await evalStore(path, '');
    symlinkSync(join(outside, 'runs/secret'), join(path, 'runs/link'));
    mkdirSync(join(path, 'runs/run/linked'));
    symlinkSync(join(outside, 'runs/secret/maze/trajectories.jsonl'), join(path, 'runs/run/linked/trajectories.jsonl'));
    mkdirSync(join(path, 'runs/run/inner'));
    symlinkSync(file, join(path, 'runs/run/inner/trajectories.jsonl'));
    const store = openStore(t, newPath(t));
    const { runs, unread } = importEvalStore(store, path);
    assert.deepEqual(
      unread.first.map(({ run }) => run),
      ['link'],
    );
    assert.match(unread.first[0].reason, /leads out of/);
    assert.deepEqual(
      runs.map(({ runId, trajectories }) => [runId, trajectories]),
      [['run', 0]],
    );
    assert.deepEqual(
      runs[0].skipped.first.map((one) => one.file),
      ['linked/trajectories.jsonl'],
    );
    // Nor written to.
    newRun(store, { id: 'link' });
    assert.throws(
      () => exportEvalStore(store, ['link'], path, { overwrite: true }),
      refused('EXISTS', /no part of a run/),
    );
    assert.deepEqual(readdirSync(join(outside, 'runs/secret')), ['maze', 'metadata.json']);
  });

  if (process.platform !== 'win32') {
    test('a pipe in the place of a file does not block', async (t) => {
      const { execFileSync } = await import('node:child_process');
      const path = temporaryDirectory(t);
      await evalStore(path, '');
      mkdirSync(join(path, 'runs/pipe'));
      execFileSync('mkfifo', [join(path, 'runs/pipe/metadata.json')]);
      execFileSync('mkfifo', [join(path, 'runs/run/summary.json')]);
      const { runs, unread } = importEvalStore(openStore(t, newPath(t)), path);
      assert.match(unread.first[0].reason, /no ordinary file/);
      assert.match(runs[0].skipped.first[0].reason, /no ordinary file/);
    });
  }
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
    [{ stric: true }, 'importEvalStore: options.stric is not an option; there are suite, runs, strict, utcOffset'],
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
    invalid(TypeError, 'exportEvalStore: options.force is not an option; there are overwrite'),
  );
  const gone = join(temporaryDirectory(t), 'gone');
  assert.throws(() => importEvalStore(store, gone), refused('NOT_FOUND', /^importEvalStore: .*gone does not exist/));
  assert.throws(() => importEvalStore(store, temporaryDirectory(t)), refused('NOT_FOUND', /is no EvalStore/));
});
