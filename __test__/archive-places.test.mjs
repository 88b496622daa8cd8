// Where an archive lies: names of projects that other systems find odd, and folders that cannot be read or written.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { Archive } from '../entries/archive.js';
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
