// A handle of the caller's is used itself, statement by statement, and never opened a second time.

import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { describe, test } from 'node:test';
import { RunStore } from 'runstore';
import { compare, compareRuns, gate } from 'runstore/comparison';
import { handles, newPath, openStore } from './support/connections.mjs';
import { newCase, newCases, newRun } from './support/data.mjs';
import { saveRun } from './support/runs.mjs';

for (const handle of handles) {
  describe(`on a handle of ${handle.name}`, () => {
    const count = (db, table) => db.prepare(`SELECT count(*) AS count FROM ${table}`).get().count;

    test("the store and the handle see each other's rows at once", (t) => {
      const db = handle.open(t);
      const store = openStore(t, db);
      const suite = store.createSuite('by the store');
      assert.equal(count(db, 'suites'), 1);
      db.exec("UPDATE suites SET name = 'by the handle'");
      assert.equal(store.getSuite(suite.id).name, 'by the handle');
    });

    test('two stores share a handle in memory', (t) => {
      const db = handle.open(t);
      const [a, b] = [openStore(t, db), openStore(t, db)];
      const suite = a.createSuite('shared');
      assert.deepEqual(b.getSuite(suite.id), suite);
    });

    test('path is the file of the handle, absolute, and null in memory', (t) => {
      const path = newPath(t);
      assert.equal(openStore(t, handle.open(t, path)).path, resolve(path));
      assert.equal(openStore(t, handle.open(t)).path, null);
    });

    test('everything a store does joins a transaction that is open, and goes with its rollback', (t) => {
      const db = handle.open(t);
      const store = openStore(t, db);
      const kept = newRun(store);
      db.exec('BEGIN');
      const runId = newRun(store);
      store.saveCases(newCases(runId, 700));
      store.saveScores([{ case_id: 'c0', scorer_name: 's', score: 0 }]);
      store.saveResults(runId, [{ idx: 0, input: 1 }]);
      store.createPrompt('p', 'x');
      store.resetRun(kept);
      assert.equal(store.countCases(runId), 701);
      assert.ok(handle.inTransaction(db));
      db.exec('ROLLBACK');
      assert.equal(store.getRun(runId), undefined);
      assert.equal(count(db, 'cases') + count(db, 'scores') + count(db, 'prompts'), 0);
      store.saveCases(newCases(kept, 2));
      assert.equal(store.countCases(kept), 2);
    });

    test('operations in a transaction are kept by its commit', (t) => {
      const path = newPath(t);
      const db = handle.open(t, path);
      const store = openStore(t, db);
      db.exec('BEGIN');
      const runId = newRun(store);
      store.saveCases(newCases(runId, 700));
      const other = openStore(t, path);
      assert.equal(other.getRun(runId), undefined);
      db.exec('COMMIT');
      assert.equal(other.countCases(runId), 700);
    });

    test('a batch that fails in a transaction is rolled back alone; the transaction stays open with the rest', (t) => {
      const db = handle.open(t);
      const store = openStore(t, db);
      db.exec('BEGIN');
      const runId = newRun(store);
      store.saveCases([newCase(runId, { id: 'before' })]);
      for (const size of [1, 700]) {
        assert.throws(() => store.saveCases([...newCases(runId, size), newCase('nowhere')]), {
          code: 'ERR_RUNSTORE_CONSTRAINT',
        });
      }
      assert.ok(handle.inTransaction(db));
      store.saveCases([newCase(runId, { id: 'after' })]);
      db.exec('COMMIT');
      assert.deepEqual(
        store.getCases(runId).map(({ id }) => id),
        ['before', 'after'],
      );
    });

    test("savepoints of the caller's, even of our name, work around what a store does", (t) => {
      const db = handle.open(t);
      const store = openStore(t, db);
      const runId = newRun(store);
      db.exec('SAVEPOINT runstore');
      store.saveCases(newCases(runId, 700));
      db.exec('SAVEPOINT inner');
      store.saveResults(runId, [{ id: 'undone', idx: 0, input: 1 }]);
      db.exec('ROLLBACK TO inner; RELEASE inner');
      assert.throws(() => store.saveCases([newCase(runId, { id: 'c0' }), newCase(runId)]));
      db.exec('RELEASE runstore');
      assert.ok(!handle.inTransaction(db));
      assert.equal(store.countCases(runId), 700);
    });

    test('close leaves the handle open and usable', (t) => {
      const db = handle.open(t);
      const store = openStore(t, db);
      store.createSuite('kept');
      store.close();
      assert.ok(handle.isOpen(db));
      assert.equal(count(db, 'suites'), 1);
      assert.throws(() => store.listSuites(), { code: 'ERR_RUNSTORE_CLOSED' });
      assert.equal(openStore(t, db).listSuites().length, 1);
    });

    for (const [method, ...args] of [
      ['createSuite', 'x'],
      ['listSuites'],
      ['getRun', 'r'],
      ['resetRun', 'r'],
      ['saveCases', newCases('r', 1)],
      ['saveCases', newCases('r', 2)],
      ['saveCases', newCases('r', 700)],
      ['saveResults', 'r', [{ idx: 0, input: 1 }]],
      ['getCases', 'r'],
      ['getFailingCases', 'r'],
      ['getRunSummary', 'r'],
      ['createPrompt', 'p', 'x'],
    ]) {
      const rows = Array.isArray(args[0]) ? ` of ${args[0].length}` : '';
      test(`${method}${rows} says that the handle was closed`, (t) => {
        const db = handle.open(t);
        const store = openStore(t, db);
        db.close();
        assert.throws(() => store[method](...args), {
          code: 'ERR_RUNSTORE_CLOSED',
          message: new RegExp(`^${method}: (cases\\[0\\]: )?the handle is closed`),
        });
        store.close();
      });
    }

    test('a handle that is closed already is refused', (t) => {
      const db = handle.open(t);
      db.close();
      assert.throws(() => new RunStore(db), { code: 'ERR_RUNSTORE_CLOSED', message: /^open: the handle is closed/ });
    });

    test('a handle that only reads, reads, and refuses to write', (t) => {
      const path = newPath(t);
      const writer = openStore(t, path);
      const runId = newRun(writer);
      writer.saveCases(newCases(runId, 3));
      const store = openStore(t, handle.open(t, path, { readOnly: true }));
      assert.equal(store.getCases(runId).length, 3);
      for (const write of [() => store.createSuite('x'), () => store.saveCases(newCases(runId, 2))]) {
        assert.throws(write, { code: 'ERR_RUNSTORE_READONLY', sqliteCode: 8 });
      }
    });

    test('options that a handle decides for itself are refused, not ignored', (t) => {
      const db = handle.open(t);
      for (const options of [{ readOnly: true }, { busyTimeoutMs: 100 }, { durability: 'full' }]) {
        assert.throws(() => new RunStore(db, options), { name: 'TypeError', code: 'ERR_RUNSTORE_INVALID_ARGUMENT' });
      }
      openStore(t, db, {});
      openStore(t, db, undefined);
    });

    test('a busy timeout that the caller set stays; without one, a store waits', (t) => {
      const timeout = (db) => Object.values(db.prepare('PRAGMA busy_timeout').get())[0];
      const [none, own] = [handle.open(t), handle.open(t)];
      none.exec('PRAGMA busy_timeout = 0');
      own.exec('PRAGMA busy_timeout = 1234');
      openStore(t, none);
      openStore(t, own);
      assert.equal(timeout(none), 5000);
      assert.equal(timeout(own), 1234);
    });

    test('foreign keys are on, so that deleting a run deletes its cases', (t) => {
      const db = handle.open(t);
      db.exec('PRAGMA foreign_keys = OFF');
      const store = openStore(t, db);
      const runId = newRun(store);
      store.saveCases(newCases(runId, 3));
      store.deleteRun(runId);
      assert.equal(count(db, 'cases'), 0);
    });

    test("an exception of the caller's own SQL function is passed on as the same object", (t) => {
      const db = handle.open(t);
      const store = openStore(t, db);
      const runId = newRun(store);
      const error = new Error('of the caller');
      db.function('refuse', () => {
        throw error;
      });
      db.exec('CREATE TEMP TRIGGER refuse_cases BEFORE INSERT ON cases BEGIN SELECT refuse(); END');
      for (const size of [1, 2, 700]) {
        try {
          store.saveCases(newCases(runId, size));
          assert.fail('nothing was thrown');
        } catch (caught) {
          assert.equal(caught, error);
        }
      }
      db.exec('DROP TRIGGER refuse_cases');
      assert.equal(store.countCases(runId), 0);
      assert.ok(!handle.inTransaction(db));
      store.saveCases(newCases(runId, 1));
    });

    test("tables, triggers and temporary tables of the caller's are left alone", (t) => {
      const db = handle.open(t);
      db.exec(`
        CREATE TABLE mine (name TEXT);
        CREATE TEMP TABLE of_this_connection (a);`);
      const store = openStore(t, db);
      db.exec('CREATE TRIGGER log AFTER INSERT ON suites BEGIN INSERT INTO mine VALUES (new.name); END');
      store.createSuite('logged');
      assert.deepEqual({ ...db.prepare('SELECT * FROM mine').get() }, { name: 'logged' });
      assert.equal(count(db, 'of_this_connection'), 0);
    });

    if (handle.readIntegersAsBigInt !== undefined) {
      test('a handle that reads integers as BigInt gives numbers all the same', (t) => {
        const db = handle.open(t);
        handle.readIntegersAsBigInt(db);
        checkNumbers(openStore(t, db));
      });
    }
  });
}

const nodeSqlite = handles.find(({ name }) => name === 'node:sqlite');
if (nodeSqlite !== undefined) {
  test('a handle of node:sqlite that reads integers as BigInt, or rows as arrays, gives numbers all the same', (t) => {
    checkNumbers(openStore(t, nodeSqlite.open(t, ':memory:', { readBigInts: true })));
    checkNumbers(openStore(t, nodeSqlite.open(t, ':memory:', { returnArrays: true })));
  });

  test('a handle that gives rows as objects only, as node:sqlite did before Node 22.16, is read as well', (t) => {
    const db = nodeSqlite.open(t);
    const handle = {
      exec: (sql) => db.exec(sql),
      prepare(sql) {
        const statement = db.prepare(sql);
        return {
          run: (...values) => statement.run(...values),
          all: (...values) => statement.all(...values),
          setReadBigInts: (on) => statement.setReadBigInts(on),
        };
      },
    };
    const store = openStore(t, handle);
    checkNumbers(store);
    checkReports(store);
  });
}

/** Everything that joins tables. */
function checkReports(store) {
  const suite_id = store.createSuite('reports').id;
  const [worse, better] = [0, 1].map((score) => {
    const cases = [1, 2].map((input) => ({ input, key: `${input}`, scores: { exact: score } }));
    return saveRun(store, suite_id, cases, { name: `run ${score}` });
  });
  store.setBaseline(suite_id, worse);
  assert.equal(store.getBaseline(suite_id).run.name, 'run 0');
  assert.deepEqual(
    store.getFailingCases(worse).map(({ scores }) => scores.length),
    [1, 1],
  );
  assert.equal(compareRuns(store, worse, better).scorerSummaries.exact.meanDelta, 1);
  assert.equal(compare(store, worse, better, { pairBy: 'input' }).scorers[0].delta, 1);
  assert.equal(compare(store, worse, better, { pairBy: 'key' }).scorers[0].delta, 1);
  store.recordVerdict(gate(store, worse, better));
  assert.equal(store.listVerdicts()[0].scorers[0].delta, 1);
  const [, last] = store.history(suite_id);
  assert.deepEqual([last.delta_previous.delta, last.delta_baseline.delta], [1, 1]);
  assert.equal(store.trend(suite_id, { scorer: 'exact' }).last_mean, 1);
}

function checkNumbers(store) {
  const runId = newRun(store);
  store.saveResults(runId, [{ ...newCase(), id: 'c', latency_ms: 2 ** 60, scores: [{ scorer_name: 's', score: 0 }] }]);
  assert.equal(typeof store.listSuites()[0].created_at, 'number');
  assert.equal(typeof store.getRun(runId).started_at, 'number');
  assert.equal(store.countCases(runId), 1);
  assert.deepEqual(
    store.getCases(runId).map(({ idx, latency_ms, tokens_in }) => [idx, latency_ms, tokens_in]),
    [[0, 2 ** 60, 3]],
  );
  assert.equal(store.getRunSummary(runId).totalLatencyMs, 2 ** 60);
  assert.equal(store.createPrompt('p', 'x').version, 1);
  assert.equal(store.getPromptVersion('p', 1).version, 1);
  assert.equal([...store.iterateCases(runId, { batchSize: 1 })].length, 1);
}
