import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onEveryConnection } from './support/conformance.mjs';
import { newCase, newRun, scoredRun, uuidV7 } from './support/data.mjs';

onEveryConnection((open) => {
  test('createSuite returns id, name and the time of its making', (t) => {
    const store = open(t);
    const before = Date.now();
    const suite = store.createSuite('capitals');
    assert.deepEqual(Object.keys(suite), ['id', 'name', 'created_at']);
    assert.match(suite.id, uuidV7);
    assert.equal(suite.name, 'capitals');
    assert.ok(Number.isInteger(suite.created_at) && suite.created_at >= before && suite.created_at <= Date.now());
  });

  test('getSuite returns the row that createSuite returned, as a plain object', (t) => {
    const store = open(t);
    const suite = store.createSuite('capitals');
    assert.deepEqual(store.getSuite(suite.id), suite);
    assert.equal(Object.getPrototypeOf(store.getSuite(suite.id)), Object.prototype);
  });

  test('getSuite and findSuiteByName return undefined when there is none', (t) => {
    const store = open(t);
    store.createSuite('capitals');
    assert.equal(store.getSuite('no such id'), undefined);
    assert.equal(store.getSuite(null), undefined);
    assert.equal(store.findSuiteByName('rivers'), undefined);
    assert.equal(store.findSuiteByName(null), undefined);
  });

  test('the ids of suites made one after the other ascend', (t) => {
    const store = open(t);
    const ids = Array.from({ length: 100 }, () => store.createSuite('s').id);
    assert.deepEqual(ids, ids.toSorted());
  });

  test('findSuiteByName compares the name exactly', (t) => {
    const store = open(t);
    const suite = store.createSuite('Capitals');
    assert.equal(store.findSuiteByName('capitals'), undefined);
    assert.equal(store.findSuiteByName('Capitals '), undefined);
    assert.deepEqual(store.findSuiteByName('Capitals'), suite);
  });

  test('findSuiteByName returns the newest of several suites of one name', (t) => {
    const store = open(t);
    const made = Array.from({ length: 20 }, () => store.createSuite('capitals'));
    store.createSuite('rivers');
    assert.deepEqual(store.findSuiteByName('capitals'), made.at(-1));
  });

  test('listSuites returns the newest first', (t) => {
    const store = open(t);
    assert.deepEqual(store.listSuites(), []);
    const made = ['a', 'b', 'a', 'c'].map((name) => store.createSuite(name));
    assert.deepEqual(store.listSuites(), made.toReversed());
  });

  test('renameSuite changes the name and nothing else', (t) => {
    const store = open(t);
    const suite = store.createSuite('capitals');
    const other = store.createSuite('rivers');
    assert.equal(store.renameSuite(suite.id, 'capital cities'), undefined);
    assert.deepEqual(store.getSuite(suite.id), { ...suite, name: 'capital cities' });
    assert.deepEqual(store.getSuite(other.id), other);
  });

  test('renameSuite and deleteSuite of an unknown id change nothing', (t) => {
    const store = open(t);
    const suite = store.createSuite('capitals');
    for (const id of ['no such id', null]) {
      assert.equal(store.renameSuite(id, 'x'), undefined);
      assert.equal(store.deleteSuite(id), undefined);
    }
    assert.deepEqual(store.listSuites(), [suite]);
  });

  test('deleteSuite deletes its runs with their cases and scores, and those of no other suite', (t) => {
    const store = open(t);
    const suite = store.createSuite('to delete');
    const run = scoredRun(store, [{ exact: 0 }], { suite_id: suite.id });
    const otherRun = newRun(store);
    store.saveResults(otherRun, [newCase(undefined, { id: 'other', scores: [{ scorer_name: 'exact', score: 0 }] })]);

    assert.equal(store.deleteSuite(suite.id), undefined);

    assert.equal(store.getSuite(suite.id), undefined);
    assert.equal(store.getRun(run), undefined);
    assert.deepEqual(store.getCases(run), []);
    assert.deepEqual(store.getFailingCases(run), []);
    assert.equal(store.getFailingCases(otherRun).length, 1);
    // The ids are free again, so nothing of the deleted rows is left.
    store.saveResults(otherRun, [newCase(undefined, { id: 'c0' })]);
  });

  for (const [what, name] of [
    ['an empty name', ''],
    ['NUL', 'a\0b'],
    ['characters of every width', 'aé€😀'],
    ['combining marks, unnormalised', 'e\u0301 \u00e9'],
    ['line ends and a byte order mark', '\ufeffa\r\nb'],
    ['a quote', `it's "quoted"`],
  ]) {
    test(`a name with ${what} is kept exactly`, (t) => {
      const store = open(t);
      const { id } = store.createSuite(name);
      assert.equal(store.getSuite(id).name, name);
      assert.equal(store.findSuiteByName(name).id, id);
    });
  }

  test('a lone surrogate becomes U+FFFD, and createSuite returns what is kept', (t) => {
    const store = open(t);
    const suite = store.createSuite('a\ud800b');
    assert.equal(suite.name, 'a\ufffdb');
    assert.deepEqual(store.getSuite(suite.id), suite);
    assert.deepEqual(store.findSuiteByName('a\ud800b'), suite);
  });
});
