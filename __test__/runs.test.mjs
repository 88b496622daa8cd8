import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onEveryConnection } from './support/conformance.mjs';
import { newCase, newRun, nextMillisecond, scoredRun, uuidV4 } from './support/data.mjs';

const summary = {
  totalCases: 2,
  passCount: 1,
  failCount: 1,
  meanScores: { exact: 0.5 },
  totalLatencyMs: 20,
  totalTokensIn: 6,
  totalTokensOut: 10,
};

onEveryConnection((open) => {
  test('createRun returns the id of a run that is running', (t) => {
    const store = open(t);
    const suite = store.createSuite('capitals');
    const before = Date.now();
    const id = store.createRun({ suite_id: suite.id, name: 'first', model: 'gpt-x' });
    assert.match(id, uuidV4);
    const { started_at, ...run } = store.getRun(id);
    assert.deepEqual(run, {
      id,
      suite_id: suite.id,
      name: 'first',
      model: 'gpt-x',
      config: null,
      finished_at: null,
      status: 'running',
      summary: null,
    });
    assert.ok(Number.isInteger(started_at) && started_at >= before && started_at <= Date.now());
  });

  test('the keys of a run are in the documented order, and those of runstore follow them', (t) => {
    const store = open(t);
    const documented = ['id', 'suite_id', 'name', 'model', 'config', 'started_at', 'finished_at', 'status', 'summary'];
    assert.deepEqual(Object.keys(store.getRun(newRun(store))), documented);
    const id = newRun(store, { tags: ['nightly'], metadata: { commit: 'abc' } });
    assert.deepEqual(Object.keys(store.getRun(id)), [...documented, 'tags', 'metadata']);
  });

  test('tags and metadata are kept, and present only when they were set', (t) => {
    const store = open(t);
    const id = newRun(store, { tags: ['nightly', 'ü', ''], metadata: { commit: 'abc', parts: [1, null] } });
    assert.deepEqual(store.getRun(id).tags, ['nightly', 'ü', '']);
    assert.deepEqual(store.getRun(id).metadata, { commit: 'abc', parts: [1, null] });
    assert.deepEqual(store.getRun(newRun(store, { tags: [] })).tags, []);
    for (const nothing of [undefined, null]) {
      const run = store.getRun(newRun(store, { tags: nothing, metadata: nothing }));
      assert.ok(!('tags' in run) && !('metadata' in run));
    }
  });

  test('config comes back as JSON has it', (t) => {
    const store = open(t);
    const config = { temperature: 0.5, when: new Date(0), drop: undefined, b: { 10: 'ten', 9: 'nine', a: [] } };
    const back = store.getRun(newRun(store, { config })).config;
    assert.equal(
      JSON.stringify(back),
      '{"temperature":0.5,"when":"1970-01-01T00:00:00.000Z","b":{"9":"nine","10":"ten","a":[]}}',
    );
  });

  test('a config without content is null', (t) => {
    const store = open(t);
    for (const config of [undefined, null, 0, '', false, Number.NaN]) {
      assert.equal(store.getRun(newRun(store, { config })).config, null);
    }
    assert.deepEqual(store.getRun(newRun(store, { config: {} })).config, {});
  });

  test('createRun takes an id of your own', (t) => {
    const store = open(t);
    assert.equal(newRun(store, { id: 'nightly-1' }), 'nightly-1');
    assert.equal(store.getRun('nightly-1').id, 'nightly-1');
  });

  test('createRun refuses an id that exists and changes nothing', (t) => {
    const store = open(t);
    newRun(store, { id: 'nightly-1', name: 'the first' });
    assert.throws(() => newRun(store, { id: 'nightly-1', name: 'another' }), {
      code: 'ERR_RUNSTORE_CONSTRAINT',
      message: /createRun: there is a run with id "nightly-1" already/,
    });
    assert.equal(store.getRun('nightly-1').name, 'the first');
    assert.equal(store.listRuns().length, 1);
  });

  test('createRun refuses a suite that does not exist', (t) => {
    const store = open(t);
    assert.throws(() => store.createRun({ suite_id: 'nowhere', name: 'n', model: 'm' }), {
      code: 'ERR_RUNSTORE_CONSTRAINT',
      message: /createRun: there is no suite with id "nowhere"/,
    });
    assert.deepEqual(store.listRuns(), []);
  });

  for (const status of ['completed', 'failed']) {
    test(`finishRun sets the status ${status}, the time and the summary`, (t) => {
      const store = open(t);
      const id = newRun(store);
      const before = Date.now();
      assert.equal(store.finishRun(id, status, summary), undefined);
      const run = store.getRun(id);
      assert.equal(run.status, status);
      assert.deepEqual(run.summary, summary);
      assert.ok(run.finished_at >= before && run.finished_at <= Date.now());
    });
  }

  test('finishRun overwrites, and without a summary erases an earlier one', (t) => {
    const store = open(t);
    const id = newRun(store);
    store.finishRun(id, 'failed', summary);
    store.finishRun(id, 'completed');
    assert.equal(store.getRun(id).status, 'completed');
    assert.equal(store.getRun(id).summary, null);
  });

  test('finishRun refuses any other status and changes nothing', (t) => {
    const store = open(t);
    const id = newRun(store);
    for (const status of ['running', 'done', '', undefined, null, 1]) {
      assert.throws(() => store.finishRun(id, status), { code: 'ERR_RUNSTORE_INVALID_ARGUMENT' });
    }
    assert.equal(store.getRun(id).status, 'running');
    assert.equal(store.getRun(id).finished_at, null);
  });

  test('listRuns returns the runs of a suite, oldest first', (t) => {
    const store = open(t);
    const suite_id = store.createSuite('capitals').id;
    const ids = Array.from({ length: 10 }, () => newRun(store, { suite_id }));
    newRun(store);
    assert.deepEqual(
      store.listRuns(suite_id).map(({ id }) => id),
      ids,
    );
    assert.deepEqual(store.listRuns('no such suite'), []);
  });

  test('listRuns without a suite returns all runs', (t) => {
    const store = open(t);
    const ids = [newRun(store), newRun(store)];
    for (const all of [undefined, null, '']) {
      assert.deepEqual(
        store.listRuns(all).map(({ id }) => id),
        ids,
      );
    }
  });

  test('getLatestCompletedRun returns the completed run that was started last', (t) => {
    const store = open(t);
    const suite_id = store.createSuite('capitals').id;
    const [first, second, third, fourth] = Array.from({ length: 4 }, () => {
      nextMillisecond();
      return newRun(store, { suite_id });
    });
    assert.equal(store.getLatestCompletedRun(suite_id), undefined);
    store.finishRun(second, 'completed');
    store.finishRun(third, 'failed');
    nextMillisecond();
    store.finishRun(first, 'completed');
    assert.equal(store.getRun(fourth).status, 'running');
    assert.deepEqual(store.getLatestCompletedRun(suite_id), store.getRun(second));
  });

  test('getLatestCompletedRun looks at one suite, and at one model if it is given', (t) => {
    const store = open(t);
    const suite_id = store.createSuite('capitals').id;
    const small = newRun(store, { suite_id, model: 'small' });
    const large = newRun(store, { suite_id, model: 'large' });
    const elsewhere = newRun(store, { model: 'small' });
    for (const id of [small, large, elsewhere]) store.finishRun(id, 'completed');
    assert.equal(store.getLatestCompletedRun(suite_id).id, large);
    assert.equal(store.getLatestCompletedRun(suite_id, 'small').id, small);
    assert.equal(store.getLatestCompletedRun(suite_id, 'medium'), undefined);
    for (const any of [null, '']) assert.equal(store.getLatestCompletedRun(suite_id, any).id, large);
    assert.equal(store.getLatestCompletedRun('no such suite'), undefined);
  });

  test('of completed runs started in the same millisecond, the one made last is the latest', (t) => {
    const store = open(t);
    const suite_id = store.createSuite('capitals').id;
    const ids = Array.from({ length: 20 }, () => newRun(store, { suite_id }));
    for (const id of ids) store.finishRun(id, 'completed');
    assert.equal(store.getLatestCompletedRun(suite_id).id, ids.at(-1));
  });

  test('renameRun changes the name and nothing else', (t) => {
    const store = open(t);
    const id = newRun(store, { config: { a: 1 }, tags: ['x'] });
    const before = store.getRun(id);
    assert.equal(store.renameRun(id, 'renamed'), undefined);
    assert.deepEqual(store.getRun(id), { ...before, name: 'renamed' });
  });

  test('resetRun empties a run and starts it again', (t) => {
    const store = open(t);
    const id = scoredRun(store, [{ exact: 0 }, { exact: 1 }], { config: { a: 1 }, tags: ['x'], metadata: { b: 2 } });
    store.finishRun(id, 'completed', summary);
    const before = store.getRun(id);
    nextMillisecond();

    assert.equal(store.resetRun(id), undefined);

    const run = store.getRun(id);
    assert.deepEqual(
      { ...run, started_at: 0 },
      { ...before, started_at: 0, finished_at: null, status: 'running', summary: null },
    );
    assert.ok(run.started_at > before.started_at);
    assert.equal(store.countCases(id), 0);
    assert.deepEqual(store.getFailingCases(id, Number.POSITIVE_INFINITY), []);
    // The case ids are free again.
    store.saveCases([newCase(id, { id: 'c0' })]);
  });

  test('deleteRun deletes its cases and scores, and those of no other run', (t) => {
    const store = open(t);
    const id = scoredRun(store, [{ exact: 0 }]);
    const other = newRun(store);
    store.saveResults(other, [newCase(undefined, { id: 'other', scores: [{ scorer_name: 'exact', score: 0 }] })]);
    assert.equal(store.deleteRun(id), undefined);
    assert.equal(store.getRun(id), undefined);
    assert.equal(store.countCases(id), 0);
    assert.deepEqual(
      store.listRuns().map((run) => run.id),
      [other],
    );
    assert.equal(store.getFailingCases(other).length, 1);
  });

  test('finishRun, renameRun, resetRun and deleteRun of an unknown id change nothing', (t) => {
    const store = open(t);
    const before = store.getRun(scoredRun(store, [{ exact: 0 }]));
    for (const id of ['no such id', null]) {
      assert.equal(store.finishRun(id, 'completed', summary), undefined);
      assert.equal(store.renameRun(id, 'x'), undefined);
      assert.equal(store.resetRun(id), undefined);
      assert.equal(store.deleteRun(id), undefined);
      assert.equal(store.getRun(id), undefined);
    }
    assert.deepEqual(store.listRuns(), [before]);
    assert.equal(store.countCases(before.id), 1);
  });
});
