import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onEveryConnection } from './support/conformance.mjs';
import { newCase, newRun, nextMillisecond, scoredRun, uuidV4 } from './support/data.mjs';
import { inTurn } from './support/either.mjs';

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
  test('createRun returns the id of a run that is running', async (t) => {
    const store = open(t);
    const suite = await store.createSuite('capitals');
    const before = Date.now();
    const id = await store.createRun({ suite_id: suite.id, name: 'first', model: 'gpt-x' });
    assert.match(id, uuidV4);
    const { started_at, ...run } = await store.getRun(id);
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

  test('the keys of a run are in the documented order, and those of runstore follow them', async (t) => {
    const store = open(t);
    const documented = ['id', 'suite_id', 'name', 'model', 'config', 'started_at', 'finished_at', 'status', 'summary'];
    assert.deepEqual(Object.keys(await store.getRun(await newRun(store))), documented);
    const id = await newRun(store, { tags: ['nightly'], metadata: { commit: 'abc' } });
    assert.deepEqual(Object.keys(await store.getRun(id)), [...documented, 'tags', 'metadata']);
  });

  test('tags and metadata are kept, and present only when they were set', async (t) => {
    const store = open(t);
    const id = await newRun(store, { tags: ['nightly', 'ü', ''], metadata: { commit: 'abc', parts: [1, null] } });
    assert.deepEqual((await store.getRun(id)).tags, ['nightly', 'ü', '']);
    assert.deepEqual((await store.getRun(id)).metadata, { commit: 'abc', parts: [1, null] });
    assert.deepEqual((await store.getRun(await newRun(store, { tags: [] }))).tags, []);
    for (const nothing of [undefined, null]) {
      const run = await store.getRun(await newRun(store, { tags: nothing, metadata: nothing }));
      assert.ok(!('tags' in run) && !('metadata' in run));
    }
  });

  test('config is returned as JSON.stringify and JSON.parse keep it', async (t) => {
    const store = open(t);
    const config = { temperature: 0.5, when: new Date(0), drop: undefined, b: { 10: 'ten', 9: 'nine', a: [] } };
    const back = (await store.getRun(await newRun(store, { config }))).config;
    assert.equal(
      JSON.stringify(back),
      '{"temperature":0.5,"when":"1970-01-01T00:00:00.000Z","b":{"9":"nine","10":"ten","a":[]}}',
    );
  });

  test('a config without content is null', async (t) => {
    const store = open(t);
    for (const config of [undefined, null, 0, '', false, Number.NaN]) {
      assert.equal((await store.getRun(await newRun(store, { config }))).config, null);
    }
    assert.deepEqual((await store.getRun(await newRun(store, { config: {} }))).config, {});
  });

  test('createRun takes an id of the caller', async (t) => {
    const store = open(t);
    assert.equal(await newRun(store, { id: 'nightly-1' }), 'nightly-1');
    assert.equal((await store.getRun('nightly-1')).id, 'nightly-1');
  });

  test('createRun refuses an id that exists and changes nothing', async (t) => {
    const store = open(t);
    await newRun(store, { id: 'nightly-1', name: 'the first' });
    await assert.rejects(async () => newRun(store, { id: 'nightly-1', name: 'another' }), {
      code: 'ERR_RUNSTORE_CONSTRAINT',
      message: /createRun: there is a run with id "nightly-1" already/,
    });
    assert.equal((await store.getRun('nightly-1')).name, 'the first');
    assert.equal((await store.listRuns()).length, 1);
  });

  test('createRun refuses a suite that does not exist', async (t) => {
    const store = open(t);
    await assert.rejects(async () => store.createRun({ suite_id: 'nowhere', name: 'n', model: 'm' }), {
      code: 'ERR_RUNSTORE_CONSTRAINT',
      message: /createRun: there is no suite with id "nowhere"/,
    });
    assert.deepEqual(await store.listRuns(), []);
  });

  for (const status of ['completed', 'failed']) {
    test(`finishRun sets the status ${status}, the time and the summary`, async (t) => {
      const store = open(t);
      const id = await newRun(store);
      const before = Date.now();
      assert.equal(await store.finishRun(id, status, summary), undefined);
      const run = await store.getRun(id);
      assert.equal(run.status, status);
      assert.deepEqual(run.summary, summary);
      assert.ok(run.finished_at >= before && run.finished_at <= Date.now());
    });
  }

  test('finishRun overwrites, and without a summary erases an earlier one', async (t) => {
    const store = open(t);
    const id = await newRun(store);
    await store.finishRun(id, 'failed', summary);
    await store.finishRun(id, 'completed');
    assert.equal((await store.getRun(id)).status, 'completed');
    assert.equal((await store.getRun(id)).summary, null);
  });

  test('finishRun refuses any other status and changes nothing', async (t) => {
    const store = open(t);
    const id = await newRun(store);
    for (const status of ['running', 'done', '', undefined, null, 1]) {
      await assert.rejects(async () => store.finishRun(id, status), { code: 'ERR_RUNSTORE_INVALID_ARGUMENT' });
    }
    assert.equal((await store.getRun(id)).status, 'running');
    assert.equal((await store.getRun(id)).finished_at, null);
  });

  test('listRuns returns the runs of a suite, oldest first', async (t) => {
    const store = open(t);
    const suite_id = (await store.createSuite('capitals')).id;
    const ids = await Promise.all(Array.from({ length: 10 }, () => newRun(store, { suite_id })));
    await newRun(store);
    assert.deepEqual(
      (await store.listRuns(suite_id)).map(({ id }) => id),
      ids,
    );
    assert.deepEqual(await store.listRuns('no such suite'), []);
  });

  test('listRuns without a suite returns all runs', async (t) => {
    const store = open(t);
    const ids = [await newRun(store), await newRun(store)];
    for (const all of [undefined, null, '']) {
      assert.deepEqual(
        (await store.listRuns(all)).map(({ id }) => id),
        ids,
      );
    }
  });

  test('getLatestCompletedRun returns the completed run that was started last', async (t) => {
    const store = open(t);
    const suite_id = (await store.createSuite('capitals')).id;
    const [first, second, third, fourth] = await inTurn([1, 2, 3, 4], () => {
      nextMillisecond();
      return newRun(store, { suite_id });
    });
    assert.equal(await store.getLatestCompletedRun(suite_id), undefined);
    await store.finishRun(second, 'completed');
    await store.finishRun(third, 'failed');
    nextMillisecond();
    await store.finishRun(first, 'completed');
    assert.equal((await store.getRun(fourth)).status, 'running');
    assert.deepEqual(await store.getLatestCompletedRun(suite_id), await store.getRun(second));
  });

  test('getLatestCompletedRun looks at one suite, and at one model if it is given', async (t) => {
    const store = open(t);
    const suite_id = (await store.createSuite('capitals')).id;
    const small = await newRun(store, { suite_id, model: 'small' });
    const large = await newRun(store, { suite_id, model: 'large' });
    const elsewhere = await newRun(store, { model: 'small' });
    for (const id of [small, large, elsewhere]) await store.finishRun(id, 'completed');
    assert.equal((await store.getLatestCompletedRun(suite_id)).id, large);
    assert.equal((await store.getLatestCompletedRun(suite_id, 'small')).id, small);
    assert.equal(await store.getLatestCompletedRun(suite_id, 'medium'), undefined);
    for (const any of [null, '']) assert.equal((await store.getLatestCompletedRun(suite_id, any)).id, large);
    assert.equal(await store.getLatestCompletedRun('no such suite'), undefined);
  });

  test('getLatestCompletedRun returns the run that was created last of those started in the same millisecond', async (t) => {
    const store = open(t);
    const suite_id = (await store.createSuite('capitals')).id;
    const ids = await Promise.all(Array.from({ length: 20 }, () => newRun(store, { suite_id })));
    for (const id of ids) await store.finishRun(id, 'completed');
    assert.equal((await store.getLatestCompletedRun(suite_id)).id, ids.at(-1));
  });

  test('renameRun changes the name and nothing else', async (t) => {
    const store = open(t);
    const id = await newRun(store, { config: { a: 1 }, tags: ['x'] });
    const before = await store.getRun(id);
    assert.equal(await store.renameRun(id, 'renamed'), undefined);
    assert.deepEqual(await store.getRun(id), { ...before, name: 'renamed' });
  });

  test('resetRun empties a run and starts it again', async (t) => {
    const store = open(t);
    const id = await scoredRun(store, [{ exact: 0 }, { exact: 1 }], {
      config: { a: 1 },
      tags: ['x'],
      metadata: { b: 2 },
    });
    await store.finishRun(id, 'completed', summary);
    const before = await store.getRun(id);
    nextMillisecond();

    assert.equal(await store.resetRun(id), undefined);

    const run = await store.getRun(id);
    assert.deepEqual(
      { ...run, started_at: 0 },
      { ...before, started_at: 0, finished_at: null, status: 'running', summary: null },
    );
    assert.ok(run.started_at > before.started_at);
    assert.equal(await store.countCases(id), 0);
    assert.deepEqual(await store.getFailingCases(id, Number.POSITIVE_INFINITY), []);
    // The case ids are free again.
    await store.saveCases([newCase(id, { id: 'c0' })]);
  });

  test('deleteRun deletes its cases and scores, and nothing of other runs', async (t) => {
    const store = open(t);
    const id = await scoredRun(store, [{ exact: 0 }]);
    const other = await newRun(store);
    await store.saveResults(other, [newCase(undefined, { id: 'other', scores: [{ scorer_name: 'exact', score: 0 }] })]);
    assert.equal(await store.deleteRun(id), undefined);
    assert.equal(await store.getRun(id), undefined);
    assert.deepEqual(await store.getCases(id), []);
    assert.deepEqual(
      (await store.listRuns()).map((run) => run.id),
      [other],
    );
    assert.equal((await store.getFailingCases(other)).length, 1);
  });

  test('finishRun, renameRun, resetRun and deleteRun of an unknown id change nothing', async (t) => {
    const store = open(t);
    const before = await store.getRun(await scoredRun(store, [{ exact: 0 }]));
    for (const id of ['no such id', null]) {
      assert.equal(await store.finishRun(id, 'completed', summary), undefined);
      assert.equal(await store.renameRun(id, 'x'), undefined);
      assert.equal(await store.resetRun(id), undefined);
      assert.equal(await store.deleteRun(id), undefined);
      assert.equal(await store.getRun(id), undefined);
    }
    assert.deepEqual(await store.listRuns(), [before]);
    assert.equal(await store.countCases(before.id), 1);
  });
});
