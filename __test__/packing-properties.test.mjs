// Any value in a row is read back as the documents and JSON say, or refused with a typed error, and then nothing of the
// batch is saved. The expected value is worked out here, from the documented type of each field and by
// JSON.parse(JSON.stringify(value)), which is what @deepagents/evals keeps.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RunStoreError } from 'runstore';
import { openStore } from './support/connections.mjs';
import { newRun } from './support/data.mjs';
import { count, SEED, TIMES, tell } from './support/figures.mjs';
import { importPackage } from './support/reference-packages.mjs';

const { default: fc } = await importPackage('fast-check');

const REFUSED = Symbol('refused');
const isSet = (value) => value !== undefined && value !== null;

/** What each kind of field keeps of a value. */
const keeps = {
  text: (value) => (typeof value === 'string' ? value.toWellFormed() : REFUSED),
  textOrNull: (value) => (value === null ? null : keeps.text(value)),
  optionalText: (value) => (isSet(value) ? keeps.text(value) : null),
  number: (value) => (typeof value === 'number' && !Number.isNaN(value) ? value + 0 : REFUSED),
  numberOrNull: (value) => (value === null || Number.isNaN(value) ? null : keeps.number(value)),
  optionalNumber: (value) => (isSet(value) ? keeps.number(value) : null),
  json(value) {
    try {
      const written = JSON.stringify(value);
      return written === undefined ? REFUSED : JSON.parse(written);
    } catch {
      return REFUSED;
    }
  },
  optionalJson: (value) => (isSet(value) ? keeps.json(value) : null),
};

const more = {
  key: 'optionalText',
  trial: 'optionalNumber',
  benchmark: 'optionalText',
  cluster: 'optionalText',
  metadata: 'optionalJson',
  cost_usd: 'optionalNumber',
  started_at: 'optionalNumber',
};
const cases = {
  idx: 'number',
  input: 'json',
  output: 'textOrNull',
  expected: 'optionalJson',
  latency_ms: 'numberOrNull',
  tokens_in: 'numberOrNull',
  tokens_out: 'numberOrNull',
  error: 'optionalText',
};
const results = {
  ...cases,
  output: 'optionalText',
  latency_ms: 'optionalNumber',
  tokens_in: 'optionalNumber',
  tokens_out: 'optionalNumber',
};
const scores = { scorer_name: 'text', score: 'number', reason: 'optionalText' };
const moreOfScores = { metadata: 'optionalJson', answer: 'optionalText' };

/** The row that comes back; fields of `optional` only where they were set. */
function kept(given, fields, optional) {
  const row = {};
  for (const [name, kind] of Object.entries(fields)) row[name] = keeps[kind](given[name]);
  for (const [name, kind] of Object.entries(optional)) {
    if (isSet(given[name])) row[name] = keeps[kind](given[name]);
  }
  return row;
}

const isRefused = (row) => Object.values(row).includes(REFUSED);

const oddities = [Symbol('s'), () => 1, class A {}, new Date(1e12), new Date(Number.NaN), Object(5), Object('x')];
oddities.push(new Map([[1, 2]]), new Set([1]), /x/g, new Error('x'), new Proxy({}, {}), Object.create(null), 10n, -0);
oddities.push({ toJSON: () => undefined }, { toJSON: (key) => key }, new Uint8Array(3), Array(3), '\ud800', 'a\0b');
oddities.push(JSON.parse('{"__proto__":1}'), { a: undefined }, { a: 1n }, 2 ** 53, 2 ** 63, 1e300, 5e-324, Number.NaN);
const text = fc.string({ unit: 'binary' });
const anything = fc.oneof(
  fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withSet: true,
    withTypedArray: true,
    stringUnit: 'binary',
  }),
  fc.constantFrom(undefined, null, true, ...oddities),
);
/** Mostly values of the right kind, so that a row is often kept. */
const suited = {
  text,
  textOrNull: fc.option(text),
  optionalText: fc.option(text, { nil: undefined }),
  number: fc.double({ noNaN: true }),
  numberOrNull: fc.option(fc.double()),
  optionalNumber: fc.option(fc.double({ noNaN: true })),
  json: fc.jsonValue({ stringUnit: 'binary' }),
  optionalJson: fc.option(fc.jsonValue()),
};

const fieldOf = (kind) => fc.oneof({ weight: 30, arbitrary: suited[kind] }, { weight: 1, arbitrary: anything });

function rowOf(fields, optional) {
  const values = (kinds) => Object.fromEntries(Object.entries(kinds).map(([name, kind]) => [name, fieldOf(kind)]));
  return fc
    .tuple(fc.record(values(fields)), fc.option(fc.record(values(optional), { requiredKeys: [] }), { nil: {} }))
    .map(([row, rest]) => ({ ...row, ...rest }));
}

/** A typed error of ours, or exactly what JSON.stringify itself throws. */
function assertTyped(error) {
  if (error instanceof RunStoreError) return assert.equal(error.code, 'ERR_RUNSTORE_INVALID_ARGUMENT');
  assert.ok(error instanceof TypeError && /BigInt|circular/i.test(error.message), error);
}

/** Saves, and returns whether it was refused. */
function saves(action) {
  try {
    action();
    return true;
  } catch (error) {
    assertTyped(error);
    return false;
  }
}

const inOrder = (rows) => rows.map((row, at) => [row, at]).sort(([a, i], [b, j]) => a.idx - b.idx || i - j);
const sorted = (rows) => inOrder(rows).map(([row]) => row);
const runs = { numRuns: 600 * TIMES, seed: SEED };

test('saveCases keeps what the fields can hold, and refuses the rest', (t) => {
  const store = openStore(t, ':memory:');
  fc.assert(
    fc.property(fc.array(rowOf(cases, more), { minLength: 1, maxLength: 6 }), (given) => {
      const run_id = newRun(store);
      const wanted = given.map((row) => kept(row, cases, more));
      const saved = saves(() => store.saveCases(given.map((row) => ({ ...row, run_id }))));
      assert.equal(saved, !wanted.some(isRefused));
      const rows = store.getCases(run_id);
      if (!saved) return assert.deepEqual(rows, []);
      assert.deepEqual(
        rows.map(({ id, run_id: run, ...row }) => row),
        sorted(wanted),
      );
    }),
    runs,
  );
  tell(t, count(runs.numRuns, 'batches'));
});

test('saveResults keeps what the fields of cases and scores can hold, and refuses the rest', (t) => {
  const store = openStore(t, ':memory:');
  const result = fc.tuple(rowOf(results, more), fc.array(rowOf(scores, moreOfScores), { minLength: 1, maxLength: 3 }));
  fc.assert(
    fc.property(fc.array(result, { minLength: 1, maxLength: 4 }), (given) => {
      const run_id = newRun(store);
      const wanted = given.map(([row, judged]) => ({
        ...kept(row, results, more),
        scores: judged.map((one) => kept(one, scores, moreOfScores)),
      }));
      const saved = saves(() =>
        store.saveResults(
          run_id,
          given.map(([row, judged]) => ({ ...row, scores: judged })),
        ),
      );
      assert.equal(saved, !wanted.some((row) => isRefused(row) || row.scores.some(isRefused)));
      if (!saved) return assert.equal(store.countCases(run_id), 0);
      // +∞ is below no threshold.
      const finite = wanted.map((row) => ({ ...row, scores: row.scores.filter(({ score }) => score < Infinity) }));
      assert.deepEqual(
        store.getFailingCases(run_id, Infinity).map(({ id, run_id: run, ...row }) => row),
        sorted(finite.filter((row) => row.scores.length > 0)),
      );
    }),
    runs,
  );
  tell(t, count(runs.numRuns, 'batches'));
});

test('the ids, names and texts of everything else are kept or refused alike', (t) => {
  const store = openStore(t, ':memory:');
  fc.assert(
    fc.property(fieldOf('text'), fieldOf('optionalJson'), (name, metadata) => {
      const suite = store.createSuite('suite').id;
      const wanted = [keeps.text(name), keeps.optionalJson(metadata)];
      let id;
      const saved = saves(() => {
        id = store.createRun({ suite_id: suite, name, model: name, metadata });
      });
      assert.equal(saved, !wanted.includes(REFUSED));
      if (!saved) return assert.deepEqual(store.listRuns(suite), []);
      const row = store.getRun(id);
      assert.deepEqual([row.name, row.model, row.metadata ?? null], [wanted[0], wanted[0], wanted[1]]);
      assert.deepEqual(store.listRuns(suite), [row]);
    }),
    runs,
  );
  tell(t, count(runs.numRuns, 'batches'));
});
