// A stored value that is not JSON: it is named, and keeps nothing else from being read.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { handles, newPath, openPromiseStore, openStore } from './support/connections.mjs';
import { newCases } from './support/data.mjs';
import { openBetterSqlite3 } from './support/reference-packages.mjs';

/** Stores on a file that others can change meanwhile. */
const kinds = [
  { name: 'a file', open: (t, path) => openStore(t, path) },
  { name: 'a file that is only read', open: (t, path) => openStore(t, path, { readOnly: true }) },
  { name: 'a file, through promises', open: (t, path) => openPromiseStore(t, path) },
  ...handles.map((handle) => ({
    name: `a handle of ${handle.name}`,
    open: (t, path) => openStore(t, handle.open(t, path)),
  })),
];

/** Runs SQL past the store. */
function change(path, sql) {
  const db = openBetterSqlite3(path);
  db.exec(sql);
  db.close();
}

/** A suite with three runs of three cases, each with a score of 0. */
function newFile(t) {
  const path = newPath(t);
  const store = openStore(t, path);
  const suite = store.createSuite('suite').id;
  for (const id of ['one', 'two', 'three']) {
    const config = { of: id };
    store.createRun({ suite_id: suite, id, name: id, model: 'm', config, tags: ['t'], benchmarks: ['b'] });
    const cases = newCases(undefined, 3, (at) => ({ id: `${id}-${at}`, metadata: { at } }));
    store.saveResults(
      id,
      cases.map((one) => ({ ...one, scores: [{ scorer_name: 's', score: 0, metadata: { by: 's' } }] })),
    );
    store.finishRun(id, 'completed', { of: id });
  }
  store.close();
  return { path, suite };
}

async function failure(action) {
  try {
    await action();
  } catch (error) {
    return error;
  }
  return assert.fail('nothing was thrown');
}

const place = ({ table, id, column }) => `${table}.${column} of ${id}`;

for (const { name, open } of kinds) {
  describe(`on ${name}`, () => {
    for (const column of ['config', 'summary', 'tags', 'metadata', 'benchmarks', 'git']) {
      test(`a run whose ${column} is not JSON is named by each list, and all others are in the error`, async (t) => {
        const { path, suite } = newFile(t);
        change(path, `UPDATE runs SET ${column} = '{' WHERE id = 'two'`);
        const store = open(t, path);
        for (const list of [() => store.listRuns(), () => store.listRuns(suite)]) {
          const error = await failure(list);
          assert.equal(error.code, 'ERR_RUNSTORE_CORRUPT');
          assert.match(error.message, new RegExp(`^listRuns: ${column} of run "two" is not JSON: .*${path}`));
          assert.deepEqual(error.damaged.map(place), [`runs.${column} of two`]);
          assert.deepEqual(
            error.readable.map((run) => run.id),
            ['one', 'two', 'three'],
          );
          const [one, two, three] = error.readable;
          assert.equal(two[column] ?? null, null);
          assert.deepEqual([one, three], [await store.getRun('one'), await store.getRun('three')]);
        }
        const { readable } = await failure(() => store.getRun('two'));
        assert.deepEqual({ id: readable.id, name: readable.name }, { id: 'two', name: 'two' });
      });
    }

    test('the error of a query has the readable page and its cursor', async (t) => {
      const { path } = newFile(t);
      change(path, `UPDATE runs SET config = 'x', started_at = 2 WHERE id = 'two'`);
      change(
        path,
        `UPDATE runs SET started_at = 1 WHERE id = 'one'; UPDATE runs SET started_at = 3 WHERE id = 'three'`,
      );
      const store = open(t, path);
      // A page before the damaged run is as ever.
      const first = await store.queryRuns({ limit: 1 });
      assert.equal(first.runs[0].id, 'three');
      const { readable, damaged } = await failure(() => store.queryRuns({ limit: 1, cursor: first.cursor }));
      assert.deepEqual(damaged.map(place), ['runs.config of two']);
      assert.equal(readable.runs[0].config, null);
      const last = await store.queryRuns({ limit: 1, cursor: readable.cursor });
      assert.deepEqual([last.runs[0].id, last.cursor], ['one', null]);
    });

    test('the latest run is in the error when its own value is damaged', async (t) => {
      const { path, suite } = newFile(t);
      change(path, `UPDATE runs SET summary = '[1' WHERE id = 'three'`);
      const { readable, damaged } = await failure(() => open(t, path).getLatestCompletedRun(suite));
      assert.deepEqual([readable.id, readable.summary, damaged.map(place)], ['three', null, ['runs.summary of three']]);
    });

    test('a case that is not JSON does not prevent listing runs, or reading other cases', async (t) => {
      const { path, suite } = newFile(t);
      change(path, `UPDATE cases SET input = '1,2', expected = '[3' WHERE id = 'two-1'`);
      change(path, `UPDATE cases SET metadata = 'é{' WHERE id = 'two-2'`);
      const store = open(t, path);
      assert.equal((await store.listRuns(suite)).length, 3);
      assert.equal((await store.getRunSummary('two')).totalCases, 3);
      for (const operation of ['getCases', 'getFailingCases']) {
        const error = await failure(() => store[operation]('two'));
        assert.match(error.message, new RegExp(`^${operation}: input of case "two-1" is not JSON: .*, and 2 more`));
        assert.deepEqual(error.damaged.map(place), [
          'cases.input of two-1',
          'cases.expected of two-1',
          'cases.metadata of two-2',
        ]);
        assert.deepEqual(
          error.readable.map(({ id, input, metadata }) => ({ id, input, metadata })),
          [
            { id: 'two-0', input: 'input', metadata: { at: 0 } },
            { id: 'two-1', input: null, metadata: { at: 1 } },
            { id: 'two-2', input: 'input', metadata: undefined },
          ],
        );
        assert.equal((await store[operation]('one')).length, 3);
      }
    });

    test('metadata of a score that is not JSON is named by its case', async (t) => {
      const { path } = newFile(t);
      change(path, `UPDATE scores SET metadata = '{' WHERE case_id = 'two-1'`);
      const { damaged, readable } = await failure(() => open(t, path).getFailingCases('two'));
      assert.deepEqual(damaged.map(place), ['scores.metadata of two-1']);
      assert.deepEqual(
        readable.map((one) => one.scores[0].metadata),
        [{ by: 's' }, undefined, { by: 's' }],
      );
    });
  });
}

test('an error has the same rows as the file after doctor, which keeps the damaged values', (t) => {
  const { path } = newFile(t);
  change(path, `UPDATE runs SET config = '{', tags = 'no' WHERE id = 'two'`);
  change(path, `UPDATE cases SET expected = 'Paris' WHERE id = 'one-0'`);
  const store = openStore(t, path);
  const caught = (action) => {
    try {
      return action();
    } catch (error) {
      return error.readable;
    }
  };
  const runs = caught(() => store.listRuns());
  const cases = caught(() => store.getCases('one'));
  assert.equal(store.doctor({ fix: true }).healthy, true);
  assert.deepEqual(store.listRuns(), runs);
  assert.deepEqual(store.getCases('one'), cases);
  const db = openBetterSqlite3(path, { readonly: true });
  t.after(() => db.close());
  const kept = db.prepare('SELECT row_id, column_name, value FROM damaged_values ORDER BY value').all();
  assert.deepEqual(
    kept.map((row) => Object.values(row)),
    [
      ['one-0', 'expected', 'Paris'],
      ['two', 'tags', 'no'],
      ['two', 'config', '{'],
    ],
  );
});

test('the rows of the error are not printed with it', (t) => {
  const { path } = newFile(t);
  change(path, `UPDATE runs SET config = '{' WHERE id = 'two'`);
  assert.throws(
    () => openStore(t, path).listRuns(),
    (error) => !Object.keys(error).includes('readable') && Object.keys(error).includes('damaged'),
  );
});

test('a history needs no JSON of its runs', (t) => {
  const { path, suite } = newFile(t);
  change(path, `UPDATE runs SET config = '{', summary = '{' WHERE id = 'two'`);
  const ids = openStore(t, path)
    .history(suite)
    .map((row) => row.run_id ?? row.runId);
  assert.deepEqual(ids, ['one', 'two', 'three']);
});
