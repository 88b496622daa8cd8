// Options that the types allow to be undefined or null may be: they are then treated as omitted.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RunStore } from 'runstore';
import { onEveryConnection } from './support/conformance.mjs';

const none = undefined;
const undefinedRun = {
  ...{ config: none, id: none, tags: none, metadata: none, label: none, benchmarks: none, startedAt: none },
  checkpoint: { name: 'a', path: none },
  git: { commit: none, branch: none, dirty: none },
};
const nullRun = {
  ...{ config: null, tags: null, metadata: null, label: null, benchmarks: null, checkpoint: null, git: null },
  startedAt: null,
};

test('options of a store', () => {
  const store = new RunStore(':memory:', { readOnly: none, busyTimeoutMs: none, durability: none });
  assert.equal(store.createSuite('written').name, 'written');
});

onEveryConnection((open) => {
  test('fields of a run, and of its changes', async (t) => {
    const store = open(t);
    const suite_id = (await store.createSuite('s')).id;
    const plain = await store.getRun(await store.createRun({ suite_id, name: 'n', model: 'm' }));
    const {
      checkpoint: _,
      git: __,
      label: ___,
      ...given
    } = await store.getRun(await store.createRun({ suite_id, name: 'n', model: 'm', ...undefinedRun }));
    const ofNull = await store.getRun(await store.createRun({ suite_id, name: 'n', model: 'm', ...nullRun }));
    for (const run of [given, ofNull]) assert.deepEqual(Object.keys(run), Object.keys(plain));
    await store.updateRun(plain.id, { tags: none, metadata: none, label: none, benchmarks: none, checkpoint: none });
    await store.finishRun(plain.id, 'completed', null);
    assert.equal((await store.getRun(plain.id)).summary, null);
  });

  test('fields of a case', async (t) => {
    const store = open(t);
    const suite_id = (await store.createSuite('s')).id;
    const run_id = await store.createRun({ suite_id, name: 'n', model: 'm' });
    const required = { run_id, input: 1, output: null, latency_ms: null, tokens_in: null, tokens_out: null };
    const more = (value) =>
      Object.fromEntries(
        ['expected', 'error', 'key', 'trial', 'benchmark', 'cluster', 'metadata', 'cost_usd', 'started_at'].map(
          (name) => [name, value],
        ),
      );
    await store.saveCases([undefined, null].map((value, idx) => ({ ...required, idx, ...more(value) })));
    const saved = { ...required, expected: null, error: null };
    assert.deepEqual(
      (await store.getCases(run_id)).map(({ id: _, ...rest }) => rest),
      [0, 1].map((idx) => ({ ...saved, idx })),
    );
  });

  test('options of doctor and prune, fields of a benchmark result', async (t) => {
    const store = open(t);
    const suite_id = (await store.createSuite('s')).id;
    const run = await store.createRun({ suite_id, name: 'n', model: 'm' });
    const result = { benchmark: 'b', score: 1, num_examples: 1, num_correct: 1 };
    const absent = { num_errors: none, num_truncated: none, metrics: none, time_seconds: none, pass_at_k: none };
    await store.saveBenchmarkResult(run, { ...result, ...absent });
    assert.deepEqual((await store.getBenchmarkResult(run, 'b')).metrics, {});
    assert.ok((await store.doctor({ staleAfterMs: none, fix: none, failStaleRuns: none })).healthy);
    const options = { keep: 1, olderThanMs: none, maxBytes: none, suiteId: none, dryRun: none };
    assert.deepEqual((await store.prune(options)).runs, []);
  });
});
