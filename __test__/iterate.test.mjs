import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onEveryConnection, onEverySynchronousConnection } from './support/conformance.mjs';
import { newCase, newCases, newRun } from './support/data.mjs';
import { collect } from './support/either.mjs';

/** Makes a run with this many cases; returns its id. */
async function runOf(store, count, data) {
  const runId = await newRun(store);
  await store.saveCases(newCases(runId, count, data));
  return runId;
}

onEveryConnection((open) => {
  for (const [count, batchSize] of [
    [0, 10],
    [1, 1],
    [5, 2],
    [6, 3],
    [700, undefined],
    [100, 10_000],
  ]) {
    test(`${count} cases in chunks of ${batchSize ?? 'the default size'} are those of getCases`, async (t) => {
      const store = open(t);
      const runId = await runOf(store, count, (idx) => ({ input: { idx }, key: idx % 2 ? `k${idx}` : undefined }));
      const options = batchSize === undefined ? undefined : { batchSize };
      assert.deepEqual(await collect(store.iterateCases(runId, options)), await store.getCases(runId));
    });
  }

  test('cases of one idx are each read once, wherever a chunk ends', async (t) => {
    const store = open(t);
    const runId = await runOf(store, 50, (at) => ({ idx: Math.floor(at / 10) }));
    for (const batchSize of [1, 3, 7, 10]) {
      assert.deepEqual(await collect(store.iterateCases(runId, { batchSize })), await store.getCases(runId));
    }
  });

  test('any idx orders the chunks: fractions, negative and infinite ones', async (t) => {
    const store = open(t);
    const places = [-Infinity, -1, -0.5, 0, 0.25, 0.5, 1, 2 ** 53, 1e300, Infinity];
    const runId = await runOf(store, places.length, (at) => ({ idx: places.at(-1 - at) }));
    assert.deepEqual(
      (await collect(store.iterateCases(runId, { batchSize: 2 }))).map(({ idx }) => idx),
      places,
    );
  });

  test('each loop over the result of iterateCases reads from the start', async (t) => {
    const store = open(t);
    const cases = store.iterateCases(await runOf(store, 5), { batchSize: 2 });
    for (const loop of ['first', 'second']) {
      const places = (await collect(cases)).map(({ idx }) => idx);
      assert.deepEqual(places, [0, 1, 2, 3, 4], loop);
    }
  });

  test('a loop may be left early, and then nothing more is read', async (t) => {
    const store = open(t);
    const runId = await runOf(store, 10);
    const seen = [];
    for await (const { id } of store.iterateCases(runId, { batchSize: 2 })) {
      seen.push(id);
      if (seen.length === 3) break;
    }
    assert.deepEqual(seen, ['c0', 'c1', 'c2']);
    await store.deleteRun(runId);
  });

  test('cases saved behind the place of reading are seen, and those read are not read again', async (t) => {
    const store = open(t);
    const runId = await runOf(store, 4);
    const seen = [];
    for await (const { id } of store.iterateCases(runId, { batchSize: 2 })) {
      seen.push(id);
      if (id === 'c0')
        await store.saveCases([newCase(runId, { id: 'before', idx: -1 }), newCase(runId, { id: 'behind', idx: 9 })]);
    }
    assert.deepEqual(seen, ['c0', 'c1', 'c2', 'c3', 'behind']);
  });

  test('for await lets the event loop turn between chunks', async (t) => {
    const store = open(t);
    const runId = await runOf(store, 100);
    let turns = 0;
    let reading = true;
    (function turn() {
      turns++;
      if (reading) setImmediate(turn);
    })();
    const turnsAtRow = [];
    for await (const row of store.iterateCases(runId, { batchSize: 10 })) turnsAtRow[row.idx] = turns;
    reading = false;
    for (let chunk = 1; chunk < 10; chunk++) {
      assert.ok(turnsAtRow[chunk * 10] > turnsAtRow[chunk * 10 - 1], `no turn before chunk ${chunk}`);
    }
  });

  test('chunks of large cases have fewer cases than batchSize, so that they stay small', async (t) => {
    const store = open(t);
    const runId = await runOf(store, 12, () => ({ output: 'x'.repeat(300_000) }));
    let turns = 0;
    let reading = true;
    (function turn() {
      turns++;
      if (reading) setImmediate(turn);
    })();
    const seen = new Set();
    for await (const _ of store.iterateCases(runId, { batchSize: 1000 })) seen.add(turns);
    reading = false;
    assert.ok(seen.size > 4, `${seen.size} chunks`);
  });

  test('nothing is read before the first row is requested', async (t) => {
    const store = open(t);
    const runId = await newRun(store);
    const cases = store.iterateCases(runId);
    await store.saveCases(newCases(runId, 3));
    assert.equal((await collect(cases)).length, 3);
  });

  test('closing the store ends a loop with an error at the next chunk', async (t) => {
    const store = open(t);
    const runId = await runOf(store, 4);
    const seen = [];
    await assert.rejects(
      async () => {
        for await (const { id } of store.iterateCases(runId, { batchSize: 2 })) {
          seen.push(id);
          await store.close();
        }
      },
      { code: 'ERR_RUNSTORE_CLOSED' },
    );
    assert.deepEqual(seen, ['c0', 'c1']);
  });

  test('batchSize is a whole number from 1 to 10,000', async (t) => {
    const store = open(t);
    for (const batchSize of [0, -1, 1.5, 10_001, Number.NaN, Number.POSITIVE_INFINITY]) {
      await assert.rejects(async () => store.iterateCases('r', { batchSize }), {
        name: 'RangeError',
        code: 'ERR_RUNSTORE_INVALID_ARGUMENT',
        message: /iterateCases: options\.batchSize/,
      });
    }
    for (const batchSize of ['10', null, 5n]) {
      await assert.rejects(async () => store.iterateCases('r', { batchSize }), { name: 'TypeError' });
    }
    await assert.rejects(async () => store.iterateCases('r', null), {
      name: 'TypeError',
      message: /iterateCases: options/,
    });
  });
});

onEverySynchronousConnection((open) => {
  test('for…of reads what for await…of reads', async (t) => {
    const store = open(t);
    const runId = await runOf(store, 700);
    const cases = store.iterateCases(runId, { batchSize: 100 });
    assert.deepEqual([...cases], await collect(cases));
  });

  test('for…of may be left early, and reads no further', async (t) => {
    const store = open(t);
    const runId = await runOf(store, 10);
    const seen = [];
    for (const { id } of store.iterateCases(runId, { batchSize: 2 })) {
      seen.push(id);
      if (seen.length === 3) break;
    }
    assert.deepEqual(seen, ['c0', 'c1', 'c2']);
    store.deleteRun(runId);
  });

  test('closing the store ends a for…of with an error at the next chunk', async (t) => {
    const store = open(t);
    const runId = await runOf(store, 4);
    const seen = [];
    assert.throws(
      () => {
        for (const { id } of store.iterateCases(runId, { batchSize: 2 })) {
          seen.push(id);
          store.close();
        }
      },
      { code: 'ERR_RUNSTORE_CLOSED' },
    );
    assert.deepEqual(seen, ['c0', 'c1']);
  });
});
