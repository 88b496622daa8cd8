// Forged files. Other attacks by files are tested in tests/hostile_files.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { RunStore } from 'runstore';
import { handles, newPath, openStore, temporaryDirectory } from './support/connections.mjs';
import { newCases, newRun } from './support/data.mjs';
import { count, SEED, TIMES, tell } from './support/figures.mjs';
import { oldFile, rows, setNull } from './support/old-files.mjs';
import { importPackage, openBetterSqlite3 } from './support/reference-packages.mjs';

const { default: fc } = await importPackage('fast-check');

/** Changes a file past the store, also its schema by its text. */
function forge(path, change) {
  const db = openBetterSqlite3(path);
  try {
    db.unsafeMode(true);
    db.pragma('writable_schema = ON');
    change(db);
  } finally {
    db.close();
  }
}

/** `undefined` where a text is no JSON. */
function parsed(json) {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** Pieces of JSON that are none by themselves, and some that are. */
const piece = fc.oneof(
  fc.constantFrom(
    '1,2',
    '[3',
    '4]',
    '"a',
    'b"',
    '{"c":1',
    '}',
    '],[',
    '[]',
    'null',
    '"é"',
    '"漢"',
    '7',
    ' ',
    '"漢",1',
    '[["漢"',
  ),
  fc.constantFrom('1,100000000', '1,0', '[5,6]', '"\\', '\\""', '/*', '//', 'NaN', '[1,]', '"\n"', '\ufeff1'),
  fc.json({ maxDepth: 2 }),
);

test('fragments of JSON never combine with other rows, and change none of their values', (t) => {
  const path = newPath(t);
  const store = openStore(t, path);
  const runId = newRun(store);
  store.saveCases(newCases(runId, 4));
  const db = openBetterSqlite3(path);
  t.after(() => db.close());
  const update = db.prepare('UPDATE cases SET input = ?, expected = ? WHERE idx = ?');
  const texts = fc.array(fc.tuple(piece, fc.option(piece)), { minLength: 4, maxLength: 4 });
  fc.assert(
    fc.property(texts, (rows) => {
      for (const [idx, [input, expected]] of rows.entries()) update.run(input, expected, idx);
      // Of one row, both texts together are two values or the row is damaged.
      const wanted = rows.map(([input, expected]) => parsed(`[${input || 'null'},${expected || 'null'}]`));
      const damaged = wanted.findIndex((pair) => pair?.length !== 2);
      for (const read of [() => store.getCases(runId), () => [...store.iterateCases(runId)]]) {
        if (damaged === -1) {
          assert.deepEqual(
            read().map(({ input, expected }) => [input, expected]),
            wanted,
          );
        } else {
          assert.throws(read, { code: 'ERR_RUNSTORE_CORRUPT', message: /(input|expected) of case "c\d" is not JSON/ });
        }
      }
    }),
    { numRuns: 3000 * TIMES, seed: SEED },
  );
  tell(t, count(3000 * TIMES, 'files'));
});

test('values of a forged text do not move the values of other rows', (t) => {
  const path = newPath(t);
  const store = openStore(t, path);
  const runId = newRun(store);
  store.saveCases(newCases(runId, 4));
  const set = (db, idx, input) => db.prepare('UPDATE cases SET input = ? WHERE idx = ?').run(input, idx);
  // The second is as long as what the last two rows lose by becoming one value: there are as many values as before, with
  // the marks of the rows or without, and only their places are wrong.
  for (const longer of ['1,null,2', '1,null,2,null']) {
    forge(path, (db) => {
      set(db, 0, longer);
      set(db, 2, '[3');
      set(db, 3, '4]');
    });
    assert.throws(() => store.getCases(runId), {
      code: 'ERR_RUNSTORE_CORRUPT',
      message: /input of case "c0" is not JSON/,
    });
  }
});

// A migration makes triggers and indexes again by the texts that the file has of them. SQLite before 3.54 reads the
// first statement of such a text and ignores what follows.
for (const { name, open } of [{ name: 'a file', open: (_t, path) => path }, ...handles]) {
  for (const [kind, object] of Object.entries({ index: 'mine', trigger: 'told', table: 'runs' })) {
    test(`what follows the text of a ${kind} is not run, on ${name}`, (t) => {
      const directory = temporaryDirectory(t);
      const [victim, made] = ['victim.db', 'made.db'].map((file) => join(directory, file));
      const path = oldFile(t, [setNull, rows]);
      forge(victim, (db) => db.exec('CREATE TABLE secrets (id); INSERT INTO secrets VALUES (1)'));
      forge(path, (db) => {
        db.exec('CREATE INDEX mine ON runs (name); CREATE TRIGGER told AFTER INSERT ON runs BEGIN SELECT 1; END');
        const payload = `; ATTACH '${victim}' AS victim; DELETE FROM victim.secrets; ATTACH '${made}' AS made; CREATE TABLE made.t (id);`;
        db.prepare('UPDATE sqlite_master SET sql = sql || ? WHERE name = ? AND type = ?').run(payload, object, kind);
      });
      try {
        new RunStore(open(t, path)).close();
      } catch (error) {
        // A handle may refuse by an exception of its own, which comes out as it is: better-sqlite3 prepares one statement.
        if (!/more than one statement/.test(error.message)) {
          assert.match(error.code, /^ERR_RUNSTORE_(CORRUPT|SQLITE|SCHEMA)$/);
        }
      }
      forge(victim, (db) => assert.equal(db.prepare('SELECT count(*) AS n FROM secrets').get().n, 1));
      assert.ok(!existsSync(made));
    });
  }
}
