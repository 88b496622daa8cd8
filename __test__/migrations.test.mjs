// Old files through the façade: on paths, on the caller's handles in and out of transactions, and there and back with
// the reference. Every old shape is migrated in tests/migrations.rs; here it is the same code on other connections.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { handles, newPath, openStore } from './support/connections.mjs';
import { importPeer, nodeSqlite, projectDirectory } from './support/peers.mjs';

const fixture = (name) => readFileSync(join(projectDirectory, 'tests/fixtures', name), 'utf8');
const reference = fixture('reference-0.29.1.sql');
const rows = fixture('reference-rows.sql');

function replaceOnce(text, from, to) {
  assert.equal(text.split(from).length, 2, `${from} is not once in the text`);
  return text.replace(from, to);
}

const setNull = replaceOnce(
  replaceOnce(reference, 'suite_id TEXT NOT NULL', 'suite_id TEXT'),
  'REFERENCES suites(id) ON DELETE CASCADE',
  'REFERENCES suites(id) ON DELETE SET NULL',
);
const noReference = replaceOnce(reference, ',\n  FOREIGN KEY (suite_id) REFERENCES suites(id) ON DELETE CASCADE', '');
const noVersions = reference
  .replace(
    /CREATE TABLE prompts \([^;]*;/,
    () =>
      `CREATE TABLE prompts (id TEXT PRIMARY KEY, name TEXT NOT NULL, content TEXT NOT NULL,
      created_at INTEGER NOT NULL DEFAULT (unixepoch() * 1000));`,
  )
  .replace(/CREATE INDEX idx_prompts_name_version[^;]*;/, '');
const prompts = `INSERT INTO prompts (id, name, content, created_at) VALUES
  ('new', 'judge', 'two', 2000), ('old', 'judge', 'one', 1000);`;

/** Shapes that have to be rebuilt, each with rows; the first needs no more than new columns. */
const shapes = {
  'the newest reference': [reference, rows],
  'ON DELETE SET NULL': [setNull, rows],
  'no foreign key': [noReference, rows],
  'prompts without versions': [noVersions, rows, prompts],
};
const rebuilt = Object.entries(shapes).slice(1);

const handle = handles[0];

/** Makes an old file with one of the handles' libraries; returns its path. */
function oldFile(t, scripts) {
  const path = newPath(t);
  const db = handle.open(t, path);
  db.exec('PRAGMA journal_mode = WAL; PRAGMA foreign_keys = OFF');
  for (const script of scripts) db.exec(script);
  db.close();
  return path;
}

/** The rows of the fixture, as its SQL says. The run with a blob for an output is looked at in Rust. */
function assertRows(store) {
  assert.deepEqual(
    store
      .listSuites()
      .map(({ id }) => id)
      .sort(),
    ['suite-a', 'suite-b'],
  );
  assert.deepEqual(store.getRun('run-1'), {
    id: 'run-1',
    suite_id: 'suite-a',
    name: 'first',
    model: 'small',
    config: { temperature: 0 },
    started_at: 1700000001000,
    finished_at: 1700000002000,
    status: 'completed',
    summary: { totalCases: 3 },
  });
  assert.deepEqual(
    store.listRuns().map(({ id }) => id),
    ['run-3', 'run-1', 'run-2'],
  );
  const nothing = { latency_ms: null, tokens_in: null, tokens_out: null };
  assert.deepEqual(store.getCases('run-1'), [
    {
      id: 'case-1',
      run_id: 'run-1',
      idx: 0,
      input: 'France',
      output: 'Paris',
      expected: 'Paris',
      latency_ms: 120,
      tokens_in: 10,
      tokens_out: 2,
      error: null,
    },
    {
      id: 'case-2',
      run_id: 'run-1',
      idx: 1,
      input: { country: '日本' },
      output: '東京',
      expected: null,
      latency_ms: 80.25,
      tokens_in: 11,
      tokens_out: 3,
      error: null,
    },
    {
      id: 'case-3',
      run_id: 'run-1',
      idx: 2,
      input: null,
      output: null,
      expected: null,
      ...nothing,
      error: 'timed out',
    },
  ]);
  assert.deepEqual(
    store.getFailingCases('run-1', Infinity).map(({ id, scores }) => [id, scores]),
    [
      [
        'case-1',
        [
          { scorer_name: 'exact', score: 1, reason: 'same text' },
          { scorer_name: 'length', score: 0.25, reason: null },
        ],
      ],
      ['case-2', [{ scorer_name: 'exact', score: 0, reason: '' }]],
    ],
  );
  const { totalCases, passCount, failCount, totalLatencyMs } = store.getRunSummary('run-1', 0.5);
  assert.deepEqual(
    { totalCases, passCount, failCount, totalLatencyMs },
    { totalCases: 3, passCount: 0, failCount: 2, totalLatencyMs: 200.25 },
  );
}

/** Saves and deletes a whole run, with either store. */
function assertUsable(store) {
  const suite = store.createSuite('after');
  const runId = store.createRun({ suite_id: suite.id, name: 'n', model: 'm' });
  const id = crypto.randomUUID();
  const measures = { latency_ms: 1, tokens_in: 2, tokens_out: 3 };
  store.saveCases([{ id, run_id: runId, idx: 0, input: { a: 1 }, output: 'o', expected: [2], ...measures }]);
  store.saveScores([{ id: crypto.randomUUID(), case_id: id, scorer_name: 's', score: 0.25 }]);
  store.finishRun(runId, 'completed', store.getRunSummary(runId));
  assert.equal(store.getRun(runId).summary.failCount, 1);
  assert.deepEqual(store.getFailingCases(runId)[0].scores, [{ scorer_name: 's', score: 0.25, reason: null }]);
  assert.equal(store.getLatestCompletedRun(suite.id).id, runId);
  const { version } = store.createPrompt('judge', 'x');
  assert.equal(store.createPrompt('judge', 'y').version, version + 1);
  store.deleteSuite(suite.id);
  assert.deepEqual(store.getCases(runId), []);
  for (const prompt of store.listPrompts()) if (['x', 'y'].includes(prompt.content)) store.deletePrompt(prompt.id);
}

function content(db) {
  const all = (sql) =>
    db
      .prepare(sql)
      .all()
      .map((row) => ({ ...row }));
  return {
    schema: all('SELECT type, name, sql FROM sqlite_master ORDER BY rowid'),
    suites: all('SELECT * FROM suites'),
    runs: all('SELECT * FROM runs'),
    scores: all('SELECT * FROM scores'),
    cases: all("SELECT * FROM cases WHERE id <> 'case-5'"),
    prompts: all('SELECT * FROM prompts'),
  };
}

const pragma = (db, name) => Object.values(db.prepare(`PRAGMA ${name}`).get())[0];
const isWhole = (db) => {
  assert.equal(pragma(db, 'integrity_check'), 'ok');
  assert.deepEqual(db.prepare('PRAGMA foreign_key_check').all(), []);
};
const count = (db, table) => db.prepare(`SELECT count(*) AS count FROM ${table}`).get().count;

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
      ['PRAGMA user_version = 2', 'ERR_RUNSTORE_SCHEMA_TOO_NEW'],
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

    for (const [name, scripts] of rebuilt.slice(0, 2)) {
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
      for (const version of [0, 1, 12]) {
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
      db.exec('CREATE TABLE of_the_future (id); PRAGMA user_version = 2');
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

// The reference needs node:sqlite.
if (nodeSqlite) {
  const { RunStore: Reference } = await importPeer('@deepagents/evals/store');
  const openReference = (t, path) => {
    const db = new nodeSqlite.DatabaseSync(path);
    t.after(() => db.isOpen && db.close());
    return { db, store: new Reference(db) };
  };

  describe('the reference', () => {
    test('the fixture is what it makes of a new file', (t) => {
      const { db } = openReference(t, ':memory:');
      const words = (sql) => sql.replace(/\s+/g, ' ').trim();
      const statements = db.prepare('SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid').all();
      const made = statements.map(({ sql }) => `${words(sql)};`).join(' ');
      assert.equal(made, words(reference.replace(/^--.*$/gm, '')));
    });

    test('its files are ours, row by row', (t) => {
      const path = newPath(t);
      const { db, store } = openReference(t, path);
      db.exec(rows);
      store.createPrompt('judge', 'one');
      store.createPrompt('judge', 'two');
      const [theirPrompts, theirRuns] = [store.listPrompts(), store.listRuns()];
      db.close();
      const ours = openStore(t, path);
      assertRows(ours);
      assert.deepEqual(ours.listPrompts(), theirPrompts);
      assert.deepEqual(ours.listRuns(), theirRuns);
    });

    test('opens a file of ours, changes nothing in its schema, and works on it', (t) => {
      const path = newPath(t);
      const ours = openStore(t, path);
      const suite = ours.createSuite('ours');
      const runId = ours.createRun({ suite_id: suite.id, name: 'n', model: 'm', tags: ['t'], metadata: { a: 1 } });
      const [id] = ours.saveResults(runId, [
        {
          idx: 0,
          input: 'i',
          key: 'k',
          trial: 2,
          cost_usd: 0.5,
          scores: [{ scorer_name: 's', score: 0, answer: 'a' }],
        },
      ]);
      ours.close();

      const { db, store } = openReference(t, path);
      const schema = content(db).schema;
      assert.deepEqual(store.listSuites(), [suite]);
      assert.deepEqual(
        store.getCases(runId).map((one) => one.id),
        [id],
      );
      assert.equal(store.getFailingCases(runId)[0].scores[0].scorer_name, 's');
      assertUsable(store);
      store.renameRun(runId, 'renamed');
      assert.deepEqual(content(db).schema, schema);
      isWhole(db);
      db.close();

      const again = openStore(t, path);
      assert.equal(again.getRun(runId).name, 'renamed');
      assert.deepEqual(again.getRun(runId).tags, ['t']);
      assert.equal(again.getCases(runId)[0].key, 'k');
      assertUsable(again);
      again.deleteRun(runId);
      assert.equal(again.countCases(runId), 0);
    });

    for (const [name, scripts] of Object.entries(shapes)) {
      test(`${name}: opens the file after our migration, sees every row, and works on it`, (t) => {
        const path = oldFile(t, scripts);
        openStore(t, path).close();
        const { db, store } = openReference(t, path);
        const before = content(db);
        assertRows(store);
        assertUsable(store);
        assert.deepEqual(content(db), before);
        isWhole(db);
        db.close();
        const ours = openStore(t, path);
        assertRows(ours);
        assertUsable(ours);
      });
    }

    test('shares a handle with us, each seeing what the other wrote', (t) => {
      const { db, store } = openReference(t, ':memory:');
      const ours = openStore(t, db);
      const suite = store.createSuite('theirs');
      const runId = ours.createRun({ suite_id: suite.id, name: 'n', model: 'm' });
      ours.saveCases([
        { id: 'c', run_id: runId, idx: 0, input: 1, output: null, latency_ms: 1, tokens_in: 1, tokens_out: 1 },
      ]);
      store.saveScores([{ id: 's', case_id: 'c', scorer_name: 's', score: 1 }]);
      assert.deepEqual(store.getRunSummary(runId), ours.getRunSummary(runId));
      assert.deepEqual({ ...store.getSuite(suite.id) }, ours.getSuite(suite.id));
      db.exec('BEGIN');
      ours.deleteSuite(suite.id);
      assert.equal(store.getRun(runId), undefined);
      db.exec('ROLLBACK');
      assert.deepEqual(store.getRun(runId), ours.getRun(runId));
      assertUsable(store);
      assertUsable(ours);
    });
  });
}
