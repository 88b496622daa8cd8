import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compare, gate } from 'runstore/comparison';
import { listAnnotations, saveAnnotations } from 'runstore/report';
import { onEveryConnection } from './support/conformance.mjs';
import { openStore } from './support/connections.mjs';
import { saveRun } from './support/runs.mjs';

async function saveThree(store) {
  const suite_id = (await store.createSuite('suite')).id;
  const cases = ['a', 'b', 'c'].map((id) => ({ id, input: id, scores: { exact: 1 } }));
  return saveRun(store, suite_id, cases);
}

const withoutTime = ({ at: _, earlier, ...rest }) => ({ ...rest, earlier: earlier.map(({ at: __, ...one }) => one) });

onEveryConnection((open) => {
  test('annotations are returned in the order of the cases, with earlier ones by the same person', async (t) => {
    const store = open(t);
    const run = await saveThree(store);
    const started = Date.now();
    await saveAnnotations(store, [
      { caseId: 'b', name: 'ada', pass: false, note: 'no' },
      { caseId: 'a', name: 'bob', score: 0.5 },
      { caseId: 'a', name: 'ada', pass: true },
    ]);
    await saveAnnotations(store, [{ caseId: 'b', name: 'ada', score: 0.25, note: 'half' }]);
    await saveAnnotations(store, [{ caseId: 'b', name: 'ada', pass: true }]);
    const found = await listAnnotations(store, run);
    assert.deepEqual(found.map(withoutTime), [
      { caseId: 'a', name: 'ada', score: 1, note: null, earlier: [] },
      { caseId: 'a', name: 'bob', score: 0.5, note: null, earlier: [] },
      {
        ...{ caseId: 'b', name: 'ada', score: 1, note: null },
        earlier: [
          { score: 0.25, note: 'half' },
          { score: 0, note: 'no' },
        ],
      },
    ]);
    for (const { at } of found) assert.ok(at >= started && at <= Date.now());
  });

  test('annotations are scores like any other, and the last one counts', async (t) => {
    const store = open(t);
    const run = await saveThree(store);
    for (const pass of [true, false]) await saveAnnotations(store, [{ caseId: 'a', name: 'ada', pass }]);
    assert.deepEqual((await store.getRunSummary(run)).meanScores, { exact: 1, 'human:ada': 0 });
  });

  test('compare and gate leave them out unless they are named', async (t) => {
    const store = open(t);
    const suite_id = (await store.createSuite('s')).id;
    const runOf = (human) =>
      saveRun(
        store,
        suite_id,
        Array.from({ length: 40 }, (_, at) => ({
          input: at,
          output: 'same',
          scores: { exact: at % 2, ...(at < 3 ? human : {}) },
        })),
      );
    const [baseline, candidate] = [await runOf({}), await runOf({ 'human:ada': 0 })];
    const report = await gate(store, baseline, candidate);
    assert.equal(report.decision, 'ALLOW');
    assert.deepEqual(
      report.comparison.scorers.map(({ scorer }) => scorer),
      ['exact'],
    );
    const named = await gate(store, baseline, candidate, { scorers: ['exact', 'human:ada'] });
    assert.equal(named.decision, 'INCONCLUSIVE');
    const people = await saveRun(store, suite_id, [{ input: 0, scores: { 'human:ada': 1 } }]);
    const { scorers } = await compare(
      store,
      people,
      await saveRun(store, suite_id, [{ input: 0, scores: { 'human:ada': 1 } }]),
    );
    assert.deepEqual(
      scorers.map(({ scorer }) => scorer),
      ['human:ada'],
    );
  });

  test('all are saved, or none', async (t) => {
    const store = open(t);
    const run = await saveThree(store);
    const rows = [
      { caseId: 'a', name: 'ada', pass: true },
      { caseId: 'none', name: 'ada', pass: true },
    ];
    await assert.rejects(async () => saveAnnotations(store, rows), {
      code: 'ERR_RUNSTORE_NOT_FOUND',
      message: /annotations\[1\].*"none"/,
    });
    assert.deepEqual(await listAnnotations(store, run), []);
  });
});

test('wrong fields are named', (t) => {
  const store = openStore(t, ':memory:');
  const good = { caseId: 'a', name: 'ada', score: 1 };
  for (const [given, message] of [
    [{ ...good, pass: true }, /annotations\[0\] must have either a score or pass/],
    [{ caseId: 'a', name: 'ada' }, /annotations\[0\] must have either a score or pass/],
    [{ ...good, score: Number.NaN }, /annotations\[0\]\.score must be a finite number/],
    [{ ...good, score: '1' }, /annotations\[0\]\.score must be a number/],
    [{ ...good, name: 7 }, /annotations\[0\]\.name/],
    [{ ...good, name: ' ' }, /annotations\[0\]\.name must be a name/],
    [{ ...good, caseId: null }, /annotations\[0\]\.caseId/],
    [{ ...good, notes: 'x' }, /annotations\[0\]\.notes is not a field of an annotation/],
    [null, /annotations\[0\]/],
  ]) {
    assert.throws(() => saveAnnotations(store, [given]), { code: 'ERR_RUNSTORE_INVALID_ARGUMENT', message });
  }
  assert.throws(() => saveAnnotations(store, good), { code: 'ERR_RUNSTORE_INVALID_ARGUMENT' });
  assert.throws(() => listAnnotations(store), { code: 'ERR_RUNSTORE_INVALID_ARGUMENT' });
});
