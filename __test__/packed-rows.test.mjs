// Whole runs as packed rows, in which the second addon exchanges them with stores: from any store into any other.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { onEveryConnection } from './support/conformance.mjs';
import { connections, newPath, openStore, promiseConnections } from './support/connections.mjs';
import { newRun } from './support/data.mjs';

const { exportRows, importRows } = createRequire(import.meta.url)('../lib/connection/run-steps.js');

async function fill(store) {
  const prompt = await store.createPrompt('system', 'be brief');
  const suite = await store.createSuite('ü');
  const config = { prompt: prompt.id, temperature: 0.1 };
  const id = await newRun(store, { suite_id: suite.id, config, tags: ['a'], metadata: { deep: [{ ü: 1 }] } });
  const cases = Array.from({ length: 1200 }, (_, idx) => ({
    ...{ id: `case-${idx}`, run_id: id, idx, input: { text: `\ud800 ${idx}` }, output: 'ü\0', expected: null },
    ...{ latency_ms: 1.5, tokens_in: 2, tokens_out: 3, error: null, metadata: { idx } },
  }));
  await store.saveCases(cases);
  const scores = cases.map((one) => ({
    id: `score-${one.id}`,
    case_id: one.id,
    scorer_name: 's',
    score: -Infinity,
    reason: 'r',
  }));
  await store.saveScores(scores);
  const turns = [
    { role: 'user', content: 'x'.repeat(5000) },
    { role: 'assistant', content: [{ type: 'text', text: 'y' }] },
  ];
  await store.saveTrajectories(id, [{ benchmark: 'b', idx: 3, turns, reward: 0.5, metrics: { m: 1 } }]);
  await store.setBaseline(suite.id, id);
  await store.finishRun(id, 'completed', { ok: true });
  return id;
}

async function everything(store, id) {
  const run = await store.getRun(id);
  const { run: _, age_ms: __, ...baseline } = (await store.getBaseline(run.suite_id)) ?? {};
  return {
    run,
    baseline,
    suite: await store.getSuite(run.suite_id),
    cases: await store.getCases(id),
    failing: await store.getFailingCases(id, Number.POSITIVE_INFINITY),
    trajectories: await store.getTrajectories(id),
    prompts: await store.listPrompts(),
    tagged: (await store.queryRuns({ tag: 'a' })).runs.map((one) => one.id),
  };
}

async function collected(buffers) {
  const all = [];
  for await (const buffer of buffers) all.push(buffer);
  return all;
}

onEveryConnection((open) => {
  test('a run goes out of the store and into any other, and is the same there', async (t) => {
    const store = open(t);
    const id = await fill(store);
    const before = await everything(store, id);
    for (const other of [...connections, ...promiseConnections]) {
      const target = other.open(t);
      const [ended] = await importRows(target, exportRows(store, id));
      assert.equal(ended.runId, id);
      assert.equal(ended.isNew, true);
      assert.equal(ended.counts.cases, 1200);
      assert.deepEqual(await everything(target, id), before, other.name);
    }
  });

  test('rows that end too soon, or are no rows, leave nothing', async (t) => {
    const source = openStore(t, newPath(t));
    const buffers = [...exportRows(source, await fill(source))];
    const store = open(t);
    for (const [given, message] of [
      [buffers.slice(0, -1), /the rows end before the run does/],
      [[buffers[0], buffers[1], Buffer.from('nonsense')], /packed rows are malformed/],
      [[buffers[0], buffers[2]], /does not count|constraint/i],
    ]) {
      const rows = given.length === 2 ? [...given, buffers.at(-1)] : given;
      await assert.rejects(async () => importRows(store, rows), message);
      assert.deepEqual(await store.listRuns(), []);
      assert.deepEqual(await store.listSuites(), []);
    }
  });

  test('an error of the source of the rows is passed on unchanged, and leaves nothing', async (t) => {
    const source = openStore(t, newPath(t));
    const buffers = [...exportRows(source, await fill(source))];
    const mine = new Error('mine');
    async function* failing() {
      yield* buffers.slice(0, 2);
      throw mine;
    }
    const store = open(t);
    await assert.rejects(async () => importRows(store, failing()), mine);
    assert.deepEqual(await store.listRuns(), []);
  });

  test('until its last buffer was taken, a run is marked as being imported', async (t) => {
    const source = openStore(t, newPath(t));
    const id = await fill(source);
    const store = open(t);
    let seen = null;
    async function* looking() {
      for (const buffer of exportRows(source, id)) {
        yield buffer;
        seen ??= await store.getRun(id);
      }
    }
    await importRows(store, looking());
    assert.deepEqual([seen.status, seen.importing, seen.finished_at], ['running', true, null]);
    const { status, importing } = await store.getRun(id);
    assert.deepEqual([status, importing], ['completed', undefined]);
  });

  test('an existing run is refused, or kept', async (t) => {
    const store = open(t);
    const id = await fill(store);
    const buffers = await collected(exportRows(store, id));
    await assert.rejects(async () => importRows(store, buffers), {
      code: 'ERR_RUNSTORE_CONSTRAINT',
      message: /already/,
    });
    const [ended] = await importRows(store, buffers, { keepExisting: true });
    assert.equal(ended.isNew, false);
    assert.equal(await store.countCases(id), 1200);
  });
});

test('a run that is not there has no rows', (t) => {
  const store = openStore(t, newPath(t));
  assert.throws(() => [...exportRows(store, 'none')], { code: 'ERR_RUNSTORE_NOT_FOUND' });
});
