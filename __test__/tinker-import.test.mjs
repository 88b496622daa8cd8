// How importEvalStore treats files that are malformed, and runs that exist already.

import assert from 'node:assert/strict';
import { appendFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { exportEvalStore, importEvalStore } from 'runstore/tinker';
import { newPath, openStore, temporaryDirectory } from './support/connections.mjs';
import { call, evalStore, fixture, line, refused, useTinker } from './support/evals.mjs';

useTinker();

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

  test('that cannot be read are skipped and reported, and the others are imported', async (t) => {
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

  test('that cannot be read prevent the import of their run with strict', async (t) => {
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

  test('end at a line feed only, although tinker also ends them at other separators', async (t) => {
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

  test('with the idx of an earlier line are skipped, and tinker also finds the first', async (t) => {
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

  test('with a key twice have its last value, and invalid UTF-8 becomes U+FFFD, as in Python', async (t) => {
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
  test('that have not ended are imported as running, without an owner', (t) => {
    const store = openStore(t, newPath(t));
    importEvalStore(store, join(fixture, 'store'));
    const { runs } = store.queryRuns({ status: 'running' });
    assert.deepEqual(
      runs.map(({ id }) => [id, store.getRunOwner(id)]),
      [['not finished é', undefined]],
    );
    const { alive, unknown } = store.recoverRuns();
    assert.deepEqual({ alive, unknown }, { alive: 0, unknown: 1 });
  });

  test('that cannot be read are reported, and are an error when they were named', async (t) => {
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

  test('are imported without results and summaries that cannot be read', async (t) => {
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

  test('are imported by name into a named suite, and no others', (t) => {
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

  test('that exist with the same content are unchanged, and with different content nothing is imported', async (t) => {
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
        rmSync(join(path, 'runs', id, leftover), { recursive: true, force: true });
      }
    }
    store.appendTurns(id, 'math', 0, [{ role: 'user', content: 'more' }]);
    assert.throws(() => importEvalStore(store, path), refused('CONSTRAINT', /math\/trajectories\.jsonl does not/));
  });

  test('that fail during the import leave nothing, and earlier ones stay', async (t) => {
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
