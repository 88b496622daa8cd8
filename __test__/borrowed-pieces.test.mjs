// Results of a handle of the caller's come in pieces: none is ever made whole before its first row is used.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { describe, test } from 'node:test';
import { compare } from 'runstore/comparison';
import { handles, openStore } from './support/connections.mjs';
import { newCases, newRun } from './support/data.mjs';

const { Driver } = createRequire(import.meta.url)('../lib/connection/driver.js');

/** The handle, how many statements it prepared, how many rows were taken by `iterate`, and the most that `all` returned. */
function counting(db) {
  const counts = { prepared: 0, iterated: 0, mostAtOnce: 0, open: 0 };
  const prepare = (sql) => {
    counts.prepared++;
    const statement = db.prepare(sql);
    const optional = (name) => statement[name] && { [name]: (on) => statement[name](on) };
    return {
      reader: statement.reader,
      ...optional('raw'),
      ...optional('setReturnArrays'),
      ...optional('setReadBigInts'),
      run: (...parameters) => statement.run(...parameters),
      all(...parameters) {
        const rows = statement.all(...parameters);
        counts.mostAtOnce = Math.max(counts.mostAtOnce, rows.length);
        return rows;
      },
      ...(statement.iterate && { iterate: (...parameters) => counted(statement.iterate(...parameters)) }),
    };
  };
  const counted = (rows) => {
    counts.open++;
    return {
      next() {
        const step = rows.next();
        if (step.done) counts.open--;
        else counts.iterated++;
        return step;
      },
      return() {
        counts.open--;
        return rows.return?.() ?? { done: true };
      },
    };
  };
  const handle = { prepare, exec: (sql) => db.exec(sql), name: db.name, location: () => db.location() };
  Object.defineProperty(handle, 'isTransaction', { get: () => db.isTransaction ?? db.inTransaction });
  if (db.location === undefined) delete handle.location;
  return { handle, counts };
}

const numbers = (count) =>
  `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count}) SELECT i, 'x' AS x FROM n`;

/** All pieces of a reading, from the first on. */
function pieces(driver, first) {
  const all = [first];
  while (all.at(-1)[1] > 0) all.push(driver.next(all.at(-1)[1]));
  return all;
}

const firstColumn = (all) => all.flatMap(([columns, , ...values]) => values.filter((_, at) => at % columns === 0));
const upTo = (count) => Array.from({ length: count }, (_, at) => at + 1);

for (const { name, open } of handles) {
  describe(`a handle of ${name}`, () => {
    const iterates = (db) => typeof db.prepare('SELECT 1').iterate === 'function';

    test('hands over a result piece by piece, and takes no more rows than it hands over', (t) => {
      const { handle, counts } = counting(open(t));
      const driver = new Driver(handle);
      for (const count of [0, 1, 255, 256, 257, 1000]) {
        counts.iterated = 0;
        const first = driver.open(numbers(count), []);
        assert.ok(first.length <= 2 + 2 * 256);
        if (iterates(handle)) assert.ok(counts.iterated <= 256, `${counts.iterated} rows were taken`);
        assert.deepEqual(firstColumn(pieces(driver, first)), count === 0 ? [1] : upTo(count));
      }
      assert.equal(counts.open, 0);
    });

    test('long texts make short pieces', (t) => {
      const driver = new Driver(counting(open(t)).handle);
      const long = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20)
        SELECT hex(zeroblob(150000)) FROM n`;
      const all = pieces(driver, driver.open(long, []));
      assert.ok(all.every((piece) => piece.length <= 2 + 4));
      assert.equal(
        all.map((piece) => piece.length - 2).reduce((one, other) => one + other),
        20,
      );
    });

    test('another statement may run in between, even the same one, and change what is read', (t) => {
      const db = open(t);
      const driver = new Driver(counting(db).handle);
      db.exec('CREATE TABLE t (i)');
      driver.run(`INSERT INTO t ${numbers(600).replace(", 'x' AS x", '')}`, []);
      const all = 'SELECT i FROM t ORDER BY i';
      const outer = driver.open(all, []);
      const inner = pieces(driver, driver.open(all, []));
      assert.equal(driver.run('DELETE FROM t WHERE i > 300', []), 300);
      assert.equal(driver.exec('CREATE TABLE other (i)'), null);
      assert.deepEqual(firstColumn(inner), upTo(600));
      assert.deepEqual(firstColumn(pieces(driver, outer)), upTo(600));
      assert.deepEqual(firstColumn(pieces(driver, driver.open(all, []))), upTo(300));
    });

    test('a reading that is closed leaves nothing open', (t) => {
      const db = open(t);
      const { handle, counts } = counting(db);
      const driver = new Driver(handle);
      const [, reading] = driver.open(numbers(1000), []);
      assert.equal(driver.close(reading), null);
      assert.equal(counts.open, 0);
      db.exec('CREATE TABLE t (i); DROP TABLE t');
    });

    test('a number above 2^53 far behind the others is read exactly', (t) => {
      const driver = new Driver(counting(open(t)).handle);
      const sql = `SELECT * FROM (${numbers(700)}) UNION ALL SELECT 9007199254740993, 'y'`;
      const read = firstColumn(pieces(driver, driver.open(sql, [])));
      assert.deepEqual(read.slice(0, 700).map(Number), upTo(700));
      assert.equal(BigInt(read[700]) >= 9007199254740992n, true);
      assert.equal(read.length, 701);
    });

    test('a comparison reads each score once, however many scorers there are', (t) => {
      const { handle, counts } = counting(open(t));
      const store = openStore(t, handle);
      const rowsFor = (scorers) => {
        const runs = [0, 1].map((side) => {
          const scores = Object.fromEntries(
            Array.from({ length: scorers }, (_, at) => [`scorer ${at}`, (at + side) % 2]),
          );
          const { id } = store.openRun({ suite: `${scorers}`, name: `${side}`, model: 'm' });
          store.saveResults(
            id,
            Array.from({ length: 6 }, (_, idx) => ({ idx, input: idx, scores })),
          );
          return id;
        });
        counts.iterated = counts.prepared = 0;
        assert.equal(compare(store, ...runs, { resamples: 10 }).scorers.length, scorers);
        return { rows: counts.iterated, statements: counts.prepared };
      };
      const [few, many] = [50, 300].map(rowsFor);
      assert.ok(many.statements <= few.statements, `${many.statements} statements instead of ${few.statements}`);
      assert.ok(many.rows <= 6 * few.rows, `${many.rows} rows instead of ${few.rows}`);
    });

    test('a store reads all of its rows through pieces', (t) => {
      const { handle, counts } = counting(open(t));
      const store = openStore(t, handle);
      const runId = newRun(store);
      store.saveCases(newCases(runId, 3000));
      const scores = newCases(runId, 3000).map(({ id }) => ({ case_id: id, scorer_name: 's', score: 1 }));
      store.saveScores(scores);
      counts.iterated = 0;
      assert.equal(store.getCases(runId).length, 3000);
      assert.equal(store.getRunSummary(runId).passCount, 3000);
      assert.equal(store.getRunReport(runId).passCount, 3000);
      if (iterates(handle)) {
        assert.ok(counts.iterated >= 9000 && counts.mostAtOnce === 0);
        assert.equal(counts.open, 0);
      }
    });
  });
}
