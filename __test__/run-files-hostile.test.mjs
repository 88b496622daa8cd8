// Malformed and hostile run files, and places where none can be written.

import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import {
  archiveRun,
  deleteRunFile,
  exportRun,
  importRunFile,
  listRunFiles,
  readRunFile,
  writeRunFile,
} from '../entries/report.js';
import { newPath, openStore } from './support/connections.mjs';
import { projectDirectory } from './support/reference-packages.mjs';

const isWindows = process.platform === 'win32';

const folderOf = (t) => {
  const folder = `${newPath(t)}-results`;
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(folder);
  return folder;
};

function withRun(store, id = 'run', cases = 2) {
  const suite_id = store.createSuite('capitals').id;
  store.createRun({ id, suite_id, name: 'nightly', model: 'm' });
  store.saveResults(
    id,
    Array.from({ length: cases }, (_, idx) => ({
      idx,
      key: `k${idx}`,
      input: { q: idx },
      output: 'x',
      scores: { exact: 1 },
    })),
  );
  store.setThresholds(suite_id, { exact: { passFloor: 0.8, warnFloor: 0.4 } });
  store.finishRun(id, 'completed');
  return suite_id;
}

test('a duplicate key, a value of the wrong type and another encoding are refused by their place', (t) => {
  const store = openStore(t, ':memory:');
  withRun(store);
  const folder = folderOf(t);
  const { path } = writeRunFile(store, 'run', { resultsDir: folder });
  const whole = readFileSync(path, 'utf8');
  const changed = (from, to) => {
    assert.ok(whole.includes(from), from);
    return whole.replace(from, to);
  };
  const broken = join(folder, 'broken.json');
  const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(whole, 'utf16le')]);
  const refused = [
    [
      changed('"exact":1', '"exact":1,"exact":0'),
      /rollup_scorecard: the key "exact" is there twice.*line \d+ column \d+/,
    ],
    [
      changed('"pass_floor":0.8', '"pass_floor":0.8,"pass_floor":0.1'),
      /rollup_scorecard: duplicate field `pass_floor`/,
    ],
    [
      changed('"thresholds": {"exact"', '"thresholds": {"exact":{"pass_floor":0},"exact"'),
      /runstore\.runs\[0\]\.thresholds: the key "exact" is there twice/,
    ],
    [changed('"id":"', '"id":"x","id":"'), /runstore\.runs\[0\]\.suite: duplicate field `id`/],
    [changed('"exact":1', '"exact":1e400'), /rollup_scorecard: number out of range/],
    [changed('"exact":1', '"exact":NaN'), /rollup_scorecard: expected value/],
    [changed('"exact":1', '"exact":"1"'), /rollup_scorecard: invalid type: string "1", expected a number/],
    [changed('"idx":0', '"idx":-1e999'), /runstore\.runs\[0\]\.cases\[0\]: number out of range/],
    [changed('"output":"x"', '"output":"\0"'), /runstore\.runs.*: control character/],
    [changed('"model":"m"', '"model":"\\ud800"'), /runstore\.runs\[0\]\.run: /],
    [changed('"input":{"q":0}', `"input":${'['.repeat(200_000)}`), /runstore\.runs.*: expected value|recursion/],
    [utf16, /it is encoded in UTF-16; save it as UTF-8/],
    [Buffer.from(utf16).swap16(), /it is encoded in UTF-16; save it as UTF-8/],
    [Buffer.from(changed('"output":"x"', '"output":"é"'), 'latin1'), /runstore\.runs.*: invalid unicode/],
    [`\0${whole}`, /line 1 column 1/],
    [`${whole}\0`, /trailing characters/],
  ];
  const other = openStore(t, ':memory:');
  for (const [content, message] of refused) {
    writeFileSync(broken, content);
    for (const open of [() => importRunFile(other, broken), () => readRunFile(broken)]) {
      const fails = (error) => {
        assert.equal(error.code, 'ERR_RUNSTORE_CORRUPT', String(message));
        assert.match(error.message, message);
        return error.message.includes(broken);
      };
      // What stands under our own key is looked at when it is imported.
      if (open.toString().includes('readRunFile') && String(message).includes('runstore')) continue;
      assert.throws(open, fails, String(message));
    }
    assert.ok(listRunFiles(folder).some(({ runId, error }) => runId === 'broken' && typeof error === 'string'));
  }
  assert.deepEqual([other.listRuns(), other.listSuites()], [[], []]);
});

if (!isWindows) {
  test('links in a folder are followed to files, and a link that is deleted leaves its file', (t) => {
    const store = openStore(t, ':memory:');
    withRun(store);
    const [folder, elsewhere] = [folderOf(t), folderOf(t)];
    const { path } = writeRunFile(store, 'run', { resultsDir: elsewhere });
    symlinkSync(path, join(folder, 'run.json'));
    symlinkSync('loop.json', join(folder, 'loop.json'));
    symlinkSync(elsewhere, join(folder, 'folder.json'));
    symlinkSync('/dev/zero', join(folder, 'zero.json'));
    symlinkSync('gone', join(folder, 'gone.json'));
    assert.deepEqual(
      listRunFiles(folder).map(({ runId, error }) => [runId, error]),
      [['run', null]],
    );
    for (const name of ['loop', 'folder', 'zero', 'gone']) {
      assert.throws(() => readRunFile(join(folder, `${name}.json`)), { name: 'RunStoreError' }, name);
    }
    assert.equal(deleteRunFile('run', folder), join(folder, 'run.json'));
    assert.ok(existsSync(path));
  });
}

const NO_NAMES = [
  '..',
  '.',
  '.x',
  'CON',
  'com1.log',
  'a/b',
  'a\\b',
  'a:b',
  'a\nb',
  'a\0b',
  'a.',
  'a ',
  '',
  'é'.repeat(101),
];

test('an id that is not a valid file name is refused, and the file can have another', async (t) => {
  for (const [at, id] of NO_NAMES.entries()) {
    const store = openStore(t, ':memory:');
    const folder = folderOf(t);
    if (id === '') continue;
    withRun(store, id);
    const refused = {
      code: 'ERR_RUNSTORE_INVALID_ARGUMENT',
      message: /cannot be the name of a file: it .*; options\.runId names the file/,
    };
    assert.throws(() => writeRunFile(store, id, { resultsDir: folder }), refused, id);
    assert.throws(() => archiveRun(store, id, join(folder, 'x.zip')), refused, id);
    assert.throws(() => writeRunFile(store, id, { resultsDir: folder, runId: NO_NAMES.at(at - 1) }), refused, id);
    assert.deepEqual(readdirSync(folder), []);
    const { path } = writeRunFile(store, id, { resultsDir: folder, runId: 'named' });
    archiveRun(store, id, join(folder, 'x.zip'), { runId: 'named' });
    const other = openStore(t, ':memory:');
    assert.equal(importRunFile(other, path)[0].runId, id);
    // Where the path is given, no id has to be a name.
    exportRun(store, id, { format: 'json', path: join(folder, 'exported.json') });
    assert.equal(readRunFile(join(folder, 'exported.json')).file.run_id, id);
  }
});

test('where nothing can be written, the error names the path, and nothing is left', (t) => {
  const store = openStore(t, ':memory:');
  withRun(store);
  const folder = folderOf(t);
  const file = join(folder, 'file');
  writeFileSync(file, 'x');
  const taken = join(folder, 'run.json');
  mkdirSync(taken);
  const attempts = [
    ['run.json', () => writeRunFile(store, 'run', { resultsDir: folder })],
    ['file', () => writeRunFile(store, 'run', { resultsDir: file })],
    ['file', () => writeRunFile(store, 'run', { resultsDir: join(file, 'below') })],
    ['file', () => exportRun(store, 'run', { format: 'csv', path: join(file, 'x.csv') })],
    ['run.json', () => archiveRun(store, 'run', taken)],
  ];
  for (const [named, attempt] of attempts) {
    assert.throws(
      attempt,
      (error) => /^ERR_RUNSTORE_(IO|INVALID_ARGUMENT)$/.test(error.code) && error.message.includes(join(folder, named)),
      named,
    );
  }
  assert.deepEqual(readdirSync(folder).sort(), ['file', 'run.json']);
  assert.deepEqual(readdirSync(taken), []);
});

if (process.platform === 'linux') {
  test('a full disk is an error of its own, and leaves the older file', (t) => {
    const store = openStore(t, ':memory:');
    withRun(store, 'run', 3000);
    for (const format of ['json', 'csv-cases', 'junit', 'jsonl']) {
      assert.throws(() => exportRun(store, 'run', { format, path: '/dev/full' }), {
        code: 'ERR_RUNSTORE_DISK_FULL',
        message: /\/dev\/full: No space left/,
      });
    }
    const disk = folderOf(t);
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', disk]).status !== 0) {
      return t.diagnostic('no file system can be mounted here');
    }
    try {
      writeFileSync(join(disk, 'run.json'), 'older');
      const full = { code: 'ERR_RUNSTORE_DISK_FULL' };
      assert.throws(() => writeRunFile(store, 'run', { resultsDir: disk }), full);
      assert.throws(() => exportRun(store, 'run', { format: 'csv-cases', path: join(disk, 'run.json') }), full);
      assert.deepEqual(readdirSync(disk), ['run.json']);
      assert.equal(readFileSync(join(disk, 'run.json'), 'utf8'), 'older');
      // What waits for its place waits on the disk of temporary files.
      const program = `
        const { RunStore } = require('./index.js');
        const { exportRun, archiveRun } = require('./entries/report.js');
        const store = new RunStore(':memory:');
        store.createRun({ id: 'r', suite_id: store.createSuite('s').id, name: 'n', model: 'm' });
        const output = 'x'.repeat(10_000);
        store.saveResults('r', Array.from({ length: 1000 }, (_, idx) => ({ idx, input: idx, output, scores: { exact: 1 } })));
        store.finishRun('r', 'completed');
        for (const write of [() => exportRun(store, 'r', { format: 'jsonl' }), () => archiveRun(store, 'r', 'never.zip')]) {
          try { write(); console.log('written'); } catch (error) { console.log(error.code); }
        }`;
      const { stdout } = spawnSync(process.execPath, ['-e', program], {
        cwd: projectDirectory,
        env: { ...process.env, TMPDIR: disk },
        encoding: 'utf8',
      });
      assert.deepEqual(stdout.trim().split('\n'), ['ERR_RUNSTORE_DISK_FULL', 'ERR_RUNSTORE_DISK_FULL']);
      assert.equal(existsSync(join(projectDirectory, 'never.zip')), false);
      assert.deepEqual(readdirSync(disk), ['run.json']);
    } finally {
      spawnSync('umount', [disk]);
    }
  });
}

test('processes that write one id at once leave one whole file', async (t) => {
  const folder = folderOf(t);
  const program = `
    const { RunStore } = require('./index.js');
    const { readRunFile, writeRunFile } = require('./entries/report.js');
    const store = new RunStore(':memory:');
    const [, resultsDir, model] = process.argv;
    store.createRun({ id: 'same', suite_id: store.createSuite('s').id, name: 'n', model });
    store.saveResults('same', Array.from({ length: 200 }, (_, idx) => ({ idx, input: idx, output: model, scores: { exact: 1 } })));
    store.finishRun('same', 'completed');
    for (let at = 0; at < 20; at++) {
      const { path } = writeRunFile(store, 'same', { resultsDir });
      const [[found, { per_sample_scorecards }]] = Object.entries(readRunFile(path).file.pipeline_results);
      if (!/^model-[123]$/.test(found) || per_sample_scorecards.length !== 200) throw new Error('torn: ' + found);
    }`;
  const write = (model) =>
    promisify(execFile)(process.execPath, ['-e', program, folder, model], { cwd: projectDirectory });
  await Promise.all(['model-1', 'model-2', 'model-3'].map(write));
  assert.deepEqual(readdirSync(folder), ['same.json']);
  const other = openStore(t, ':memory:');
  assert.equal(importRunFile(other, join(folder, 'same.json'))[0].counts.cases, 200);
  assert.equal(new Set(other.getCases('same').map(({ output }) => output)).size, 1);
});
