import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onEveryConnection } from './support/conformance.mjs';
import { newRun, uuidV7 } from './support/data.mjs';

onEveryConnection((open) => {
  test('saveResults saves cases with their scores and returns the ids of the cases in their order', async (t) => {
    const store = open(t);
    const runId = await newRun(store);
    const ids = await store.saveResults(runId, [
      {
        id: 'mine',
        idx: 1,
        input: 'Capital of Peru?',
        output: 'Cusco',
        expected: 'Lima',
        latency_ms: 5,
        tokens_in: 6,
        tokens_out: 7,
        key: 'peru',
        scores: [
          { id: 's', scorer_name: 'exact', score: 0, reason: 'Lima', answer: 'Cusco', metadata: { by: 1 } },
          { scorer_name: 'length', score: 0.25 },
        ],
      },
      { idx: 0, input: 'Capital of France?', output: 'Paris', scores: [{ scorer_name: 'exact', score: 0.125 }] },
    ]);
    assert.equal(ids.length, 2);
    assert.equal(ids[0], 'mine');
    assert.match(ids[1], uuidV7);
    assert.deepEqual(await store.getFailingCases(runId), [
      {
        id: ids[1],
        run_id: runId,
        idx: 0,
        input: 'Capital of France?',
        output: 'Paris',
        expected: null,
        latency_ms: null,
        tokens_in: null,
        tokens_out: null,
        error: null,
        scores: [{ scorer_name: 'exact', score: 0.125, reason: null }],
      },
      {
        id: 'mine',
        run_id: runId,
        idx: 1,
        input: 'Capital of Peru?',
        output: 'Cusco',
        expected: 'Lima',
        latency_ms: 5,
        tokens_in: 6,
        tokens_out: 7,
        error: null,
        key: 'peru',
        scores: [
          { scorer_name: 'exact', score: 0, reason: 'Lima', metadata: { by: 1 }, answer: 'Cusco' },
          { scorer_name: 'length', score: 0.25, reason: null },
        ],
      },
    ]);
  });

  test('only idx and input are required', async (t) => {
    const store = open(t);
    const runId = await newRun(store);
    await store.saveResults(runId, [{ idx: 0, input: null }]);
    const [row] = await store.getCases(runId);
    assert.equal(row.output, null);
    assert.equal(row.latency_ms, null);
    await assert.rejects(
      async () => store.saveResults(runId, [{ input: null }]),
      /saveResults: results\[0\]\.idx must be a number/,
    );
    await assert.rejects(
      async () => store.saveResults(runId, [{ idx: 0 }]),
      /saveResults: results\[0\]\.input must be a JSON value/,
    );
  });

  test('a case without scores is not scored, whether they are empty or left out', async (t) => {
    const store = open(t);
    const runId = await newRun(store);
    await store.saveResults(runId, [
      { idx: 0, input: 1 },
      { idx: 1, input: 1, scores: [] },
      { idx: 2, input: 1, scores: null },
    ]);
    const { totalCases, passCount, failCount } = await store.getRunSummary(runId);
    assert.deepEqual({ totalCases, passCount, failCount }, { totalCases: 3, passCount: 0, failCount: 0 });
  });

  test('a case belongs to the run in the argument, and a score to the case that contains it', async (t) => {
    const store = open(t);
    const [runId, other] = [await newRun(store), await newRun(store)];
    const scores = [{ case_id: 'nowhere', scorer_name: 's', score: 0 }];
    const [id] = await store.saveResults(runId, [{ run_id: other, idx: 0, input: 1, scores }]);
    assert.equal((await store.getFailingCases(runId))[0].id, id);
    assert.equal(await store.countCases(other), 0);
  });

  test('results and scores are any iterables', async (t) => {
    const store = open(t);
    const runId = await newRun(store);
    function* results() {
      for (let idx = 0; idx < 3; idx++) {
        yield { idx, input: idx, scores: new Set([{ scorer_name: 's', score: 0 }]).values() };
      }
    }
    assert.equal((await store.saveResults(runId, results())).length, 3);
    assert.equal((await store.getFailingCases(runId)).length, 3);
    assert.deepEqual(await store.saveResults(runId, []), []);
  });

  test('scores may stand under the names of their scorers, alone or with what explains them', async (t) => {
    const store = open(t);
    const runId = await newRun(store);
    const proto = JSON.parse('{ "__proto__": 0.25 }');
    await store.saveResults(runId, [
      {
        idx: 0,
        input: 1,
        scores: { exact: 1, fluent: { score: 0.5, reason: 'stiff', answer: 'A', metadata: { a: 1 } } },
      },
      { idx: 1, input: 1, scores: proto },
      { idx: 2, input: 1, scores: {} },
    ]);
    const found = (await store.getFailingCases(runId, Infinity)).map(({ scores }) => scores);
    assert.deepEqual(found, [
      [
        { scorer_name: 'exact', score: 1, reason: null },
        { scorer_name: 'fluent', score: 0.5, reason: 'stiff', metadata: { a: 1 }, answer: 'A' },
      ],
      [{ scorer_name: '__proto__', score: 0.25, reason: null }],
    ]);
    for (const [scores, message] of [
      [
        { exact: '1' },
        /^saveResults: results\[0\]\.scores\.exact must be a number, or an object with a score, not a string/,
      ],
      [{ exact: { score: null } }, /^saveResults: results\[0\]\.scores\.exact\.score must be a number, not null/],
      [{ exact: Number.NaN }, /^saveResults: results\[0\]\.scores\.exact\.score must be a number, not NaN/],
      [5, /^saveResults: results\[0\]\.scores must be an array/],
    ]) {
      const refused = { name: 'TypeError', code: 'ERR_RUNSTORE_INVALID_ARGUMENT', message };
      await assert.rejects(async () => store.saveResults(runId, [{ idx: 0, input: 1, scores }]), refused);
    }
  });

  test('when a case started is a Date, or milliseconds since the epoch', async (t) => {
    const store = open(t);
    const runId = await newRun(store);
    await store.saveResults(runId, [{ idx: 0, input: 1, started_at: new Date(1_700_000_000_123) }]);
    await store.saveResults(runId, [{ idx: 1, input: 1, started_at: 1_700_000_000_123 }]);
    const times = (await store.getCases(runId)).map((row) => row.started_at);
    assert.deepEqual(times, [1_700_000_000_123, 1_700_000_000_123]);
    for (const wrong of [new Date(Number.NaN), {}]) {
      await assert.rejects(async () => store.saveResults(runId, [{ idx: 2, input: 1, started_at: wrong }]), {
        code: 'ERR_RUNSTORE_INVALID_ARGUMENT',
        message: /^saveResults: results\[0\]\.started_at must be a /,
      });
    }
  });

  test('thousands of results come back whole, with scores in different number', async (t) => {
    const store = open(t);
    const runId = await newRun(store);
    const results = Array.from({ length: 1300 }, (_, idx) => ({
      id: `c${idx}`,
      idx,
      input: { idx },
      scores: Array.from({ length: idx % 4 }, (_, at) => ({ scorer_name: `s${at}`, score: 0, reason: `${idx}/${at}` })),
    }));
    const ids = await store.saveResults(runId, results);
    assert.deepEqual(
      ids,
      results.map(({ id }) => id),
    );
    assert.deepEqual(
      (await store.getFailingCases(runId)).map(({ id, scores }) => ({ id, scores })),
      results.filter(({ scores }) => scores.length > 0).map(({ id, scores }) => ({ id, scores })),
    );
  });

  const good = { idx: 0, input: 1, scores: [{ scorer_name: 's', score: 1 }] };
  for (const [what, results, message] of [
    [
      'an id that is there twice',
      [
        { ...good, id: 'a' },
        { ...good, id: 'a' },
      ],
      /results\[1\]: there is a case with id "a"/,
    ],
    [
      'a bad score',
      [good, { ...good, scores: [{ scorer_name: 's', score: 'x' }] }],
      /results\[1\]\.scores\[0\]\.score must/,
    ],
    [
      'a score that is no object',
      [{ ...good, scores: [null] }],
      /results\[0\]\.scores\[0\] must be an object, not null/,
    ],
    ['scores that are no list', [{ ...good, scores: 5 }], /results\[0\]\.scores must be an array or another iterable/],
    [
      'a score id that is there twice',
      [{ ...good, scores: [1, 2].map(() => ({ id: 'x', scorer_name: 's', score: 1 })) }],
      /results\[0\]\.scores\[1\]: there is a score with id "x" already/,
    ],
  ]) {
    test(`${what} is refused by its place, and nothing of the batch is kept`, async (t) => {
      const store = open(t);
      const runId = await newRun(store);
      await assert.rejects(async () => store.saveResults(runId, results), message);
      assert.equal(await store.countCases(runId), 0);
      assert.equal((await store.saveResults(runId, [good])).length, 1);
    });
  }

  test('a run that does not exist is refused', async (t) => {
    const store = open(t);
    await assert.rejects(async () => store.saveResults('nowhere', [good]), {
      code: 'ERR_RUNSTORE_CONSTRAINT',
      message: /saveResults: results\[0\]: there is no run with id "nowhere"/,
    });
  });
});
