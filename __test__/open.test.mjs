import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { isAbsolute, join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { RunStore } from 'runstore';
import { newPath, openStore, temporaryDirectory } from './support/connections.mjs';
import { newCases, newRun } from './support/data.mjs';
import { openBetterSqlite3 } from './support/reference-packages.mjs';

/** Runs the test with another current directory. */
function changeDirectory(t, directory) {
  const before = process.cwd();
  process.chdir(directory);
  t.after(() => process.chdir(before));
}

for (const nothing of [[], [undefined], [null]]) {
  test(`without a path (${nothing.length ? nothing[0] : 'no argument'}) it opens .evals/store.db, and makes the folder`, (t) => {
    changeDirectory(t, temporaryDirectory(t));
    const store = openStore(t, ...nothing);
    assert.ok(existsSync('.evals/store.db'));
    assert.equal(store.path, join(process.cwd(), '.evals/store.db'));
  });
}

test('a store creates its file and the folders above it', (t) => {
  const path = join(temporaryDirectory(t), 'a/b c/ü/store.db');
  openStore(t, path).createSuite('kept');
  assert.ok(existsSync(path));
});

test('saved rows exist when the file is opened again', (t) => {
  const path = newPath(t);
  const store = openStore(t, path);
  const runId = newRun(store);
  store.saveCases(newCases(runId, 3));
  const rows = store.getCases(runId);
  store.close();
  assert.deepEqual(openStore(t, path).getCases(runId), rows);
});

test("several stores on one file see each other's rows", (t) => {
  const path = newPath(t);
  const [a, b] = [openStore(t, path), openStore(t, path)];
  const suite = a.createSuite('shared');
  assert.deepEqual(b.getSuite(suite.id), suite);
  b.renameSuite(suite.id, 'renamed');
  assert.equal(a.getSuite(suite.id).name, 'renamed');
});

test('path is absolute, and stays true when the current directory changes', (t) => {
  const directory = temporaryDirectory(t);
  changeDirectory(t, directory);
  const path = join(process.cwd(), 'store.db');
  const store = openStore(t, 'store.db');
  assert.ok(isAbsolute(store.path));
  assert.equal(store.path, path);
  process.chdir('/');
  assert.equal(store.path, path);
  store.createSuite('still there');
  assert.deepEqual(readdirSync(directory).includes('store.db'), true);
});

test('path cannot be set', (t) => {
  const store = openStore(t, ':memory:');
  assert.throws(() => {
    store.path = 'elsewhere';
  }, TypeError);
});

test('a store has no properties of its own, and JSON has nothing of it', (t) => {
  const store = openStore(t, ':memory:');
  assert.deepEqual(Reflect.ownKeys(store), []);
  assert.equal(JSON.stringify(store), '{}');
});

test(':memory: is a private store without a file', (t) => {
  changeDirectory(t, temporaryDirectory(t));
  const [a, b] = [openStore(t, ':memory:'), openStore(t, ':memory:')];
  a.createSuite('of a');
  assert.deepEqual(b.listSuites(), []);
  assert.equal(a.path, ':memory:');
  assert.deepEqual(readdirSync('.'), []);
});

test('the empty path, for which SQLite would keep nothing, is refused, and the error names the default', (t) => {
  changeDirectory(t, temporaryDirectory(t));
  assert.throws(() => openStore(t, ''), {
    code: 'ERR_RUNSTORE_INVALID_ARGUMENT',
    argument: 'pathOrDb',
    message: "pathOrDb must not be empty; leave it out for .evals/store.db, or give ':memory:'",
  });
  assert.deepEqual(readdirSync('.'), []);
});

test('a file: URI is read as a URI', (t) => {
  const path = newPath(t);
  openStore(t, pathToFileURL(path).href).createSuite('by URI');
  assert.equal(openStore(t, path).listSuites().length, 1);
  changeDirectory(t, temporaryDirectory(t));
  openStore(t, 'file:x?mode=memory').createSuite('in memory');
  assert.deepEqual(readdirSync('.'), []);
});

test('a path with NUL, and anything but a path or a handle, is refused', () => {
  for (const bad of [1, true, {}, [], new URL('file:///tmp/a.db'), Buffer.from('a'), Symbol('a'), () => 'a', 'a\0b']) {
    assert.throws(() => new RunStore(bad), {
      name: 'TypeError',
      code: 'ERR_RUNSTORE_INVALID_ARGUMENT',
      message: /pathOrDb must/,
    });
  }
});

test('options are checked, and the error names the option', (t) => {
  const path = newPath(t);
  for (const [options, name, message] of [
    [null, 'TypeError', /options must be an object, not null/],
    ['readOnly', 'TypeError', /options must be an object, not a string/],
    [{ readOnly: 1 }, 'TypeError', /options\.readOnly must be a boolean, not the number 1/],
    [{ busyTimeoutMs: '5' }, 'TypeError', /options\.busyTimeoutMs must be a number, not a string/],
    [{ busyTimeoutMs: -1 }, 'RangeError', /options\.busyTimeoutMs must be a whole number from 0 to 2147483647/],
    [{ busyTimeoutMs: 0.5 }, 'RangeError', /options\.busyTimeoutMs/],
    [{ busyTimeoutMs: Infinity }, 'RangeError', /options\.busyTimeoutMs/],
    [{ durability: 'none' }, 'RangeError', /options\.durability must be 'normal' or 'full', not "none"/],
    [{ durability: true }, 'TypeError', /options\.durability/],
  ]) {
    assert.throws(() => new RunStore(path, options), { name, message, code: 'ERR_RUNSTORE_INVALID_ARGUMENT' });
  }
  assert.ok(!existsSync(path));
});

test('readOnly reads, and refuses to write', (t) => {
  const path = newPath(t);
  const writer = openStore(t, path);
  const runId = newRun(writer);
  writer.saveCases(newCases(runId, 3));
  const reader = openStore(t, path, { readOnly: true });
  assert.equal(reader.countCases(runId), 3);
  assert.deepEqual(reader.getRun(runId), writer.getRun(runId));
  for (const write of [
    () => reader.createSuite('x'),
    () => reader.saveCases(newCases(runId, 2)),
    () => reader.resetRun(runId),
    () => reader.createPrompt('x', 'y'),
  ]) {
    assert.throws(write, { code: 'ERR_RUNSTORE_READONLY', message: new RegExp(`in ${path}`) });
  }
  writer.deleteRun(runId);
  assert.deepEqual(reader.getCases(runId), []);
});

test('readOnly of a file that does not exist is an error, and makes nothing', (t) => {
  const directory = temporaryDirectory(t);
  const path = join(directory, 'a/none.db');
  assert.throws(() => new RunStore(path, { readOnly: true }), {
    code: 'ERR_RUNSTORE_NOT_FOUND',
    message: /none\.db does not exist/,
  });
  assert.deepEqual(readdirSync(directory), []);
});

for (const durability of ['normal', 'full']) {
  test(`a store with durability '${durability}' keeps what it acknowledged`, (t) => {
    const path = newPath(t);
    const suite = openStore(t, path, { durability }).createSuite('kept');
    assert.deepEqual(openStore(t, path).getSuite(suite.id), suite);
  });
}

test('a file is in WAL mode, so that readers and a writer do not wait for each other', (t) => {
  const path = newPath(t);
  openStore(t, path);
  const db = openBetterSqlite3(path);
  t.after(() => db.close());
  assert.equal(db.pragma('journal_mode', { simple: true }), 'wal');
});

test('a directory, a folder that cannot be created, and a file that is not a database are refused with their path', (t) => {
  const directory = temporaryDirectory(t);
  const file = join(directory, 'file.txt');
  writeFileSync(file, 'This is no database, although it is long enough to be taken for one.\n'.repeat(100));
  const before = readFileSync(file);
  assert.throws(() => new RunStore(directory), { code: 'ERR_RUNSTORE_IO', message: new RegExp(directory) });
  assert.throws(() => new RunStore(join(file, 'store.db')), { code: 'ERR_RUNSTORE_IO', message: new RegExp(file) });
  assert.throws(() => new RunStore(file), { code: 'ERR_RUNSTORE_NOT_A_DATABASE', message: new RegExp(file) });
  assert.deepEqual(readFileSync(file), before);
});

test('a path that ends in a slash is a folder, not a file without a name', (t) => {
  const directory = join(temporaryDirectory(t), 'folder');
  mkdirSync(directory);
  assert.throws(() => new RunStore(`${directory}/`), { code: 'ERR_RUNSTORE_IO' });
});

test('the class cannot be called without new, and its methods not without a store', () => {
  assert.throws(() => RunStore(':memory:'), TypeError);
  const { listSuites, close } = RunStore.prototype;
  for (const self of [undefined, {}, Object.create(RunStore.prototype)]) {
    assert.throws(() => listSuites.call(self), TypeError);
    assert.throws(() => close.call(self), TypeError);
  }
});

test('a class may extend RunStore', (t) => {
  class Counting extends RunStore {
    made = 0;
    createSuite(name) {
      this.made++;
      return super.createSuite(name);
    }
  }
  const store = new Counting(':memory:');
  t.after(() => store.close());
  store.createSuite('a');
  assert.equal(store.made, 1);
  assert.ok(store instanceof RunStore);
});

test('import and require, and both entry points, give the same class', async () => {
  const require = createRequire(import.meta.url);
  assert.equal(require('runstore').RunStore, RunStore);
  assert.equal((await import('runstore/store')).RunStore, RunStore);
  assert.equal(require('runstore/store').RunStore, RunStore);
});
