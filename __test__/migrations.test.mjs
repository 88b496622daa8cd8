// Old files through the façade: on paths, and on the caller's handles in and out of transactions. The migration of
// every old shape is tested in tests/migrations; this is the same code on other connections.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { handles, openStore } from './support/connections.mjs';
import {
  assertRows,
  assertUsable,
  content,
  count,
  handle,
  isWhole,
  oldFile,
  pragma,
  reference,
  rows,
  setNull,
  shapes,
} from './support/old-files.mjs';

describe('a path', () => {
  for (const [name, scripts] of Object.entries(shapes)) {
    test(`${name}: every row is there, and the store can be used`, (t) => {
      const path = oldFile(t, scripts);
      assertRows(openStore(t, path, { readOnly: true }));
      const store = openStore(t, path);
      assertRows(store);
      assertUsable(store);
      store.close();
      assertRows(openStore(t, path));
      isWhole(handle.open(t, path));
    });
  }

  test('prompts of one name are numbered from the oldest, also where the file cannot be written', (t) => {
    const path = oldFile(t, shapes['prompts without versions']);
    const expected = [
      ['new', 2],
      ['old', 1],
    ];
    for (const options of [{ readOnly: true }, {}]) {
      const store = openStore(t, path, options);
      assert.deepEqual(
        store.listPrompts().map(({ id, version }) => [id, version]),
        expected,
      );
      store.close();
    }
  });

  test('a file that is not a store is refused by name and code', (t) => {
    for (const [script, code] of [
      ['PRAGMA user_version = 6', 'ERR_RUNSTORE_SCHEMA_TOO_NEW'],
      ['CREATE TABLE users (id)', 'ERR_RUNSTORE_SCHEMA'],
      ['CREATE TABLE runs (id INTEGER PRIMARY KEY, km REAL)', 'ERR_RUNSTORE_SCHEMA'],
    ]) {
      const path = oldFile(t, [script]);
      const before = readFileSync(path);
      assert.throws(
        () => openStore(t, path),
        (error) => error.code === code && error.message.includes(path),
      );
      assert.deepEqual(readFileSync(path), before);
    }
  });
});

for (const { name: library, open, inTransaction, readIntegersAsBigInt } of handles) {
  describe(`a handle of ${library}`, () => {
    const oldHandle = (t, scripts) => {
      const db = open(t);
      db.exec('PRAGMA foreign_keys = OFF');
      for (const script of scripts) db.exec(script);
      db.exec('PRAGMA foreign_keys = ON');
      return db;
    };

    for (const [name, scripts] of Object.entries(shapes)) {
      test(`${name}: is migrated through the handle, and its settings stay`, (t) => {
        for (const db of [oldHandle(t, scripts), open(t, oldFile(t, scripts))]) {
          const store = openStore(t, db);
          assertRows(store);
          assertUsable(store);
          isWhole(db);
          assert.equal(pragma(db, 'foreign_keys'), 1);
          assert.equal(pragma(db, 'legacy_alter_table'), 0);
          assert.equal(inTransaction(db), false);
          const before = content(db);
          assertRows(openStore(t, db));
          assert.deepEqual(content(db), before);
        }
      });
    }

    test('in a transaction of the caller, tables are made and go with its rollback', (t) => {
      const db = open(t);
      db.exec('BEGIN');
      assertUsable(openStore(t, db));
      assert.ok(inTransaction(db));
      db.exec('ROLLBACK');
      assert.equal(count(db, 'sqlite_master'), 0);
      db.exec('BEGIN');
      openStore(t, db);
      db.exec('COMMIT');
      assertUsable(openStore(t, db));
    });

    test('in a transaction of the caller, new columns are added and go with its rollback', (t) => {
      const db = oldHandle(t, [reference, rows]);
      const before = content(db);
      db.exec("BEGIN; INSERT INTO suites VALUES ('mine', 'n', 1)");
      openStore(t, db).createSuite('in the transaction');
      assert.equal(count(db, 'suites'), 4);
      db.exec('ROLLBACK');
      assert.deepEqual(content(db), before);
      db.exec('BEGIN');
      const store = openStore(t, db);
      db.exec('COMMIT');
      assertRows(store);
      assertUsable(store);
      isWhole(db);
    });

    test('in a transaction of the caller, orphans are set aside', (t) => {
      const orphans = `INSERT INTO runs (id, suite_id, name, model, started_at) VALUES ('o', 'none', 'n', 'm', 1);
        INSERT INTO cases (id, run_id, idx, input) VALUES ('o-1', 'o', 0, '1');
        INSERT INTO scores VALUES ('o-x', 'o-1', 's', 1, NULL);`;
      const db = oldHandle(t, [reference, rows, orphans]);
      db.exec('BEGIN');
      assertRows(openStore(t, db));
      db.exec('COMMIT');
      assert.deepEqual(
        ['runs', 'cases', 'scores'].map((table) => count(db, `orphaned_${table}`)),
        [1, 1, 1],
      );
      isWhole(db);
    });

    for (const name of ['ON DELETE SET NULL', 'no foreign key']) {
      const scripts = shapes[name];
      test(`${name}: in a transaction of the caller the error says what to do, and nothing is lost`, (t) => {
        const db = oldHandle(t, scripts);
        const before = content(db);
        db.exec('BEGIN');
        assert.throws(() => openStore(t, db), {
          code: 'ERR_RUNSTORE_SCHEMA',
          message: /runs has to be rebuilt.*open the store before the transaction begins/,
        });
        assert.ok(inTransaction(db), 'the transaction is the caller’s to end');
        assert.deepEqual(content(db), before);
        db.exec('COMMIT');
        assert.deepEqual(content(db), before);
        assertRows(openStore(t, db));
      });

      test(`${name}: is migrated in a transaction in which foreign keys are not enforced`, (t) => {
        const db = oldHandle(t, scripts);
        db.exec('PRAGMA foreign_keys = OFF; BEGIN');
        assertRows(openStore(t, db));
        db.exec('COMMIT');
        isWhole(db);
      });
    }

    test('prompts without versions are migrated in a transaction, for nothing refers to them', (t) => {
      const db = oldHandle(t, shapes['prompts without versions']);
      db.exec('BEGIN');
      openStore(t, db);
      db.exec('COMMIT');
      assert.deepEqual(
        openStore(t, db)
          .listPrompts()
          .map(({ id, version }) => [id, version]),
        [
          ['new', 2],
          ['old', 1],
        ],
      );
    });

    test('a database that the caller uses for more keeps its tables and its user_version', (t) => {
      for (const version of [0, 1, 2, 12]) {
        for (const scripts of [[], [reference, rows], [setNull, rows]]) {
          const users = `CREATE TABLE users (id); INSERT INTO users VALUES (1); PRAGMA user_version = ${version}`;
          const db = oldHandle(t, [users, ...scripts]);
          for (const _ of ['made', 'opened again']) {
            const store = openStore(t, db);
            if (scripts.length > 0) assertRows(store);
            assertUsable(store);
          }
          assert.equal(pragma(db, 'user_version'), version);
          assert.equal(count(db, 'users'), 1);
          db.exec(`PRAGMA user_version = ${version + 1}`);
          assertUsable(openStore(t, db));
        }
      }
    });

    test('a handle that reads integers as BigInt is migrated as well', (t) => {
      for (const scripts of Object.values(shapes)) {
        const db = open(t, oldFile(t, scripts), { readBigInts: true });
        readIntegersAsBigInt?.(db);
        assertRows(openStore(t, db));
        assertUsable(openStore(t, db));
        isWhole(db);
      }
    });

    test('a newer schema is refused, and the handle is as it was', (t) => {
      const db = open(t);
      openStore(t, db);
      db.exec('CREATE TABLE of_the_future (id); PRAGMA user_version = 6');
      const before = content(db);
      assert.throws(() => openStore(t, db), { code: 'ERR_RUNSTORE_SCHEMA_TOO_NEW' });
      assert.deepEqual(content(db), before);
      assert.equal(inTransaction(db), false);
    });

    test('a handle that cannot write reads an old file', (t) => {
      for (const scripts of Object.values(shapes)) {
        const db = open(t, oldFile(t, scripts), { readOnly: true });
        const store = openStore(t, db);
        assertRows(store);
        const run = { suite_id: 'suite-a', name: 'n', model: 'm' };
        assert.throws(() => store.createRun(run), { code: 'ERR_RUNSTORE_READONLY' });
        assert.throws(() => store.createPrompt('p', 'c'), { code: 'ERR_RUNSTORE_READONLY' });
        assertRows(openStore(t, db));
      }
    });
  });
}
