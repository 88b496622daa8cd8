// Values that are too deep or too large are kept, or refused by an error that names them: there is never a
// crash, and never a row that cannot be read again.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { onEveryConnection } from './support/conformance.mjs';
import { newPath, openStore } from './support/connections.mjs';
import { newCase, newCases, newRun } from './support/data.mjs';
import { isFirstNode } from './support/first-node.mjs';
import { openBetterSqlite3 } from './support/reference-packages.mjs';
import { isShort } from './support/scope.mjs';

const DEEP = 100_000;

function nested(depth) {
  let value = 'bottom';
  for (let level = 0; level < depth; level++) value = level % 2 === 0 ? [value] : { a: value };
  return value;
}

/** Counts the levels without calling itself. */
function depthOf(value) {
  let depth = 0;
  for (let inner = value; typeof inner === 'object'; inner = Array.isArray(inner) ? inner[0] : inner.a) depth++;
  return depth;
}

onEveryConnection((open) => {
  test('JSON nested 100,000 deep is refused by name, and the store keeps working', async (t) => {
    const store = open(t);
    const runId = await newRun(store);
    const deep = nested(DEEP);
    const { suite_id } = await store.getRun(runId);
    for (const [name, save] of Object.entries({
      'cases[600].input': () => store.saveCases([...newCases(runId, 600), newCase(runId, { input: deep })]),
      'cases[0].expected': () => store.saveCases([newCase(runId, { expected: deep })]),
      'cases[0].metadata': () => store.saveCases([newCase(runId, { metadata: deep })]),
      'run.config': () => store.createRun({ suite_id, name: 'n', model: 'm', config: deep }),
      'run.metadata': () => store.createRun({ suite_id, name: 'n', model: 'm', metadata: deep }),
      'finishRun: summary': () => store.finishRun(runId, 'completed', deep),
    })) {
      await assert.rejects(
        async () => save(),
        ({ code, message, cause }) => {
          assert.equal(code, 'ERR_RUNSTORE_TOO_LARGE');
          assert.ok(message.includes(`${name} is nested too deep`), message);
          assert.ok(cause instanceof RangeError);
          return true;
        },
      );
    }
    assert.equal(await store.countCases(runId), 0);
    assert.equal((await store.listRuns()).length, 1);
    await store.saveCases(newCases(runId, 600));
    assert.equal(await store.countCases(runId), 600);
  });

  test('a toJSON that runs out of stack by itself is an error of the caller’s, as it is', async (t) => {
    const store = open(t);
    const runId = await newRun(store);
    const endless = () => endless();
    await assert.rejects(
      async () => store.saveCases([newCase(runId, { input: { toJSON: endless } })]),
      (error) => error instanceof RangeError && error.code === undefined,
    );
    assert.equal(await store.countCases(runId), 0);
  });
});

test('JSON nested 100,000 deep that another program stored is read', (t) => {
  const path = newPath(t);
  const store = openStore(t, path);
  const runId = newRun(store);
  store.saveResults(runId, [{ ...newCase(undefined, { id: 'c' }), scores: [{ scorer_name: 's', score: 0 }] }]);
  const text = `${'[{"a":'.repeat(DEEP / 2)}0${'}]'.repeat(DEEP / 2)}`;
  const db = openBetterSqlite3(path);
  t.after(() => db.close());
  db.prepare('UPDATE cases SET input = ?, expected = ?, metadata = ?').run(text, text, text);
  db.prepare('UPDATE runs SET config = ?, summary = ?, metadata = ?').run(text, text, text);
  for (const [row] of [store.getCases(runId), store.getFailingCases(runId), [...store.iterateCases(runId)]]) {
    assert.deepEqual([row.input, row.expected, row.metadata].map(depthOf), [DEEP, DEEP, DEEP]);
  }
  for (const run of [store.getRun(runId), ...store.listRuns()]) {
    assert.deepEqual([run.config, run.summary, run.metadata].map(depthOf), [DEEP, DEEP, DEEP]);
  }
});

// Half a gigabyte is the point of these, and takes ten seconds each to write and to read.
if (isFirstNode && !isShort) {
  test('a text of 500 MB is kept, one too large for a row is refused, and so is a row of several', (t) => {
    const store = openStore(t, newPath(t));
    const runId = newRun(store);
    const large = Buffer.alloc(500_000_000, 'runstore').latin1Slice();
    store.saveCases([newCase(runId, { id: 'large', output: large })]);
    const larger = `${large}${'€'.repeat(12e6)}`;
    for (const fields of [{ output: large, error: large }, { output: larger }]) {
      assert.throws(() => store.saveCases([newCase(runId, fields)]), {
        code: 'ERR_RUNSTORE_TOO_LARGE',
        message: /^saveCases: cases\[0\]/,
      });
    }
    const [{ output }] = store.getCases(runId);
    assert.equal(output.length, large.length);
    const digest = (text) => createHash('sha256').update(text, 'latin1').digest('hex');
    assert.equal(digest(output), digest(large));
  });

  test('failing cases whose inputs together are longer than a string can be are read', (t) => {
    const store = openStore(t, ':memory:');
    const runId = newRun(store);
    const input = 'x'.repeat(6 << 20);
    const scores = [{ scorer_name: 's', score: 0 }];
    const results = function* () {
      for (let idx = 0; idx < 90; idx++) yield { idx, input, scores };
    };
    store.saveResults(runId, results());
    const rows = store.getFailingCases(runId);
    assert.equal(rows.length, 90);
    assert.ok(rows.every((row) => row.input === input));
  });
}

test('a list that is longer than one string should be comes whole, in order', (t) => {
  const store = openStore(t, ':memory:');
  // The first string ends after 64 MiB, which the first row fills.
  const contents = { a: 'x'.repeat(65 << 20), b: 'y', c: 'z' };
  const { id: suite_id } = store.createSuite('suite');
  for (const [name, content] of Object.entries(contents)) {
    store.createPrompt(name, content);
    store.createRun({ suite_id, name, model: 'm', config: { content } });
  }
  const prompts = store.listPrompts().map(({ name, content }) => [name, content]);
  const runs = store.listRuns(suite_id).map(({ name, config }) => [name, config.content]);
  for (const rows of [prompts, runs]) {
    assert.deepEqual(
      rows.map(([name]) => name),
      ['a', 'b', 'c'],
    );
    assert.ok(rows.every(([name, content]) => content === contents[name]));
  }
});

test('a trajectory whose few texts stand for more than a string can hold is refused', (t) => {
  const store = openStore(t, ':memory:');
  const runId = newRun(store);
  const turn = { role: 'user', content: 'a'.repeat(60 << 20) };
  for (let time = 0; time < 2; time++) store.appendTurns(runId, 'b', 0, Array(5).fill(turn));
  for (const read of [() => store.getTrajectory(runId, 'b', 0), () => store.getTrajectories(runId)]) {
    assert.throws(read, {
      code: 'ERR_RUNSTORE_TOO_LARGE',
      message: /trajectory 0 of benchmark "b" takes more JSON than a string can hold/,
    });
  }
});
