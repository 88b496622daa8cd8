// Where an archive lies: names of projects that other systems find odd, and folders that cannot be read or written.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { after, describe, test } from 'node:test';
import { Archive } from '../entries/archive.js';
import { RunStore } from '../index.js';
import { temporaryDirectory } from './support/connections.mjs';
import { projectDirectory } from './support/reference-packages.mjs';

const frame = (run_id, items = [{ item_id: 'a', score: 0.5 }]) => ({
  ...{ run_id, model_id: 'm', task_id: 't', metric_name: 'x', items },
});

describe('a project is the name of a folder', () => {
  const root = join(temporaryDirectory({ after }), 'evals');
  const onWindows = ['CON', 'nul.txt', 'a/CON/b', 'trailing.', 'trailing ', 'a:b', 'a*b', 'a?b', 'a|b', '<a>', 'a"b'];
  const names = ['é東京🎉', 'v1.0', 'a%2Fb', '100%', 'a b', 'a/b/c', 'a#b', '-x', "a'b", '$(x)', 'é'.repeat(100)];
  for (const project of [...names, ...(process.platform === 'win32' ? [] : onWindows)]) {
    test(`${JSON.stringify(project)} is one`, async () => {
      const archive = await Archive.open(root, { project });
      await archive.writeRun({ frame: frame(project) });
      await archive.close();
      const other = await Archive.open(root, { project });
      assert.deepEqual(
        (await other.listRuns()).map(({ run_id }) => run_id),
        [project],
      );
      assert.equal((await other.loadRun(project)).items.length, 1);
      assert.deepEqual(await other.verify(), { runs: 1, rows: 1, problems: [], unlisted: [] });
    });
  }

  for (const [project, why] of [
    ['', /is empty/],
    ['x'.repeat(201), /has more than 200 bytes/],
    ['é'.repeat(101), /has more than 200 bytes/],
    ['a/../b', /begins with "\."/],
    ['_delta_log', /begins with "\." or "_"/],
    ['a\nb', /has a control character/],
    ...(process.platform === 'win32' ? onWindows : []).map((name) => [name, /on Windows/]),
  ]) {
    test(`${JSON.stringify(project).slice(0, 40)} is none`, async () => {
      const refused = { code: 'ERR_RUNSTORE_INVALID_ARGUMENT', message: project === '' ? /part that is empty/ : why };
      await assert.rejects(Archive.open(root, { project }), refused);
    });
  }
});

/** Everything that reads or writes. */
const OPERATIONS = {
  listRuns: (archive) => archive.listRuns(),
  loadRun: (archive) => archive.loadRun('r'),
  verify: (archive) => archive.verify(),
  vacuum: (archive) => archive.vacuum(),
  writeRun: (archive) => archive.writeRun({ frame: frame('r') }),
  deleteRun: (archive) => archive.deleteRun('r'),
  fold: (archive) => archive.fold(),
  rebuildManifest: (archive) => archive.rebuildManifest(),
};

describe('a file in the place of the folder is an error that names it', () => {
  const file = join(temporaryDirectory({ after }), 'file');
  writeFileSync(file, 'x');
  for (const [operation, call] of Object.entries(OPERATIONS)) {
    test(operation, async () => {
      for (const place of [file, join(file, 'below')]) {
        await assert.rejects(call(await Archive.open(place)), (error) => {
          assert.deepEqual(
            [error.code, error.operation],
            ['ERR_RUNSTORE_IO', operation === 'listRuns' ? 'queryRuns' : operation],
          );
          assert.ok(error.message.includes(place), error.message);
          return true;
        });
      }
    });
  }
});

if (process.platform === 'linux') {
  /** Runs the operations in a process of its own, as a user who is not root, and returns their errors. */
  function errorsBelow(root, uid = undefined) {
    const program = `
      const { Archive } = require('runstore/archive');
      const frame = ${frame};
      const operations = { ${Object.entries(OPERATIONS).map(([name, call]) => `${name}: ${call}`)} };
      (async () => {
        const errors = {};
        for (const [name, call] of Object.entries(operations)) {
          try { await call(await Archive.open(process.argv[1])); } catch (error) { errors[name] = [error.code, error.message]; }
        }
        console.log(JSON.stringify(errors));
      })();`;
    const child = spawnSync(process.execPath, ['-e', program, root], { cwd: projectDirectory, encoding: 'utf8', uid });
    assert.equal(child.status, 0, child.stderr);
    return JSON.parse(child.stdout);
  }

  const namesOf = (errors, code) => {
    for (const [name, [given, message]] of Object.entries(errors)) {
      assert.equal(given, code, `${name}: ${message}`);
      assert.match(message, /\/evals\//, name);
    }
    return Object.keys(errors);
  };
  const writing = ['writeRun', 'deleteRun', 'fold', 'rebuildManifest'];

  async function filled(root) {
    const archive = await Archive.open(root);
    await archive.writeRun({ frame: frame('r') });
    await archive.close();
  }

  test('a folder without permission is an error that names it', async () => {
    const root = join(temporaryDirectory({ after }), 'evals');
    await filled(root);
    const uid = process.getuid() === 0 ? 65_534 : undefined;
    chmodSync(join(root, '..'), 0o755);
    assert.deepEqual(namesOf(errorsBelow(root, uid), 'ERR_RUNSTORE_IO'), uid === undefined ? [] : writing);
    chmodSync(join(root, 'default'), 0o000);
    const errors = errorsBelow(root, uid);
    chmodSync(join(root, 'default'), 0o755);
    assert.deepEqual(namesOf(errors, 'ERR_RUNSTORE_IO'), Object.keys(OPERATIONS));
  });

  /** Does work as a user whom permissions bind, who owns the files below a folder. */
  async function asOwner(root, work) {
    if (process.getuid() !== 0) return work();
    const uid = 65_534;
    for (const name of ['.', ...readdirSync(root, { recursive: true })]) chownSync(join(root, name), uid, uid);
    process.seteuid(uid);
    try {
      return await work();
    } finally {
      process.seteuid(0);
    }
  }

  /** The files below a folder, and their contents. */
  const contents = (root) =>
    readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((path) => [path, readFileSync(path, 'base64')]);

  /** An archive with two runs, and what is done with it. */
  async function withRuns(t) {
    const root = join(temporaryDirectory({ after }), 'evals');
    chmodSync(join(root, '..'), 0o755);
    const store = new RunStore(':memory:');
    t.after(() => store.close());
    const { id } = store.openRun({ suite: 's', name: 'n', model: 'm' });
    store.saveResults(id, [{ idx: 0, input: 1, scores: { exact: 1 } }]);
    store.finishRun(id, 'completed');
    const archive = await Archive.open(root);
    const ts = new Date();
    const [{ path }] = await archive.writeRun({ frame: frame('r'), ts });
    await archive.archiveRuns(store);
    await archive.close();
    const operations = {
      ...OPERATIONS,
      writeRun: (one) => one.writeRun({ frame: frame('new'), ts }),
      'writeRun of a store': (one) => one.writeRun({ store, runId: id }),
      importRun: (one) => one.importRun(store, id, { keepExisting: true }),
    };
    return { root, project: join(root, 'default'), file: path, operations };
  }

  /** Does work while a file or folder has other permissions, and returns its error. */
  async function withMode(place, mode, work) {
    const kept = statSync(place).mode;
    chmodSync(place, mode);
    try {
      await work();
    } catch (error) {
      return error;
    } finally {
      chmodSync(place, kept);
    }
    return undefined;
  }

  const all = [...Object.keys(OPERATIONS), 'writeRun of a store', 'importRun'];
  const writingRuns = ['writeRun', 'writeRun of a store'];
  const listing = ['verify', 'vacuum', 'rebuildManifest'];
  for (const [what, find, mode, refused] of [
    ['the log cannot be read', () => '_delta_log', 0o000, all],
    ['an entry of the log cannot be read', () => '_delta_log/00000000000000000000.json', 0o000, all],
    ['the log cannot be written', () => '_delta_log', 0o555, [...writingRuns, 'deleteRun']],
    ['the folder of a month cannot be read', (file) => dirname(file), 0o000, ['loadRun', ...listing, ...writingRuns]],
    ['the folder of a month cannot be written', (file) => dirname(file), 0o555, writingRuns],
    ['the file of a run cannot be read', (file) => file, 0o000, ['loadRun']],
    ['the manifest cannot be read', () => 'manifest.json', 0o000, all],
    ['the manifest cannot be written to, but replaced', () => 'manifest.json', 0o444, []],
    ['the folder of the project cannot be written', () => '.', 0o555, ['fold', 'rebuildManifest']],
    ['the lock of the manifest cannot be opened', () => '_runstore/lock', 0o000, ['fold', 'rebuildManifest']],
    [
      'the rows of runs cannot be read',
      () => '_runstore/runs',
      0o000,
      [...listing, 'writeRun of a store', 'importRun'],
    ],
    ['the rows of runs cannot be written', () => '_runstore/runs', 0o555, ['writeRun of a store']],
  ]) {
    test(`when ${what}, an operation that needs it is an error that names it, and changes nothing`, async (t) => {
      const { root, project, file, operations } = await withRuns(t);
      const place = join(project, find(file));
      const failed = [];
      for (const [name, call] of Object.entries(operations)) {
        const before = contents(root);
        const error = await asOwner(root, () => withMode(place, mode, async () => call(await Archive.open(root))));
        if (error === undefined) continue;
        failed.push(name);
        assert.equal(error.code, 'ERR_RUNSTORE_IO', `${name}: ${error.message}`);
        assert.ok(error.message.includes(normalize(place)), `${name}: ${error.message}`);
        assert.deepEqual(contents(root), before, `${name}: ${error.message}`);
      }
      if (process.getuid() === 0) assert.deepEqual(failed.sort(), [...refused].sort());
      const { problems, unlisted } = await (await Archive.open(root)).verify();
      assert.deepEqual([problems, unlisted.filter((path) => path.includes('.runstore-'))], [[], []]);
    });
  }

  /** Calls `work` with the folder of a small file system. */
  async function onDisk(t, options, work) {
    const disk = temporaryDirectory({ after });
    const mount = (...args) => spawnSync('mount', [...args, disk]).status === 0;
    if (!mount('-t', 'tmpfs', '-o', options, 'tmpfs')) return t.diagnostic('no file system can be mounted here');
    const root = join(disk, 'evals');
    mkdirSync(root);
    try {
      await work(root, mount);
    } finally {
      spawnSync('umount', [disk]);
    }
  }

  test('a read-only folder is read, and an error that names it where it would be written', (t) =>
    onDisk(t, 'size=4m', async (root, mount) => {
      await filled(root);
      assert.ok(mount('-o', 'remount,ro'));
      assert.deepEqual(namesOf(errorsBelow(root), 'ERR_RUNSTORE_READONLY'), writing);
      const archive = await Archive.open(root);
      assert.deepEqual([(await archive.listRuns()).length, (await archive.verify()).problems], [1, []]);
    }));

  test('a full disk is an error that names the file, and the runs before it stay', (t) =>
    onDisk(t, 'size=1m', async (root) => {
      const noise = (at) => ({
        item_id: `${at} ${Math.random()}`,
        score: Math.random(),
        metadata: { is: `${Math.random()}` },
      });
      const items = Array.from({ length: 2_000 }, (_, at) => noise(at));
      const archive = await Archive.open(root);
      const full = { code: 'ERR_RUNSTORE_DISK_FULL', message: /\/evals\// };
      let written = 0;
      const fill = async () => {
        for (; written < 100; written += 1) await archive.writeRun({ frame: frame(`r${written}`, items) });
      };
      await assert.rejects(fill(), full);
      assert.ok(written > 0);
      const writer = archive.writer();
      const many = async () => {
        for (let at = 0; at < 100; at += 1) await writer.writeRun({ frame: frame(`w${at}`, items) });
        await writer.commit();
      };
      await assert.rejects(many(), full);
      await assert.rejects(writer.commit(), full);
      writer.abort();
      const other = await Archive.open(root);
      assert.equal((await other.listRuns()).length, written);
      assert.deepEqual((await other.verify()).problems, []);
    }));
}
