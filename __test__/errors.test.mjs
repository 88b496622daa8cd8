// Every code that can be provoked, and what an error says.

import assert from 'node:assert/strict';
import { closeSync, openSync, readFileSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { RunStore, RunStoreError } from 'runstore';
import { handles, newPath, openStore, temporaryDirectory } from './support/connections.mjs';
import { newCase, newCases, newRun } from './support/data.mjs';
import { openBetterSqlite3 } from './support/reference-packages.mjs';

/** Opens a file with another program's SQLite, for this function only. */
function withDatabase(path, use) {
  const db = openBetterSqlite3(path);
  try {
    return use(db);
  } finally {
    db.close();
  }
}

function caught(action) {
  try {
    action();
  } catch (error) {
    return error;
  }
  return assert.fail('nothing was thrown');
}

test('an error is a RunStoreError with a name, a code and a message that names operation, row and file', (t) => {
  const path = newPath(t);
  const store = openStore(t, path);
  const error = caught(() => store.saveCases([newCase(newRun(store)), newCase('nowhere')]));
  assert.ok(error instanceof RunStoreError && error instanceof Error);
  assert.equal(error.name, 'RunStoreError');
  assert.equal(error.code, 'ERR_RUNSTORE_CONSTRAINT');
  assert.equal(error.sqliteCode, 787);
  assert.equal(error.message, `saveCases: cases[1]: there is no run with id "nowhere" (in ${path})`);
  assert.match(error.stack, /errors\.test\.mjs/);
  assert.equal(String(error), `RunStoreError: ${error.message}`);
});

test('an invalid argument is a TypeError or a RangeError, and a RunStoreError', (t) => {
  const store = openStore(t, ':memory:');
  for (const [error, Type] of [
    [caught(() => store.createSuite(5)), TypeError],
    [caught(() => store.getRunSummary('r', Number.NaN)), RangeError],
  ]) {
    assert.ok(error instanceof Type && error instanceof RunStoreError);
    assert.equal(error.name, Type.name);
    assert.equal(error.code, 'ERR_RUNSTORE_INVALID_ARGUMENT');
    assert.ok(!('sqliteCode' in error));
  }
});

test('instanceof RunStoreError holds for errors of a store and nothing else', () => {
  for (const other of [new Error('x'), new TypeError('x'), null, undefined, 5, 'ERR_RUNSTORE_BUSY', {}]) {
    assert.ok(!(other instanceof RunStoreError));
  }
  class Mine extends RunStoreError {}
  const mine = new Mine('ERR_RUNSTORE_BUSY', 'mine', { cause: 1 });
  assert.ok(mine instanceof RunStoreError && mine instanceof Mine);
  assert.ok(!(new RunStoreError('ERR_RUNSTORE_BUSY', 'x') instanceof Mine));
  assert.deepEqual([mine.code, mine.message, mine.cause], ['ERR_RUNSTORE_BUSY', 'mine', 1]);
});

test('ERR_RUNSTORE_NOT_FOUND: a file that has to exist does not', (t) => {
  const path = newPath(t);
  assert.throws(() => new RunStore(path, { readOnly: true }), {
    code: 'ERR_RUNSTORE_NOT_FOUND',
    message: new RegExp(path),
  });
});

test('ERR_RUNSTORE_CLOSED: the store was closed', (t) => {
  const store = openStore(t, ':memory:');
  store.close();
  assert.throws(() => store.listSuites(), { code: 'ERR_RUNSTORE_CLOSED', message: 'listSuites: the store is closed' });
});

test('ERR_RUNSTORE_BUSY: another connection kept the file locked for longer than busyTimeoutMs', (t) => {
  const path = newPath(t);
  const store = openStore(t, path, { busyTimeoutMs: 1 });
  const runId = newRun(store);
  const db = openBetterSqlite3(path);
  t.after(() => db.close());
  db.exec('BEGIN IMMEDIATE');
  for (const write of [
    () => store.createSuite('x'),
    () => store.saveCases(newCases(runId, 600)),
    () => store.resetRun(runId),
  ]) {
    assert.throws(write, { code: 'ERR_RUNSTORE_BUSY', sqliteCode: 5, message: new RegExp(`in ${path}`) });
  }
  assert.equal(store.countCases(runId), 0);
  db.exec('ROLLBACK');
  store.saveCases(newCases(runId, 600));
  assert.equal(store.countCases(runId), 600);
});

test('ERR_RUNSTORE_READONLY: a write on a store that only reads', (t) => {
  const path = newPath(t);
  openStore(t, path).close();
  const store = openStore(t, path, { readOnly: true });
  assert.throws(() => store.createSuite('x'), {
    code: 'ERR_RUNSTORE_READONLY',
    sqliteCode: 8,
    message: /^createSuite: /,
  });
});

test('ERR_RUNSTORE_NOT_A_DATABASE: the file is something else', (t) => {
  const path = newPath(t);
  writeFileSync(path, 'x'.repeat(5000));
  assert.throws(() => new RunStore(path), { code: 'ERR_RUNSTORE_NOT_A_DATABASE', sqliteCode: 26, message: /^open: / });
});

test('ERR_RUNSTORE_SCHEMA: the tables are not those of a run store', (t) => {
  const path = newPath(t);
  withDatabase(path, (db) => db.exec('CREATE TABLE runs (id TEXT PRIMARY KEY, distance REAL NOT NULL)'));
  const before = readFileSync(path);
  assert.throws(() => new RunStore(path), {
    code: 'ERR_RUNSTORE_SCHEMA',
    message: new RegExp(`^open: .*runs.*${path}`),
  });
  withDatabase(path, (db) =>
    assert.deepEqual(db.prepare('SELECT name FROM sqlite_schema WHERE type = ?').all('table'), [{ name: 'runs' }]),
  );
  assert.equal(readFileSync(path).length, before.length);
});

test('ERR_RUNSTORE_SCHEMA_TOO_NEW: the file was written by a newer runstore, and stays as it is', (t) => {
  const path = newPath(t);
  openStore(t, path).close();
  withDatabase(path, (db) => db.pragma('user_version = 4711'));
  for (const options of [undefined, { readOnly: true }]) {
    assert.throws(() => new RunStore(path, options), {
      code: 'ERR_RUNSTORE_SCHEMA_TOO_NEW',
      message: /4711.*newer runstore/,
    });
  }
  withDatabase(path, (db) => assert.equal(db.pragma('user_version', { simple: true }), 4711));
});

test('ERR_RUNSTORE_IO: the operating system refused', (t) => {
  const directory = temporaryDirectory(t);
  writeFileSync(join(directory, 'file'), '');
  assert.throws(() => new RunStore(directory), { code: 'ERR_RUNSTORE_IO', message: new RegExp(directory) });
  assert.throws(() => new RunStore(join(directory, 'file/store.db')), {
    code: 'ERR_RUNSTORE_IO',
    message: /cannot create the directory .*file/,
  });
});

for (const [column, value, reads] of [
  ['input', '{"a":', ['getCases', 'getFailingCases', 'iterateCases']],
  ['input', '1,2', ['getCases', 'getFailingCases', 'iterateCases']],
  ['expected', 'Paris', ['getCases', 'getFailingCases', 'iterateCases']],
  ['metadata', '{', ['getCases', 'getFailingCases', 'iterateCases']],
]) {
  test(`ERR_RUNSTORE_CORRUPT: a case whose ${column} is ${value}, which is no JSON, is named`, (t) => {
    const path = newPath(t);
    const store = openStore(t, path);
    const runId = newRun(store);
    store.saveResults(
      runId,
      newCases(undefined, 3).map((one) => ({ ...one, scores: [{ scorer_name: 's', score: 0 }] })),
    );
    withDatabase(path, (db) => db.prepare(`UPDATE cases SET ${column} = ? WHERE id = 'c1'`).run(value));
    for (const read of reads) {
      assert.throws(() => [...store[read](runId)], {
        name: 'RunStoreError',
        code: 'ERR_RUNSTORE_CORRUPT',
        message: new RegExp(`${column}.* of case "c1"`),
      });
    }
    assert.equal(store.countCases(runId), 3);
  });
}

for (const column of ['config', 'summary', 'tags', 'metadata']) {
  test(`ERR_RUNSTORE_CORRUPT: a run whose ${column} is no JSON is named`, (t) => {
    const path = newPath(t);
    const store = openStore(t, path);
    const runId = newRun(store, { id: 'damaged' });
    withDatabase(path, (db) => db.prepare(`UPDATE runs SET ${column} = '{'`).run());
    for (const read of [() => store.getRun(runId), () => store.listRuns()]) {
      assert.throws(read, { code: 'ERR_RUNSTORE_CORRUPT', message: new RegExp(`${column} of run "damaged"`) });
    }
  });
}

test('ERR_RUNSTORE_CORRUPT: a page of the file is damaged', (t) => {
  const path = newPath(t);
  const store = openStore(t, path);
  const runId = newRun(store);
  store.saveCases(newCases(runId, 2000, () => ({ output: 'x'.repeat(500) })));
  store.close();
  const file = openSync(path, 'r+');
  const pages = statSync(path).size / 4096;
  for (let page = Math.floor(pages / 2); page < pages; page++)
    writeSync(file, Buffer.alloc(4096, 0xff), 0, 4096, page * 4096);
  closeSync(file);
  assert.throws(() => openStore(t, path).getCases(runId), {
    code: 'ERR_RUNSTORE_CORRUPT',
    message: new RegExp(`^getCases: .*${path}`),
  });
});

for (const handle of handles) {
  test(`ERR_RUNSTORE_DISK_FULL: on a handle of ${handle.name}, with nothing left of the batch`, (t) => {
    const db = handle.open(t, newPath(t));
    const store = openStore(t, db);
    const runId = newRun(store);
    db.exec('PRAGMA max_page_count = 60');
    for (const count of [400, 2000]) {
      assert.throws(() => store.saveCases(newCases(runId, count, () => ({ output: 'x'.repeat(2000) }))), {
        code: 'ERR_RUNSTORE_DISK_FULL',
        sqliteCode: 13,
        message: /^saveCases: cases\[\d+\]: database or disk is full/,
      });
    }
    assert.equal(handle.inTransaction(db), false);
    assert.equal(store.countCases(runId), 0);
    db.exec('PRAGMA max_page_count = 100000');
    store.saveCases(newCases(runId, 10));
    assert.equal(store.countCases(runId), 10);
  });

  test(`ERR_RUNSTORE_SQLITE: any other error of SQLite, on a handle of ${handle.name}`, (t) => {
    const db = handle.open(t);
    const store = openStore(t, db);
    db.exec('DROP TABLE prompts');
    assert.throws(() => store.listPrompts(), {
      code: 'ERR_RUNSTORE_SQLITE',
      sqliteCode: 1,
      message: /^listPrompts: no such table: prompts/,
    });
  });

  // What SQLite cannot be made to answer here at will, a handle that stands in for it answers.
  for (const [code, sqliteCode, name] of [
    ['ERR_RUNSTORE_TOO_LARGE', 18, 'SQLITE_TOOBIG'],
    ['ERR_RUNSTORE_INTERRUPTED', 9, 'SQLITE_INTERRUPT'],
    ['ERR_RUNSTORE_IO', 10, 'SQLITE_IOERR'],
    ['ERR_RUNSTORE_BUSY', 5, 'SQLITE_BUSY'],
    ['ERR_RUNSTORE_BUSY', 6, 'SQLITE_LOCKED'],
    ['ERR_RUNSTORE_CORRUPT', 11, 'SQLITE_CORRUPT'],
  ]) {
    test(`${code}: ${name} of a handle of ${handle.name}`, (t) => {
      const store = openStore(t, refusing(handle.open(t), { errcode: sqliteCode, code: name }));
      assert.throws(() => store.createSuite('refused'), { code, sqliteCode, message: /^createSuite: refused/ });
      assert.equal(store.listSuites().length, 0);
    });
  }
}

/** A handle that answers every INSERT with this error, in the words of either library. */
function refusing(db, { errcode, code }) {
  const isNodeSqlite = typeof db.location === 'function';
  const error = Object.assign(new Error('refused'), isNodeSqlite ? { code: 'ERR_SQLITE_ERROR', errcode } : { code });
  return {
    exec: (sql) => db.exec(sql),
    prepare(sql) {
      const statement = db.prepare(sql);
      if (!sql.startsWith('INSERT')) return statement;
      return {
        run() {
          throw error;
        },
        all() {
          throw error;
        },
      };
    },
    get isTransaction() {
      return db.isTransaction ?? db.inTransaction;
    },
  };
}

test('an error has its data as properties beside the message', (t) => {
  const path = newPath(t);
  const store = openStore(t, path);
  const run = newRun(store);
  const properties = (error) => ({ ...error });
  assert.deepEqual(properties(caught(() => store.saveCases([newCase(run), newCase('nowhere')]))), {
    code: 'ERR_RUNSTORE_CONSTRAINT',
    operation: 'saveCases',
    argument: 'cases[1]',
    constraint: { kind: 'missing', row: 'run', id: 'nowhere' },
    path,
    sqliteCode: 787,
  });
  assert.deepEqual(properties(caught(() => store.createRun({ id: run, suite_id: 's', name: 'n', model: 'm' }))), {
    code: 'ERR_RUNSTORE_CONSTRAINT',
    operation: 'createRun',
    constraint: { kind: 'duplicate', row: 'run', id: run },
    path,
    sqliteCode: 1555,
  });
  const invalid = { code: 'ERR_RUNSTORE_INVALID_ARGUMENT' };
  // One refused by JavaScript, one by Rust.
  assert.deepEqual(properties(caught(() => store.prune({ keep: -1 }))), {
    ...invalid,
    operation: 'prune',
    argument: 'options.keep',
    expected: 'a whole number from 0 to 9007199254740991',
    given: '-1',
  });
  assert.deepEqual(properties(caught(() => store.setBaseline('s', run, ''))), {
    ...invalid,
    operation: 'setBaseline',
    argument: 'name',
    path,
  });
});

test('an error about an argument has the expected and the given value', (t) => {
  const store = openStore(t, ':memory:');
  const known = (action) => {
    const { argument, expected, given } = caught(action);
    return { argument, expected, given };
  };
  // Found in JavaScript, and found in Rust.
  assert.deepEqual(
    known(() => store.createSuite(7)),
    { argument: 'name', expected: 'a string', given: 'the number 7' },
  );
  assert.deepEqual(
    known(() => store.queryRuns({ cursor: 'x' })),
    { argument: 'query.cursor', expected: 'one that the same query returned before', given: '"x"' },
  );
  const { expected, given } = caught(() => store.saveCases([newCase('nowhere')]));
  assert.deepEqual([expected, given], [undefined, undefined]);
  const long = caught(() => store.queryRuns({ cursor: '\u202e'.repeat(9000) })).given;
  assert.ok(long.length < 5000 && !long.includes('\u202e'), 'as printable as the message');
});
