import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onEveryConnection } from './support/conformance.mjs';
import { newCase, newRun, scoredRun, uuidV7 } from './support/data.mjs';

onEveryConnection((open) => {
  test('createSuite returns id, name and time of creation', async (t) => {
    const store = open(t);
    const before = Date.now();
    const suite = await store.createSuite('capitals');
    assert.deepEqual(Object.keys(suite), ['id', 'name', 'created_at']);
    assert.match(suite.id, uuidV7);
    assert.equal(suite.name, 'capitals');
    assert.ok(Number.isInteger(suite.created_at) && suite.created_at >= before && suite.created_at <= Date.now());
  });

  test('getSuite returns the row that createSuite returned, as a plain object', async (t) => {
    const store = open(t);
    const suite = await store.createSuite('capitals');
    assert.deepEqual(await store.getSuite(suite.id), suite);
    assert.equal(Object.getPrototypeOf(await store.getSuite(suite.id)), Object.prototype);
  });

  test('getSuite and findSuiteByName return undefined when there is none', async (t) => {
    const store = open(t);
    await store.createSuite('capitals');
    assert.equal(await store.getSuite('no such id'), undefined);
    assert.equal(await store.getSuite(null), undefined);
    assert.equal(await store.findSuiteByName('rivers'), undefined);
    assert.equal(await store.findSuiteByName(null), undefined);
  });

  test('the ids of suites ascend in the order in which they were created', async (t) => {
    const store = open(t);
    const ids = (await Promise.all(Array.from({ length: 100 }, () => store.createSuite('s')))).map(({ id }) => id);
    assert.deepEqual(ids, ids.toSorted());
  });

  test('findSuiteByName compares the name exactly', async (t) => {
    const store = open(t);
    const suite = await store.createSuite('Capitals');
    assert.equal(await store.findSuiteByName('capitals'), undefined);
    assert.equal(await store.findSuiteByName('Capitals '), undefined);
    assert.deepEqual(await store.findSuiteByName('Capitals'), suite);
  });

  test('findSuiteByName returns the newest of several suites of one name', async (t) => {
    const store = open(t);
    const made = await Promise.all(Array.from({ length: 20 }, () => store.createSuite('capitals')));
    await store.createSuite('rivers');
    assert.deepEqual(await store.findSuiteByName('capitals'), made.at(-1));
  });

  test('uniteSuites moves runs, baselines and verdicts to the newest suite of a name', async (t) => {
    const store = open(t);
    const ids = [];
    for (const name of ['one', 'two', 'other', 'three']) {
      ids.push((await store.createSuite(name === 'other' ? 'rivers' : 'capitals')).id);
    }
    const [one, two, other, three] = ids;
    const run = (suite_id) => store.createRun({ suite_id, name: 'n', model: 'm' });
    const runs = [await run(one), await run(one), await run(two), await run(other)];
    await store.setBaseline(one, runs[0], 'main');
    await store.setBaseline(one, runs[1], 'nightly');
    while (Date.now() <= (await store.getBaseline(one, 'nightly')).set_at);
    await store.setBaseline(two, runs[2], 'main');
    const united = await store.uniteSuites('capitals');
    assert.deepEqual(united, { suite: await store.getSuite(three), removed: [two, one], runs: 3 });
    assert.deepEqual(
      (await store.listSuites()).map(({ id }) => id),
      [three, other],
    );
    assert.equal((await store.listRuns(three)).length, 3);
    assert.equal((await store.listRuns(other)).length, 1);
    const baselines = (await store.listBaselines(three)).map(({ name, run_id }) => [name, run_id]);
    assert.deepEqual(Object.fromEntries(baselines), { main: runs[2], nightly: runs[1] });
    assert.deepEqual(await store.uniteSuites('capitals'), { ...united, removed: [], runs: 0 });
  });

  test('uniteSuites refuses a name that no suite has', async (t) => {
    const store = open(t);
    await store.createSuite('capitals');
    await assert.rejects(async () => store.uniteSuites('Capitals'), {
      code: 'ERR_RUNSTORE_NOT_FOUND',
      message: /^uniteSuites: there is no suite "Capitals"/,
    });
  });

  test('getOrCreateSuite creates a suite once, and then returns the newest with its name', async (t) => {
    const store = open(t);
    const made = await store.getOrCreateSuite('capitals');
    assert.deepEqual(await store.getSuite(made.id), made);
    assert.deepEqual(await store.getOrCreateSuite('capitals'), made);
    assert.equal((await store.listSuites()).length, 1);
    const newer = await store.createSuite('capitals');
    assert.deepEqual(await store.getOrCreateSuite('capitals'), newer);
    assert.notEqual((await store.getOrCreateSuite('Capitals')).id, newer.id);
  });

  test('listSuites returns the newest first', async (t) => {
    const store = open(t);
    assert.deepEqual(await store.listSuites(), []);
    const made = await Promise.all(['a', 'b', 'a', 'c'].map((name) => store.createSuite(name)));
    assert.deepEqual(await store.listSuites(), made.toReversed());
  });

  test('renameSuite changes the name and nothing else', async (t) => {
    const store = open(t);
    const suite = await store.createSuite('capitals');
    const other = await store.createSuite('rivers');
    assert.equal(await store.renameSuite(suite.id, 'capital cities'), undefined);
    assert.deepEqual(await store.getSuite(suite.id), { ...suite, name: 'capital cities' });
    assert.deepEqual(await store.getSuite(other.id), other);
  });

  test('renameSuite and deleteSuite of an unknown id change nothing', async (t) => {
    const store = open(t);
    const suite = await store.createSuite('capitals');
    for (const id of ['no such id', null]) {
      assert.equal(await store.renameSuite(id, 'x'), undefined);
      assert.equal(await store.deleteSuite(id), undefined);
    }
    assert.deepEqual(await store.listSuites(), [suite]);
  });

  test('deleteSuite deletes its runs with their cases and scores, and nothing of other suites', async (t) => {
    const store = open(t);
    const suite = await store.createSuite('to delete');
    const run = await scoredRun(store, [{ exact: 0 }], { suite_id: suite.id });
    const otherRun = await newRun(store);
    await store.saveResults(otherRun, [
      newCase(undefined, { id: 'other', scores: [{ scorer_name: 'exact', score: 0 }] }),
    ]);

    assert.equal(await store.deleteSuite(suite.id), undefined);

    assert.equal(await store.getSuite(suite.id), undefined);
    assert.equal(await store.getRun(run), undefined);
    assert.deepEqual(await store.getCases(run), []);
    assert.deepEqual(await store.getFailingCases(run), []);
    assert.equal((await store.getFailingCases(otherRun)).length, 1);
    // The ids are free again, so nothing of the deleted rows is left.
    await store.saveResults(otherRun, [newCase(undefined, { id: 'c0' })]);
  });

  for (const [what, name] of [
    ['an empty name', ''],
    ['NUL', 'a\0b'],
    ['characters of every width', 'aé€😀'],
    ['combining marks, unnormalised', 'e\u0301 \u00e9'],
    ['line ends and a byte order mark', '\ufeffa\r\nb'],
    ['a quote', `it's "quoted"`],
  ]) {
    test(`a name with ${what} is kept exactly`, async (t) => {
      const store = open(t);
      const { id } = await store.createSuite(name);
      assert.equal((await store.getSuite(id)).name, name);
      assert.equal((await store.findSuiteByName(name)).id, id);
    });
  }

  test('a lone surrogate becomes U+FFFD, and createSuite returns the name as it was saved', async (t) => {
    const store = open(t);
    const suite = await store.createSuite('a\ud800b');
    assert.equal(suite.name, 'a\ufffdb');
    assert.deepEqual(await store.getSuite(suite.id), suite);
    assert.deepEqual(await store.findSuiteByName('a\ud800b'), suite);
  });
});
