import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onEveryConnection } from './support/conformance.mjs';
import { newCases, newRun } from './support/data.mjs';

/** Makes a run with a case `c0`, `c1`, … for each list of scores, and saves the scores in one batch. */
async function runWithScores(store, ...scoresOfCases) {
  const runId = await newRun(store);
  await store.saveCases(newCases(runId, scoresOfCases.length));
  await store.saveScores(
    scoresOfCases.flatMap((scores, at) => scores.map((score) => ({ case_id: `c${at}`, ...score }))),
  );
  return runId;
}

const all = async (store, runId) => store.getFailingCases(runId, Number.POSITIVE_INFINITY);

onEveryConnection((open) => {
  test('scores come back with their case, in the order in which they were saved', async (t) => {
    const store = open(t);
    const runId = await runWithScores(
      store,
      [
        { scorer_name: 'z', score: 0.25, reason: 'because' },
        { scorer_name: 'a', score: 1 },
      ],
      [{ scorer_name: 'm', score: 0, reason: '' }],
    );
    assert.deepEqual(
      (await all(store, runId)).map(({ id, scores }) => [id, scores]),
      [
        [
          'c0',
          [
            { scorer_name: 'z', score: 0.25, reason: 'because' },
            { scorer_name: 'a', score: 1, reason: null },
          ],
        ],
        ['c1', [{ scorer_name: 'm', score: 0, reason: '' }]],
      ],
    );
    assert.deepEqual(Object.keys((await all(store, runId))[0].scores[0]), ['scorer_name', 'score', 'reason']);
  });

  test('metadata and answer are kept, and present only when they were set', async (t) => {
    const store = open(t);
    const runId = await runWithScores(store, [
      { scorer_name: 'a', score: 0 },
      { scorer_name: 'b', score: 0, answer: '42', metadata: { judge: ['x'] } },
      { scorer_name: 'c', score: 0, answer: '' },
      { scorer_name: 'd', score: 0, answer: null, metadata: undefined },
    ]);
    assert.deepEqual((await all(store, runId))[0].scores, [
      { scorer_name: 'a', score: 0, reason: null },
      { scorer_name: 'b', score: 0, reason: null, metadata: { judge: ['x'] }, answer: '42' },
      { scorer_name: 'c', score: 0, reason: null, answer: '' },
      { scorer_name: 'd', score: 0, reason: null },
    ]);
  });

  test('a scorer may score a case twice; both scores are saved and both count', async (t) => {
    const store = open(t);
    const runId = await runWithScores(store, [
      { scorer_name: 'judge', score: 0 },
      { scorer_name: 'judge', score: 1 },
    ]);
    assert.deepEqual(
      (await all(store, runId))[0].scores.map(({ score }) => score),
      [0, 1],
    );
    assert.deepEqual((await store.getRunSummary(runId)).meanScores, { judge: 0.5 });
  });

  test('a score is any number that is not NaN', async (t) => {
    const store = open(t);
    const scores = [0, 1, -1, 0.1, 1e308, 5e-324, Number.NEGATIVE_INFINITY];
    const runId = await runWithScores(
      store,
      scores.map((score) => ({ scorer_name: 's', score })),
    );
    assert.deepEqual(
      (await all(store, runId))[0].scores.map(({ score }) => score),
      scores,
    );
  });

  for (const [what, score] of [
    ['NaN', Number.NaN],
    ['null', null],
    ['text', '0.5'],
    ['undefined', undefined],
    ['a BigInt', 1n],
  ]) {
    test(`a score that is ${what} is refused, and nothing of the batch is kept`, async (t) => {
      const store = open(t);
      const runId = await runWithScores(store, []);
      const scores = [
        { case_id: 'c0', scorer_name: 's', score: 1 },
        { case_id: 'c0', scorer_name: 's', score },
      ];
      await assert.rejects(async () => store.saveScores(scores), {
        name: 'TypeError',
        code: 'ERR_RUNSTORE_INVALID_ARGUMENT',
        message: /saveScores: scores\[1\]\.score must be a number/,
      });
      assert.deepEqual(await all(store, runId), []);
    });
  }

  test('the name of a scorer may be any text', async (t) => {
    const store = open(t);
    const names = ['', '__proto__', 'constructor', 'a\0b', '😀'];
    const runId = await runWithScores(
      store,
      names.map((scorer_name) => ({ scorer_name, score: 0 })),
    );
    assert.deepEqual(
      (await all(store, runId))[0].scores.map(({ scorer_name }) => scorer_name),
      names,
    );
  });

  test('a score id that exists is refused, and nothing of the batch is kept', async (t) => {
    const store = open(t);
    const runId = await runWithScores(store, []);
    const score = { id: 'taken', case_id: 'c0', scorer_name: 's', score: 0 };
    await store.saveScores([score]);
    await assert.rejects(async () => store.saveScores([{ ...score, id: 'new' }, score]), {
      code: 'ERR_RUNSTORE_CONSTRAINT',
      sqliteCode: 1555,
      message: /saveScores: scores\[1\]: there is a score with id "taken" already/,
    });
    assert.equal((await all(store, runId))[0].scores.length, 1);
  });

  test('a case that does not exist is refused, and nothing of the batch is kept', async (t) => {
    const store = open(t);
    const runId = await runWithScores(store, []);
    const score = { case_id: 'c0', scorer_name: 's', score: 0 };
    await assert.rejects(async () => store.saveScores([score, { ...score, case_id: 'nowhere' }]), {
      code: 'ERR_RUNSTORE_CONSTRAINT',
      sqliteCode: 787,
      message: /saveScores: scores\[1\]: there is no case with id "nowhere"/,
    });
    assert.deepEqual(await all(store, runId), []);
  });

  test('a batch of thousands of scores is read back completely', async (t) => {
    const store = open(t);
    const scores = Array.from({ length: 5 }, (_, at) => ({ scorer_name: `s${at}`, score: at / 5, reason: `r${at}` }));
    const runId = await runWithScores(store, ...Array.from({ length: 600 }, () => scores));
    const back = await all(store, runId);
    assert.equal(back.length, 600);
    for (const row of back) assert.deepEqual(row.scores, scores);
  });

  test('an empty batch changes nothing', async (t) => {
    const store = open(t);
    assert.equal(await store.saveScores([]), undefined);
  });
});
