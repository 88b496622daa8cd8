import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onEveryConnection } from './support/conformance.mjs';
import { newCases, newRun, scoredRun } from './support/data.mjs';

/** The cases as `{ id: { scorer: score } }`. */
function scoresById(rows) {
  return Object.fromEntries(
    rows.map(({ id, scores }) => [
      id,
      Object.fromEntries(scores.map(({ scorer_name, score }) => [scorer_name, score])),
    ]),
  );
}

onEveryConnection((open) => {
  test('getFailingCases returns only cases with a score below the threshold, with only those scores', async (t) => {
    const store = open(t);
    const runId = await scoredRun(store, [
      { exact: 1, judge: 0.75 },
      { exact: 0, judge: 0.75 },
      { exact: 0.25, judge: 0.25 },
    ]);
    assert.deepEqual(scoresById(await store.getFailingCases(runId)), {
      c1: { exact: 0 },
      c2: { exact: 0.25, judge: 0.25 },
    });
  });

  test('a score at the threshold does not fail', async (t) => {
    const store = open(t);
    const runId = await scoredRun(store, [{ exact: 0.5 }, { exact: 0.25 }, { exact: 0 }, { exact: -1 }]);
    const failing = async (...threshold) => Object.keys(scoresById(await store.getFailingCases(runId, ...threshold)));
    assert.deepEqual(await failing(), ['c1', 'c2', 'c3']);
    assert.deepEqual(await failing(undefined), ['c1', 'c2', 'c3']);
    assert.deepEqual(await failing(0.25), ['c2', 'c3']);
    assert.deepEqual(await failing(0), ['c3']);
    assert.deepEqual(await failing(-1), []);
    assert.deepEqual(await failing(Number.NEGATIVE_INFINITY), []);
  });

  test('Infinity returns every case that has a score, with all of its scores', async (t) => {
    const store = open(t);
    const runId = await scoredRun(store, [{ exact: 1, judge: 1 }, {}, { exact: 0 }, { exact: 1e308 }]);
    assert.deepEqual(scoresById(await store.getFailingCases(runId, Number.POSITIVE_INFINITY)), {
      c0: { exact: 1, judge: 1 },
      c2: { exact: 0 },
      c3: { exact: 1e308 },
    });
  });

  test('the rows are those of getCases with the scores last', async (t) => {
    const store = open(t);
    const runId = await newRun(store);
    await store.saveCases(newCases(runId, 2, () => ({ key: 'k', input: ['€'], expected: { a: 1 } })));
    await store.saveScores([{ case_id: 'c1', scorer_name: 'exact', score: 0, reason: 'no' }]);
    const [row, ...others] = await store.getFailingCases(runId);
    assert.deepEqual(others, []);
    const { scores, ...rest } = row;
    assert.deepEqual(rest, (await store.getCases(runId))[1]);
    assert.deepEqual(scores, [{ scorer_name: 'exact', score: 0, reason: 'no' }]);
    assert.equal(Object.keys(row).at(-1), 'scores');
  });

  test('cases come by idx, then as they were saved, whatever the order of their scores', async (t) => {
    const store = open(t);
    const runId = await newRun(store);
    const places = [3, 1, 2, 1, 0];
    await store.saveCases(newCases(runId, 5, (at) => ({ idx: places[at] })));
    for (const at of [2, 0, 4, 3, 1]) await store.saveScores([{ case_id: `c${at}`, scorer_name: 's', score: 0 }]);
    assert.deepEqual(
      (await store.getFailingCases(runId)).map(({ id }) => id),
      ['c4', 'c1', 'c3', 'c2', 'c0'],
    );
  });

  test('thousands of failing cases are read completely', async (t) => {
    const store = open(t);
    const runId = await scoredRun(
      store,
      Array.from({ length: 1400 }, (_, at) => ({ a: at % 2, b: (at % 5) / 4 })),
    );
    const expected = Array.from({ length: 1400 }, (_, at) => [`c${at}`, at % 2 === 0, at % 5 < 2])
      .filter(([, a, b]) => a || b)
      .map(([id, a, b]) => [id, [...(a ? ['a'] : []), ...(b ? ['b'] : [])]]);
    assert.deepEqual(
      (await store.getFailingCases(runId)).map(({ id, scores }) => [id, scores.map(({ scorer_name }) => scorer_name)]),
      expected,
    );
  });

  test('an unknown run has none', async (t) => {
    const store = open(t);
    assert.deepEqual(await store.getFailingCases('no such run'), []);
    assert.deepEqual(await store.getFailingCases(null), []);
  });

  test('a threshold that is not a number is refused', async (t) => {
    const store = open(t);
    for (const operation of ['getFailingCases', 'getRunSummary']) {
      await assert.rejects(async () => store[operation]('r', Number.NaN), {
        name: 'RangeError',
        message: /threshold must not be NaN/,
      });
      for (const threshold of [null, '0.5', {}, 1n]) {
        await assert.rejects(async () => store[operation]('r', threshold), {
          name: 'TypeError',
          code: 'ERR_RUNSTORE_INVALID_ARGUMENT',
          message: new RegExp(`${operation}: threshold must be a number`),
        });
      }
    }
  });
});
