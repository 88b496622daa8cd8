// Files that the reference and runstore open in turn.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { newPath, openStore } from './support/connections.mjs';
import { assertRows, assertUsable, content, isWhole, oldFile, reference, rows, shapes } from './support/old-files.mjs';
import { importPackage, nodeSqlite } from './support/reference-packages.mjs';

// The reference needs node:sqlite.
if (nodeSqlite) {
  const { RunStore: Reference } = await importPackage('@deepagents/evals/store');
  const openReference = (t, path) => {
    const db = new nodeSqlite.DatabaseSync(path);
    t.after(() => db.isOpen && db.close());
    return { db, store: new Reference(db) };
  };

  describe('the reference', () => {
    test('the fixture equals a new file of the reference', (t) => {
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
      ours.setBaseline(suite.id, runId);
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
      assert.equal(again.getBaseline(suite.id).run.name, 'renamed');
      again.deleteRun(runId);
      assert.equal(again.getBaseline(suite.id), undefined);
      assert.throws(() => again.countCases(runId), { code: 'ERR_RUNSTORE_NOT_FOUND' });
    });

    test('deletes the baseline when it deletes its run', (t) => {
      const path = newPath(t);
      const ours = openStore(t, path);
      const suiteId = ours.createSuite('ours').id;
      const runId = ours.createRun({ suite_id: suiteId, name: 'n', model: 'm' });
      ours.setBaseline(suiteId, runId);
      openReference(t, path).store.deleteRun(runId);
      assert.deepEqual(ours.listBaselines(suiteId), []);
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
