import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onEveryConnection } from './support/conformance.mjs';
import { newPath, openStore } from './support/connections.mjs';
import { newRun } from './support/data.mjs';
import { openBetterSqlite3 } from './support/reference-packages.mjs';

/** Creates runs of two suites, named in the order in which they started. */
async function withRuns(store) {
  const one = (await store.createSuite('one')).id;
  const two = (await store.createSuite('two')).id;
  const add = (suite_id, startedAt, run) => newRun(store, { suite_id, name: `n${startedAt}`, startedAt, ...run });
  await add(one, 1, { model: 'a', tags: ['nightly'] });
  await add(one, 2, { model: 'b', tags: ['nightly', 'pr'], benchmarks: ['gsm8k'] });
  await store.finishRun(await add(two, 3, { model: 'a', checkpoint: { name: 'step-1' } }), 'failed');
  await store.finishRun(await add(two, 4, { model: 'a', benchmarks: ['gsm8k', 'mmlu'] }), 'completed');
  await add(one, 5, { model: 'b', tags: ['nightly'], checkpoint: { name: 'step-1' }, label: '100%_Sure' });
  return { one, two };
}

const namesOf = ({ runs }) => runs.map(({ name }) => name).join(' ');

onEveryConnection((open) => {
  test('queryRuns returns the runs that meet all conditions, newest first', async (t) => {
    const store = open(t);
    const { one, two } = await withRuns(store);
    for (const [query, expected] of [
      [undefined, 'n5 n4 n3 n2 n1'],
      [null, 'n5 n4 n3 n2 n1'],
      [{}, 'n5 n4 n3 n2 n1'],
      [{ suite: null, model: undefined, cursor: null }, 'n5 n4 n3 n2 n1'],
      [{ orderBy: 'oldest' }, 'n1 n2 n3 n4 n5'],
      [{ suite: one }, 'n5 n2 n1'],
      [{ suite: two, model: 'a' }, 'n4 n3'],
      [{ suite: 'one' }, 'n5 n2 n1'],
      [{ suite: 'no such suite' }, ''],
      [{ model: 'a' }, 'n4 n3 n1'],
      [{ model: 'A' }, ''],
      [{ status: 'running' }, 'n5 n2 n1'],
      [{ status: 'failed' }, 'n3'],
      [{ status: 'completed' }, 'n4'],
      [{ status: 'running', model: 'b', orderBy: 'oldest' }, 'n2 n5'],
      [{ tag: 'nightly' }, 'n5 n2 n1'],
      [{ tag: 'pr' }, 'n2'],
      [{ tag: 'night' }, ''],
      [{ tag: 'gsm8k' }, ''],
      [{ benchmark: 'gsm8k' }, 'n4 n2'],
      [{ benchmark: 'gsm8k', tag: 'nightly' }, 'n2'],
      [{ benchmark: 'mmlu', suite: one }, ''],
      [{ checkpoint: 'step-1' }, 'n5 n3'],
      [{ checkpoint: 'step-1', tag: 'nightly', status: 'running', model: 'b', suite: one }, 'n5'],
      [{ since: 2, until: 4 }, 'n4 n3 n2'],
      [{ since: new Date(5) }, 'n5'],
      [{ tag: 'nightly', since: 2 }, 'n5 n2'],
      [{ search: 'N4' }, 'n4'],
      [{ search: 'step' }, 'n5 n3'],
      [{ search: '0%_s' }, 'n5'],
      [{ search: '%' }, 'n5'],
      [{ search: 'nothing of it' }, ''],
    ]) {
      assert.equal(namesOf(await store.queryRuns(query)), expected, JSON.stringify(query));
    }
  });

  test('the rows are those of getRun', async (t) => {
    const store = open(t);
    await withRuns(store);
    const { runs } = await store.queryRuns();
    assert.equal(runs.length, 5);
    for (const run of runs) assert.deepEqual(run, await store.getRun(run.id));
  });

  test('pages follow each other without a gap, also among runs of one moment', async (t) => {
    const store = open(t);
    const suite_id = (await store.createSuite('s')).id;
    for (let at = 0; at < 25; at++) {
      await newRun(store, { suite_id, name: `n${at}`, startedAt: Math.floor(at / 10), tags: ['t'], benchmarks: ['b'] });
    }
    const all = Array.from({ length: 25 }, (_, at) => `n${at}`);
    for (const query of [{}, { tag: 't' }, { benchmark: 'b' }, { suite: suite_id }, { status: 'running' }]) {
      for (const limit of [1, 7, 24, 25, 26]) {
        for (const orderBy of ['oldest', 'newest']) {
          const pages = [];
          for (let cursor = null, page = 0; page === 0 || cursor !== null; page++) {
            const answer = await store.queryRuns({ ...query, limit, orderBy, cursor });
            pages.push(answer.runs.map(({ name }) => name));
            cursor = answer.cursor;
          }
          assert.deepEqual(pages.flat(), orderBy === 'oldest' ? all : all.toReversed());
          assert.equal(pages.length, Math.ceil(25 / limit));
        }
      }
    }
  });

  test('a page goes on where the one before ended, whatever came and went', async (t) => {
    const store = open(t);
    const { one } = await withRuns(store);
    const { runs, cursor } = await store.queryRuns({ limit: 2 });
    await newRun(store, { suite_id: one, name: 'new' });
    await store.deleteRun(runs[1].id);
    assert.equal(namesOf(await store.queryRuns({ limit: 2, cursor })), 'n3 n2');
  });

  test('what updateRun sets is found, and what it took away is not', async (t) => {
    const store = open(t);
    const id = await newRun(store, { tags: ['a'], benchmarks: ['b'] });
    await store.updateRun(id, { tags: ['c', 'c'] });
    assert.equal((await store.queryRuns({ tag: 'a' })).runs.length, 0);
    assert.equal((await store.queryRuns({ tag: 'c' })).runs.length, 1);
    assert.equal((await store.queryRuns({ benchmark: 'b' })).runs.length, 1);
    await store.deleteRun(id);
    assert.equal((await store.queryRuns({ tag: 'c' })).runs.length, 0);
  });

  test('bad queries are refused by name', async (t) => {
    const store = open(t);
    for (const [query, message] of [
      [{ tags: ['a'] }, /^queryRuns: query\.tags is not an option/],
      [{ tag: 1 }, /^queryRuns: query\.tag must be a string/],
      [{ status: 'done' }, /^queryRuns: query\.status must be 'running' or/],
      [{ limit: 0 }, /^queryRuns: query\.limit must be a whole number from 1 to 10000, not 0/],
      [{ since: 'monday' }, /^queryRuns: query\.since must be a Date or milliseconds/],
      [{ orderBy: 'name' }, /^queryRuns: query\.orderBy must be/],
      [{ cursor: 'NaN~1' }, /^queryRuns: query\.cursor must be one that the same query returned before, not "NaN~1"/],
      [{ cursor: 'x' }, /^queryRuns: query\.cursor must be one that the same query returned before, not "x"/],
      [1, /^queryRuns: query must be an object/],
    ]) {
      await assert.rejects(async () => store.queryRuns(query), { code: 'ERR_RUNSTORE_INVALID_ARGUMENT', message });
    }
  });
});

test('a page looks at 10,000 runs, and its cursor goes on behind them', async (t) => {
  const path = newPath(t);
  const store = openStore(t, path);
  const suite_id = (await store.createSuite('s')).id;
  const db = openBetterSqlite3(path);
  db.prepare(
    `WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 25000)
     INSERT INTO runs (id, suite_id, name, model, started_at, status)
     SELECT printf('r%05d', n), ?, iif(n % 12000 = 7, 'rare', 'common'), 'm', n / 10, iif(n % 2, 'failed', 'completed')
     FROM numbers`,
  ).run(suite_id);
  db.close();

  const pagesOf = async (query) => {
    const pages = [];
    for (let cursor; cursor !== null; ) {
      const page = await store.queryRuns({ ...query, cursor });
      pages.push(page.runs.map(({ id }) => id));
      cursor = page.cursor;
    }
    return pages;
  };
  const rare = ['r00007', 'r12007', 'r24007'];
  assert.deepEqual(await pagesOf({ search: 'rare', orderBy: 'oldest' }), [[rare[0]], [rare[1]], [rare[2]]]);
  assert.deepEqual(await pagesOf({ search: 'rare' }), [[rare[2]], [rare[1]], [rare[0]]]);
  assert.deepEqual(await pagesOf({ search: 'nowhere' }), [[], [], []]);
  assert.deepEqual(await pagesOf({ suite: suite_id, search: 'rare', since: 1200, until: 1201 }), [[rare[1]]]);
  assert.deepEqual(await pagesOf({ suite: suite_id, search: 'rare', until: 100, orderBy: 'oldest' }), [[rare[0]]]);
  // By one index alone, pages are full.
  assert.equal((await pagesOf({ suite: suite_id, limit: 10_000 })).length, 3);
  assert.equal((await pagesOf({ model: 'm', limit: 10_000 })).length, 3);
  assert.equal((await pagesOf({ status: 'failed', limit: 10_000 })).length, 2);

  for (const orderBy of ['newest', 'oldest']) {
    const pages = await pagesOf({ model: 'm', status: 'failed', orderBy, limit: 3000 });
    assert.deepEqual(
      pages.map(({ length }) => length),
      [3000, 3000, 3000, 3000, 500],
    );
    const all = Array.from({ length: 12_500 }, (_, at) => `r${String(2 * at + 1).padStart(5, '0')}`);
    assert.deepEqual(pages.flat(), orderBy === 'oldest' ? all : all.toReversed());
  }
});

test('tags of an old file are found, whether it can be written or not', async (t) => {
  const path = newPath(t);
  const store = openStore(t, path);
  await newRun(store, { tags: ['nightly', 'pr'] });
  await store.close();
  const db = openBetterSqlite3(path);
  db.exec(`DROP TABLE run_keywords; PRAGMA user_version = 2`);
  db.close();
  for (const options of [{ readOnly: true }, {}]) {
    const again = openStore(t, path, options);
    assert.equal((await again.queryRuns({ tag: 'pr' })).runs.length, 1);
    assert.equal((await again.queryRuns({ benchmark: 'pr' })).runs.length, 0);
    await again.close();
  }
});
