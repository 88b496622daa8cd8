// Rows of the measured behaviour that a random sequence cannot reach, or after which the two stores part.

import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
import { RunStore } from 'runstore';
import { attempt } from './outcome.mjs';
import { ReferenceStore, Side } from './sides.mjs';

const MEGABYTE = 1 << 20;

let opened = [];

/** Opens both stores, which are closed after the test, each on a DatabaseSync of its own, with one run. */
function both() {
  return [ReferenceStore, RunStore].map((Store) => {
    const side = new Side(Store, 'DatabaseSync in memory').open();
    opened.push(side);
    const { store } = side;
    const runId = store.createRun({ suite_id: store.createSuite('suite').id, name: 'run', model: 'm' });
    const toCase = (id, fields = {}) => ({
      id,
      run_id: runId,
      idx: 0,
      input: 'question',
      output: 'answer',
      latency_ms: 1,
      tokens_in: 1,
      tokens_out: 1,
      ...fields,
    });
    return Object.assign(side, { runId, toCase });
  });
}

const reads = (side) => {
  const cases = side.store.getCases(side.runId);
  return cases.map(({ id, output, latency_ms }) => ({ id, output, latency_ms }));
};

describe('single cases, reference and runstore', () => {
  afterEach(() => {
    for (const side of opened) side.close();
    opened = [];
  });

  test('a sum above 2^63: the reference throws, runstore returns the number', () => {
    const [reference, runstore] = both();
    for (const side of [reference, runstore]) {
      side.store.saveCases(Array.from({ length: 5 }, (_, n) => side.toCase(`case-${n}`, { latency_ms: 2 ** 61 })));
    }
    assert.throws(() => reference.store.getRunSummary(reference.runId), /integer overflow/);
    assert.equal(runstore.store.getRunSummary(runstore.runId).totalLatencyMs, 5 * 2 ** 61);
  });

  test("a batch in the caller's transaction: the reference throws, runstore joins it, and it stays open in both", () => {
    const [reference, runstore] = both();
    for (const side of [reference, runstore]) side.query('BEGIN');
    assert.throws(() => reference.store.saveCases([reference.toCase('case-1')]), /within a transaction/);
    runstore.store.saveCases([runstore.toCase('case-1')]);
    assert.ok(reference.inTransaction && runstore.inTransaction);
    runstore.query('ROLLBACK');
    assert.deepEqual(reads(runstore), []);
  });

  test('text that is not JSON in a row: both throw, runstore names the row', () => {
    const [reference, runstore] = both();
    for (const side of [reference, runstore]) {
      side.store.saveCases([side.toCase('whole'), side.toCase('damaged')]);
      side.query(`UPDATE cases SET input = '{"half' WHERE id = 'damaged'`);
    }
    assert.throws(() => reference.store.getCases(reference.runId), SyntaxError);
    assert.throws(
      () => runstore.store.getCases(runstore.runId),
      (error) => error.code === 'ERR_RUNSTORE_CORRUPT' && error.message.includes('damaged'),
    );
  });

  test('an output of 100 MB is kept by both', () => {
    const long = 'x'.repeat(100 * MEGABYTE);
    for (const side of both()) {
      side.store.saveCases([side.toCase('long', { output: long })]);
      assert.ok(side.store.getCases(side.runId)[0].output === long);
    }
  });

  test('a toJSON that creates a suite and then throws: the same error comes out, nothing of the batch is left', () => {
    for (const side of both()) {
      const boom = new Error("the caller's own error");
      const toJSON = () => {
        side.store.createSuite('made on the way');
        throw boom;
      };
      const { error } = attempt(() =>
        side.store.saveCases([side.toCase('first'), side.toCase('second', { input: { toJSON } })]),
      );
      assert.equal(error, boom);
      assert.deepEqual(reads(side), []);
      side.store.saveCases([side.toCase('first')]);
      assert.deepEqual(reads(side), [{ id: 'first', output: 'answer', latency_ms: 1 }]);
    }
  });

  test('a toJSON that saves a case itself: each batch is there as a whole or not at all', () => {
    for (const side of both()) {
      const toJSON = () => {
        side.store.saveCases([side.toCase('inner')]);
        return 'input';
      };
      const { error } = attempt(() =>
        side.store.saveCases([
          side.toCase('outer-1'),
          side.toCase('outer-2', { input: { toJSON } }),
          side.toCase('outer-3'),
        ]),
      );
      const outer = reads(side).filter(({ id }) => id.startsWith('outer'));
      assert.equal(outer.length, error ? 0 : 3);
      side.store.saveCases([side.toCase('after')]);
      assert.ok(reads(side).some(({ id }) => id === 'after'));
    }
  });

  test('a toJSON that reads the store sees whole rows and disturbs nothing', () => {
    for (const side of both()) {
      side.store.saveCases([side.toCase('before')]);
      let seen;
      const toJSON = () => {
        seen = reads(side).map(({ id }) => id);
        return 'input';
      };
      side.store.saveCases([side.toCase('first'), side.toCase('reading', { input: { toJSON } })]);
      assert.equal(seen[0], 'before');
      assert.deepEqual(
        reads(side).map(({ id }) => id),
        ['before', 'first', 'reading'],
      );
    }
  });
});
