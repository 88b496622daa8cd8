// Ids, links and files that lead importEvalStore and exportEvalStore elsewhere.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { exportEvalStore, importEvalStore } from 'runstore/tinker';
import { newPath, openStore, temporaryDirectory } from './support/connections.mjs';
import { newRun } from './support/data.mjs';
import { evalStore, fixture, line, refused, useTinker } from './support/evals.mjs';

useTinker();

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

  test('ids and names of benchmarks that lead out of the folder are refused', (t) => {
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
      refused('EXISTS', /does not belong to the run/),
    );
    assert.deepEqual(readdirSync(join(outside, 'runs/secret')), ['maze', 'metadata.json']);
  });

  if (process.platform !== 'win32') {
    test('a pipe in the place of a file does not block', async (t) => {
      const path = temporaryDirectory(t);
      await evalStore(path, '');
      mkdirSync(join(path, 'runs/pipe'));
      execFileSync('mkfifo', [join(path, 'runs/pipe/metadata.json')]);
      execFileSync('mkfifo', [join(path, 'runs/run/summary.json')]);
      const { runs, unread } = importEvalStore(openStore(t, newPath(t)), path);
      assert.match(unread.first[0].reason, /not an ordinary file/);
      assert.match(runs[0].skipped.first[0].reason, /not an ordinary file/);
    });
  }
});
