// What exportEvalStore writes, and what it leaves unchanged.

import assert from 'node:assert/strict';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { exportEvalStore } from 'runstore/tinker';
import { newPath, openStore, temporaryDirectory } from './support/connections.mjs';
import { newRun } from './support/data.mjs';
import { call, everything, refused, useTinker } from './support/evals.mjs';

useTinker();

describe('an export', () => {
  const make = (t, data = {}) => {
    const store = openStore(t, newPath(t));
    const run = newRun(store, { id: 'run', benchmarks: ['maze'], ...data });
    store.saveTrajectories(run, [{ benchmark: 'maze', idx: 0, reward: 1, logs: { a: 1 } }]);
    store.finalizeRun(run);
    return store;
  };

  test('refuses to replace a run with different content unless overwrite is set', async (t) => {
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

  test('does not remove files that do not belong to a run', (t) => {
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
        refused('EXISTS', /does not belong to the run/),
      );
      assert.equal(readFileSync(join(path, folder, file), 'utf8'), 'mine');
    }
    assert.deepEqual(readdirSync(path), ['runs']);
  });

  test('adds a line to an index that another program wrote', async (t) => {
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

  test('lists what an EvalStore cannot hold', async (t) => {
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

  test('of values that Python cannot read fails and leaves no files', (t) => {
    const store = make(t);
    let deep = 1;
    for (let level = 0; level < 600; level++) deep = [deep];
    store.appendTurns('run', 'maze', 1, [{ role: 'user', content: '', metadata: { deep } }]);
    const path = temporaryDirectory(t);
    assert.throws(() => exportEvalStore(store, ['run'], path), refused('TOO_LARGE', /nested deeper than 500/));
    assert.deepEqual(readdirSync(path), []);
  });

  test('treats a run that was deleted and created again as a different run', async (t) => {
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
