// Code of the caller's runs while its rows are read: getters, toJSON, iterators. What it throws comes out as the same
// object, and nothing of the batch is left.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onEveryConnection, onEverySynchronousConnection } from './support/conformance.mjs';
import { newCase, newCases, newRun } from './support/data.mjs';

class Oops extends Error {}

/** Asserts that exactly this object is thrown. */
async function throwsExactly(expected, action) {
  try {
    await action();
  } catch (error) {
    assert.equal(error, expected);
    return;
  }
  assert.fail('nothing was thrown');
}

/** Ways in which a case can throw while it is read. */
const throwing = {
  'a getter': (error, run_id) => ({
    ...newCase(run_id),
    get output() {
      throw error;
    },
  }),
  'toJSON of the input': (error, run_id) =>
    newCase(run_id, {
      input: {
        toJSON() {
          throw error;
        },
      },
    }),
  'a getter deep in the expected value': (error, run_id) =>
    newCase(run_id, {
      expected: [
        {
          get deep() {
            throw error;
          },
        },
      ],
    }),
  'a proxy': (error) =>
    new Proxy(
      {},
      {
        get() {
          throw error;
        },
      },
    ),
};

onEveryConnection((open) => {
  for (const [what, make] of Object.entries(throwing)) {
    for (const before of [0, 1, 700]) {
      test(`what ${what} throws after ${before} cases comes out as it is, and nothing of the batch is left`, async (t) => {
        const store = open(t);
        const runId = await newRun(store);
        const error = new Oops(what);
        await throwsExactly(error, async () => store.saveCases([...newCases(runId, before), make(error, runId)]));
        assert.equal(await store.countCases(runId), 0);
        await store.saveCases(newCases(runId, 800));
        assert.equal(await store.countCases(runId), 800);
      });
    }
  }

  test('any thrown value is passed on', async (t) => {
    const store = open(t);
    const runId = await newRun(store);
    for (const thrown of ['text', 5, null, undefined, Symbol('s')]) {
      await throwsExactly(thrown, async () =>
        store.saveCases([
          ...newCases(runId, 600),
          {
            get id() {
              throw thrown;
            },
          },
        ]),
      );
    }
    assert.equal(await store.countCases(runId), 0);
  });

  test('an exception of an iterator is passed on unchanged, and the iterator is closed when a row is refused', async (t) => {
    const store = open(t);
    const runId = await newRun(store);
    const error = new Oops('iterator');
    let ended = 0;
    function* cases(last) {
      try {
        yield* newCases(runId, 600);
        if (last === undefined) throw error;
        yield last;
        assert.fail('the iterator was asked for more');
      } finally {
        ended++;
      }
    }
    await throwsExactly(error, async () => store.saveCases(cases()));
    await assert.rejects(async () => store.saveCases(cases({ ...newCase(runId), idx: 'x' })), {
      code: 'ERR_RUNSTORE_INVALID_ARGUMENT',
    });
    assert.equal(ended, 2);
    assert.equal(await store.countCases(runId), 0);
  });

  test('an exception of the scores of a result is passed on unchanged', async (t) => {
    const store = open(t);
    const runId = await newRun(store);
    const error = new Oops('scores');
    const results = newCases(undefined, 600);
    results.push({
      ...newCase(),
      get scores() {
        throw error;
      },
    });
    await throwsExactly(error, async () => store.saveResults(runId, results));
    assert.equal(await store.countCases(runId), 0);
  });

  test('an exception of the config of a run is passed on unchanged, and no run is created', async (t) => {
    const store = open(t);
    const error = new Oops('config');
    const config = {
      toJSON() {
        throw error;
      },
    };
    await throwsExactly(error, async () => newRun(store, { config }));
    assert.deepEqual(await store.listRuns(), []);
  });

  test('a BigInt and a cycle are refused as JSON.stringify refuses them, and nothing of the batch is left', async (t) => {
    const store = open(t);
    const runId = await newRun(store);
    const cycle = {};
    cycle.self = cycle;
    for (const input of [1n, cycle]) {
      await assert.rejects(
        async () => store.saveCases([...newCases(runId, 600), newCase(runId, { input })]),
        TypeError,
      );
    }
    assert.equal(await store.countCases(runId), 0);
  });

  test('cases can be saved while they are iterated', async (t) => {
    const store = open(t);
    const [runId, copy] = [await newRun(store), await newRun(store)];
    await store.saveCases(newCases(runId, 50));
    for await (const { id, ...row } of store.iterateCases(runId, { batchSize: 7 })) {
      await store.saveCases([{ ...row, run_id: copy, error: undefined }]);
    }
    assert.equal(await store.countCases(copy), 50);
  });
});

onEverySynchronousConnection((open) => {
  test('a batch saved by a toJSON of another batch is whole, as is the other', (t) => {
    const store = open(t);
    const runId = newRun(store);
    const inner = {
      toJSON() {
        store.saveCases(Array.from({ length: 600 }, (_, idx) => newCase(runId, { id: `inner${idx}`, idx })));
        return 'inner';
      },
    };
    for (const before of [0, 700]) {
      store.resetRun(runId);
      store.saveCases([...newCases(runId, before), newCase(runId, { id: 'outer', idx: 9999, input: inner })]);
      const rows = store.getCases(runId);
      assert.equal(rows.length, before + 601);
      assert.equal(rows.at(-1).input, 'inner');
      assert.equal(rows.filter(({ id }) => id.startsWith('inner')).length, 600);
    }
  });

  test('a batch that fails in a toJSON of another batch leaves nothing; the other decides for itself', (t) => {
    const store = open(t);
    const runId = newRun(store);
    let inner;
    const input = {
      toJSON() {
        try {
          store.saveCases([newCase(runId, { id: 'inner' }), newCase('nowhere')]);
        } catch (error) {
          inner = error;
        }
        return 'outer goes on';
      },
    };
    store.saveCases([...newCases(runId, 700), newCase(runId, { id: 'outer', input })]);
    assert.equal(inner.code, 'ERR_RUNSTORE_CONSTRAINT');
    assert.equal(store.countCases(runId), 701);
    assert.ok(store.getCases(runId).every(({ id }) => id !== 'inner'));
  });

  test('cases can be read while they are saved', (t) => {
    const store = open(t);
    const runId = newRun(store);
    const seen = [];
    const input = {
      toJSON() {
        seen.push(store.countCases(runId), store.getCases(runId).length);
        return 'x';
      },
    };
    store.saveCases(newCases(runId, 3, () => ({ input })));
    // The three rows cross together, once all of them were read.
    assert.deepEqual(seen, [0, 0, 0, 0, 0, 0]);
    assert.equal(store.countCases(runId), 3);
  });
});
