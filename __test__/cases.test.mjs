import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onEveryConnection } from './support/conformance.mjs';
import { newCase, newCases, newRun, uuidV7 } from './support/data.mjs';

const ids = (cases) => cases.map(({ id }) => id);

onEveryConnection((open) => {
  test('getCases returns what saveCases saved, with the documented keys in their order', async (t) => {
    const store = open(t);
    const run_id = await newRun(store);
    const saved = {
      id: 'c',
      run_id,
      idx: 7,
      input: { question: 'Capital of France?' },
      output: 'Paris',
      expected: ['Paris'],
      latency_ms: 210.5,
      tokens_in: 12,
      tokens_out: 3,
      error: 'slow',
    };
    assert.equal(await store.saveCases([saved]), undefined);
    const [row] = await store.getCases(run_id);
    assert.deepEqual(row, saved);
    assert.deepEqual(Object.keys(row), Object.keys(saved));
    assert.equal(Object.getPrototypeOf(row), Object.prototype);
  });

  test('omitted fields are null', async (t) => {
    const store = open(t);
    const run_id = await newRun(store);
    await store.saveCases([
      { id: 'c', run_id, idx: 0, input: 1, output: null, latency_ms: 1, tokens_in: 2, tokens_out: 3 },
    ]);
    const [{ output, expected, error }] = await store.getCases(run_id);
    assert.deepEqual({ output, expected, error }, { output: null, expected: null, error: null });
  });

  test('getCases returns cases by idx, and cases with the same idx in the order in which they were saved', async (t) => {
    const store = open(t);
    const run_id = await newRun(store);
    const save = async (id, idx) => store.saveCases([newCase(run_id, { id, idx })]);
    await save('d', 2);
    await save('b', 1);
    await save('a', -1);
    await save('c', 1);
    await store.saveCases([newCase(run_id, { id: 'b2', idx: 1.5 }), newCase(run_id, { id: 'c2', idx: 1 })]);
    assert.deepEqual(ids(await store.getCases(run_id)), ['a', 'b', 'c', 'c2', 'b2', 'd']);
  });

  test('getCases does not return cases of other runs', async (t) => {
    const store = open(t);
    const [a, b] = [await newRun(store), await newRun(store)];
    await store.saveCases([newCase(a, { id: 'a1' }), newCase(b, { id: 'b1' }), newCase(a, { id: 'a2' })]);
    assert.deepEqual(ids(await store.getCases(a)), ['a1', 'a2']);
    assert.deepEqual(ids(await store.getCases(b)), ['b1']);
    assert.deepEqual(await store.getCases('no such run'), []);
    assert.deepEqual(await store.getCases(null), []);
  });

  test('countCases counts the cases of a run', async (t) => {
    const store = open(t);
    const run_id = await newRun(store);
    assert.equal(await store.countCases(run_id), 0);
    await store.saveCases(newCases(run_id, 3));
    assert.equal(await store.countCases(run_id), 3);
  });

  for (const count of [0, 1, 2, 511, 512, 513, 1500]) {
    test(`a batch of ${count} cases comes back whole and in order`, async (t) => {
      const store = open(t);
      const run_id = await newRun(store);
      const cases = newCases(run_id, count, (idx) => ({ output: `output ${idx}`, input: { idx } }));
      await store.saveCases(cases);
      assert.deepEqual(
        await store.getCases(run_id),
        cases.map((one) => ({
          ...one,
          expected: null,
          error: null,
        })),
      );
    });
  }

  test('any iterable of any objects is taken, and fields that are not documented are ignored', async (t) => {
    const store = open(t);
    const run_id = await newRun(store);
    class Measured {
      constructor(id) {
        Object.assign(this, newCase(run_id), { id, surprise: 1 });
      }
      get latency_ms() {
        return 42;
      }
      set latency_ms(_) {}
    }
    await store.saveCases([new Measured('array')]);
    await store.saveCases(new Set([new Measured('set')]));
    await store.saveCases(new Map([['key', new Measured('map')]]).values());
    await store.saveCases(
      (function* () {
        yield new Measured('generator');
      })(),
    );
    await store.saveCases('');
    const rows = await store.getCases(run_id);
    assert.deepEqual(ids(rows), ['array', 'set', 'map', 'generator']);
    assert.ok(rows.every((row) => row.latency_ms === 42 && !('surprise' in row)));
  });

  test('an omitted id becomes a UUID v7, and these ids ascend', async (t) => {
    const store = open(t);
    const run_id = await newRun(store);
    await store.saveCases(Array.from({ length: 600 }, (_, idx) => newCase(run_id, { idx })));
    await store.saveCases([newCase(run_id, { id: undefined, idx: 600 })]);
    const made = ids(await store.getCases(run_id));
    assert.equal(new Set(made).size, 601);
    for (const id of made) assert.match(id, uuidV7);
    assert.deepEqual(made, made.toSorted());
  });

  test('an id may be any text', async (t) => {
    const store = open(t);
    const run_id = await newRun(store);
    const odd = ['', ' ', 'a\0b', '😀', "'; DROP TABLE cases; --", 'x'.repeat(10_000)];
    await store.saveCases(odd.map((id, idx) => newCase(run_id, { id, idx })));
    assert.deepEqual(ids(await store.getCases(run_id)), odd);
  });

  const more = {
    key: 'geo/fr',
    trial: 2,
    benchmark: 'geo',
    cluster: 'europe',
    metadata: { source: ['a', null] },
    cost_usd: 0.0125,
    started_at: 1_700_000_000_000,
  };

  test('the fields that runstore adds are saved, and follow the documented ones', async (t) => {
    const store = open(t);
    const run_id = await newRun(store);
    await store.saveCases([newCase(run_id, { id: 'c', ...more })]);
    const [row] = await store.getCases(run_id);
    assert.deepEqual(row, { ...newCase(run_id, { id: 'c' }), expected: null, error: null, ...more });
    assert.deepEqual(Object.keys(row).slice(10), Object.keys(more));
  });

  test('each field of runstore is present only in the cases that set it', async (t) => {
    const store = open(t);
    const run_id = await newRun(store);
    const sets = [
      {},
      ...Object.entries(more).map(([field, value]) => ({ [field]: value })),
      { key: null, trial: undefined },
    ];
    await store.saveCases(sets.map((set, idx) => newCase(run_id, { idx, ...set })));
    const present = (await store.getCases(run_id)).map((row) => Object.keys(row).slice(10));
    assert.deepEqual(present, [[], ...Object.keys(more).map((field) => [field]), []]);
  });

  test('a duplicate case id is refused, whether in the batch, in the run or in another run; nothing of the batch is saved', async (t) => {
    const store = open(t);
    const [run_id, other] = [await newRun(store), await newRun(store)];
    await store.saveCases([newCase(other, { id: 'taken' })]);
    for (const batch of [
      [newCase(run_id, { id: 'new' }), newCase(run_id, { id: 'new' })],
      [newCase(run_id, { id: 'new' }), newCase(run_id, { id: 'taken' })],
    ]) {
      await assert.rejects(async () => store.saveCases(batch), {
        name: 'RunStoreError',
        code: 'ERR_RUNSTORE_CONSTRAINT',
        sqliteCode: 1555,
        message: /saveCases: cases\[1\]: there is a case with id "(new|taken)" already/,
      });
    }
    await assert.rejects(async () => store.saveCases([newCase(run_id, { id: 'taken' })]), {
      code: 'ERR_RUNSTORE_CONSTRAINT',
    });
    assert.equal(await store.countCases(run_id), 0);
    assert.equal(await store.countCases(other), 1);
  });

  test('a case of a run that does not exist is refused; nothing of the batch is saved', async (t) => {
    const store = open(t);
    const run_id = await newRun(store);
    await assert.rejects(async () => store.saveCases([newCase(run_id), newCase('nowhere')]), {
      code: 'ERR_RUNSTORE_CONSTRAINT',
      sqliteCode: 787,
      message: /saveCases: cases\[1\]: there is no run with id "nowhere"/,
    });
    await assert.rejects(async () => store.saveCases([newCase('nowhere')]), { code: 'ERR_RUNSTORE_CONSTRAINT' });
    assert.equal(await store.countCases(run_id), 0);
  });

  test('an invalid row far into a batch is named by its index, and nothing of the batch is saved', async (t) => {
    const store = open(t);
    const run_id = await newRun(store);
    const cases = newCases(run_id, 1400);
    await assert.rejects(async () => store.saveCases(cases.with(1300, newCase(run_id, { id: 'c5' }))), {
      message: /saveCases: cases\[1300\]: there is a case with id "c5" already/,
    });
    await assert.rejects(async () => store.saveCases(cases.with(1300, newCase(run_id, { idx: 'x' }))), {
      message: /saveCases: cases\[1300\]\.idx must be a number/,
    });
    assert.equal(await store.countCases(run_id), 0);
    await store.saveCases(cases);
    assert.equal(await store.countCases(run_id), 1400);
  });

  test('large texts of one and of several bytes per character are read back completely', async (t) => {
    const store = open(t);
    const run_id = await newRun(store);
    const large = ['a'.repeat(3_000_000), 'é'.repeat(2_000_000), '€'.repeat(1_000_000), '😀'.repeat(700_000)];
    await store.saveCases(large.map((text, idx) => newCase(run_id, { idx, input: text, output: text })));
    const rows = await store.getCases(run_id);
    large.forEach((text, idx) => {
      assert.ok(rows[idx].input === text && rows[idx].output === text, `text ${idx} differs`);
    });
  });
});
