// How an interrupted suite continues: which cases are missing, which failed, and saving a case again.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onEveryConnection } from './support/conformance.mjs';
import { newPath, openStore } from './support/connections.mjs';
import { newCase, newCases, newRun } from './support/data.mjs';
import { openBetterSqlite3 } from './support/reference-packages.mjs';

const keyed = (idx, data = {}) => ({ idx, key: `k${idx}`, input: idx, ...data });

onEveryConnection((open) => {
  test('missingCases returns the keys that no case has, in the order given, each once', async (t) => {
    const store = open(t);
    const runId = await newRun(store);
    await store.saveResults(runId, [keyed(1), keyed(3), keyed(3, { trial: 1 }), { idx: 9, input: 1 }]);
    assert.deepEqual(await store.missingCases(runId, ['k4', 'k1', 'k0', 'k3', 'k4', 'K1', '', 'é']), [
      'k4',
      'k0',
      'K1',
      '',
      'é',
    ]);
    assert.deepEqual(await store.missingCases(runId, ['k1', 'k3']), []);
    assert.deepEqual(await store.missingCases(runId, []), []);
    assert.deepEqual(await store.missingCases(runId, new Set(['b', 'k1', 'a'])), ['b', 'a']);
  });

  test('missingCases returns the positions at which no case stands, in the order given, each once', async (t) => {
    const store = open(t);
    const runId = await newRun(store);
    await store.saveResults(runId, [keyed(0), keyed(2), keyed(2), keyed(1.5), keyed(-3), keyed(2 ** 40)]);
    const idxs = [5, 0, -0, 1, 2, 1.5, 5, -3, 3, 2 ** 40, 2 ** 40 + 1, Number.POSITIVE_INFINITY];
    const expected = [5, 1, 3, 2 ** 40 + 1, Number.POSITIVE_INFINITY];
    assert.deepEqual(await store.missingCases(runId, idxs), expected);
    assert.deepEqual(await store.missingCases(runId, idxs.values()), expected);
    assert.deepEqual(await store.missingCases(runId, [-0]), []);
  });

  test('a case counts for its own run alone, and whatever became of it', async (t) => {
    const store = open(t);
    const [one, other] = [await newRun(store), await newRun(store)];
    await store.saveResults(one, [keyed(0, { error: 'rate limit' })]);
    assert.deepEqual(await store.missingCases(one, ['k0']), []);
    assert.deepEqual(await store.missingCases(other, ['k0']), ['k0']);
    assert.deepEqual(await store.missingCases('no such run', [0, 1]), [0, 1]);
    assert.deepEqual(await store.missingCases(null, ['k0', 'k0']), ['k0']);
  });

  test('missingCases finds every hundredth of many thousands', async (t) => {
    const store = open(t);
    const runId = await newRun(store);
    const all = Array.from({ length: 30_000 }, (_, idx) => idx);
    await store.saveCases(
      all.filter((idx) => idx % 100 !== 7).map((idx) => newCase(runId, { idx, key: `case ${idx}` })),
    );
    const expected = all.filter((idx) => idx % 100 === 7);
    assert.deepEqual(await store.missingCases(runId, all), expected);
    const keys = (idxs) => idxs.map((idx) => `case ${idx}`);
    assert.deepEqual(await store.missingCases(runId, keys(all)), keys(expected));
  });

  for (const [what, given, message] of [
    ['no list', 5, 'missingCases: keysOrIdxs must be an array or another iterable, not the number 5'],
    ['nothing', undefined, 'missingCases: keysOrIdxs must be an array or another iterable, not undefined'],
    ['one text', 'k0', 'missingCases: keysOrIdxs must be an array of strings, not a string'],
    ['a number among keys', ['a', 1], 'missingCases: keysOrIdxs[1] must be a string, not the number 1'],
    [
      'a key among numbers',
      [1, 'a'],
      'missingCases: keysOrIdxs[1] must be a number, as the first one is, not a string',
    ],
    ['what is neither', [{}], 'missingCases: keysOrIdxs[0] must be a number or a string, not an object (Object)'],
    ['NaN', [0, Number.NaN], 'missingCases: keysOrIdxs[1] must be a number, as the first one is, not NaN'],
    ['a bigint', [1n], 'missingCases: keysOrIdxs[0] must be a number or a string, not a bigint'],
  ]) {
    test(`missingCases refuses ${what}`, async (t) => {
      const store = open(t);
      const runId = await newRun(store);
      await assert.rejects(async () => store.missingCases(runId, given), {
        name: 'TypeError',
        code: 'ERR_RUNSTORE_INVALID_ARGUMENT',
        message,
      });
    });
  }

  test('failedCases returns the cases with an error as getCases has them, and no others', async (t) => {
    const store = open(t);
    const [runId, other] = [await newRun(store), await newRun(store)];
    const low = [{ scorer_name: 's', score: 0 }];
    await store.saveResults(runId, [
      { id: 'timeout', idx: 7, input: { a: 1 }, error: 'timeout', key: 'k7', metadata: { try: 1 } },
      { id: 'low', idx: 0, input: 0, output: 'wrong', scores: low },
      { id: 'silent', idx: 1, input: 1 },
      { id: 'scored all the same', idx: 2, input: 2, error: 'cut off', output: 'half', scores: low },
      { id: 'without a word', idx: 3, input: 3, error: '' },
    ]);
    await store.saveResults(other, [{ id: 'of another run', idx: 0, input: 0, error: 'timeout' }]);
    const failed = await store.failedCases(runId);
    assert.deepEqual(
      failed.map(({ id }) => id),
      ['scored all the same', 'without a word', 'timeout'],
    );
    const all = await store.getCases(runId);
    assert.deepEqual(
      failed,
      all.filter(({ error }) => error !== null),
    );
    assert.deepEqual(Object.keys(failed[0]), Object.keys(all[0]));
  });

  test('failedCases reads thousands, chunk by chunk', async (t) => {
    const store = open(t);
    const runId = await newRun(store);
    await store.saveCases(newCases(runId, 1500, (idx) => (idx % 3 === 0 ? {} : { error: `${idx}` })));
    assert.deepEqual(
      (await store.failedCases(runId)).map(({ error }) => error),
      Array.from({ length: 1500 }, (_, idx) => idx)
        .filter((idx) => idx % 3 !== 0)
        .map(String),
    );
  });
});

const first = {
  id: 'a',
  idx: 4,
  key: 'old',
  trial: 2,
  benchmark: 'b',
  cluster: 'c',
  metadata: { old: true },
  cost_usd: 1,
  started_at: 5,
  input: 'old',
  output: 'old',
  expected: 'old',
  latency_ms: 1,
  tokens_in: 2,
  tokens_out: 3,
  error: 'old',
  scores: [
    { id: 'a1', scorer_name: 'exact', score: 0, reason: 'old' },
    { id: 'a2', scorer_name: 'tone', score: 0.25 },
  ],
};
const second = { id: 'a', idx: 5, input: ['new'], output: 'new', scores: [{ scorer_name: 'exact', score: 0.5 }] };

/** Every case with all of its scores. */
const scored = (store, runId) => store.getFailingCases(runId, Number.POSITIVE_INFINITY);

onEveryConnection((open) => {
  test('a case that exists is refused without onConflict', async (t) => {
    const store = open(t);
    const runId = await newRun(store);
    await store.saveResults(runId, [first]);
    const before = await scored(store, runId);
    for (const options of [undefined, null, {}, { onConflict: 'error' }, { onConflict: null }]) {
      await assert.rejects(async () => store.saveResults(runId, [{ ...second, id: 'b' }, second], options), {
        code: 'ERR_RUNSTORE_CONSTRAINT',
        message:
          /saveResults: results\[1\]: there is a case with id "a" already; options\.onConflict can replace it, or keep it/,
      });
    }
    assert.deepEqual(await scored(store, runId), before);
    assert.equal(await store.countCases(runId), 1);
  });

  test('a result with a key and no id is of the case with its key, trial, idx and benchmark', async (t) => {
    const store = open(t);
    const runId = await newRun(store);
    const one = { idx: 3, key: 'fr', input: 'France', benchmark: 'geo' };
    const scores = (score) => [{ scorer_name: 'exact', score }];
    const [failed] = await store.saveResults(runId, [{ ...one, error: 'rate limit' }]);
    const others = [
      { ...one, trial: 1 },
      { ...one, idx: 4 },
      { ...one, key: 'FR' },
      { ...one, benchmark: undefined },
      { idx: 3, input: 'France', benchmark: 'geo' },
    ];
    const saved = await store.saveResults(runId, others, { onConflict: 'replace' });
    assert.equal(new Set([failed, ...saved]).size, 6);
    // No trial is trial 0. The keyless case has no identity.
    const again = { ...one, trial: 0, output: 'Paris', scores: scores(1) };
    const ids = await store.saveResults(runId, [again, { ...others[0], output: 'Lyon' }, others[4]], {
      onConflict: 'replace',
    });
    assert.deepEqual(ids.slice(0, 2), [failed, saved[0]]);
    assert.ok(![failed, ...saved].includes(ids[2]));
    const kept = await store.saveResults(runId, [{ ...one, output: 'Nice', scores: scores(0) }], {
      onConflict: 'ignore',
    });
    assert.deepEqual(kept, [failed]);
    const cases = await store.getCases(runId);
    assert.equal(cases.length, 7);
    assert.deepEqual(
      cases.filter(({ output }) => output !== null).map(({ id, output, error }) => [id, output, error]),
      [
        [failed, 'Paris', null],
        [saved[0], 'Lyon', null],
      ],
    );
    assert.deepEqual(await store.failedCases(runId), []);
    // The second of a batch meets the first.
    const twice = [1, 2].map((output) => ({ idx: 9, key: 'x', input: 0, output: `${output}`, scores: scores(output) }));
    const [first, second] = await store.saveResults(runId, twice, { onConflict: 'replace' });
    assert.equal(first, second);
    assert.deepEqual(
      (await scored(store, runId)).map(({ id, output, scores: [{ score }] }) => [id, output, score]),
      [
        [failed, 'Paris', 1],
        [first, '2', 2],
      ],
    );
    // By default, only an id is refused.
    await store.saveResults(runId, [one]);
    assert.equal(await store.countCases(runId), 9);
  });

  test('replace replaces the old case with all of its scores', async (t) => {
    const store = open(t);
    const runId = await newRun(store);
    await store.saveResults(runId, [first]);
    assert.deepEqual(await store.saveResults(runId, [second], { onConflict: 'replace' }), ['a']);
    const nothing = { expected: null, latency_ms: null, tokens_in: null, tokens_out: null, error: null };
    const expected = { id: 'a', run_id: runId, idx: 5, input: ['new'], output: 'new', ...nothing };
    assert.deepEqual(await store.getCases(runId), [expected]);
    assert.deepEqual(await scored(store, runId), [
      { ...expected, scores: [{ scorer_name: 'exact', score: 0.5, reason: null }] },
    ]);
    // The other way round, with all that a case can have.
    await store.saveResults(runId, [first], { onConflict: 'replace' });
    const { scores, ...data } = first;
    assert.deepEqual(await store.getCases(runId), [{ run_id: runId, ...data }]);
    assert.deepEqual((await scored(store, runId))[0].scores, [
      { scorer_name: 'exact', score: 0, reason: 'old' },
      { scorer_name: 'tone', score: 0.25, reason: null },
    ]);
    // Its own scores again: their ids are free.
    await store.saveResults(runId, [first], { onConflict: 'replace' });
    assert.equal((await scored(store, runId))[0].scores.length, 2);
    await store.saveResults(runId, [{ ...second, scores: undefined }], { onConflict: 'replace' });
    assert.deepEqual(await scored(store, runId), []);
  });

  test('a case that is replaced keeps its place among those of its idx', async (t) => {
    const store = open(t);
    const runId = await newRun(store);
    await store.saveResults(
      runId,
      ['x', 'y', 'z'].map((id) => ({ id, idx: 0, input: 1 })),
    );
    await store.saveResults(runId, [{ id: 'y', idx: 0, input: 2 }], { onConflict: 'replace' });
    assert.deepEqual(
      (await store.getCases(runId)).map(({ id, input }) => [id, input]),
      [
        ['x', 1],
        ['y', 2],
        ['z', 1],
      ],
    );
  });

  test('ignore keeps the old case with its scores, and drops the new one with its scores', async (t) => {
    const store = open(t);
    const runId = await newRun(store);
    await store.saveResults(runId, [first]);
    const before = await scored(store, runId);
    const third = { ...second, id: 'b' };
    assert.deepEqual(await store.saveResults(runId, [second, third], { onConflict: 'ignore' }), ['a', 'b']);
    const after = await scored(store, runId);
    assert.deepEqual(after.slice(0, 1), before);
    assert.deepEqual(
      after.map(({ id, scores }) => [id, scores.length]),
      [
        ['a', 2],
        ['b', 1],
      ],
    );
  });

  test('the second of two results with the same id in one batch conflicts with the first', async (t) => {
    const store = open(t);
    const runId = await newRun(store);
    const twice = (id) => [1, 2].map((score) => ({ id, idx: 0, input: score, scores: [{ scorer_name: 's', score }] }));
    const ids = await store.saveResults(runId, [...twice('r'), { idx: 0, input: 0 }], { onConflict: 'replace' });
    assert.deepEqual(ids.slice(0, 2), ['r', 'r']);
    await store.saveResults(runId, twice('i'), { onConflict: 'ignore' });
    assert.deepEqual(
      (await scored(store, runId)).map(({ id, input, scores }) => [id, input, scores.map(({ score }) => score)]),
      [
        ['r', 2, [2]],
        ['i', 1, [1]],
      ],
    );
    assert.equal(await store.countCases(runId), 3);
  });

  test('a case of that id in another run is an error that names the run, and nothing is saved', async (t) => {
    const store = open(t);
    const [runId, other] = [await newRun(store), await newRun(store, { id: 'the other' })];
    await store.saveResults(other, [first]);
    const before = await scored(store, other);
    for (const onConflict of ['replace', 'ignore']) {
      await assert.rejects(async () => store.saveResults(runId, [{ ...second, id: 'b' }, second], { onConflict }), {
        code: 'ERR_RUNSTORE_CONSTRAINT',
        message: /saveResults: results\[1\]: there is a case with id "a" already, in run "the other"/,
      });
    }
    assert.equal(await store.countCases(runId), 0);
    assert.deepEqual(await scored(store, other), before);
  });

  test('a refused row after a replaced case restores the old case', async (t) => {
    const store = open(t);
    const runId = await newRun(store);
    await store.saveResults(runId, [
      first,
      { id: 'b', idx: 1, input: 1, scores: [{ id: 'b1', scorer_name: 's', score: 1 }] },
    ]);
    const before = await scored(store, runId);
    const options = { onConflict: 'replace' };
    // The id of a score of another case.
    const clash = { ...second, scores: [{ id: 'b1', scorer_name: 's', score: 1 }] };
    await assert.rejects(async () => store.saveResults(runId, [clash], options), {
      code: 'ERR_RUNSTORE_CONSTRAINT',
      message: /results\[0\]\.scores\[0\]: there is a score with id "b1" already/,
    });
    await assert.rejects(async () => store.saveResults(runId, [second, { idx: 'x' }], options), {
      name: 'TypeError',
      message: /results\[1\]\.idx must be a number/,
    });
    assert.deepEqual(await scored(store, runId), before);
  });

  test('thousands are replaced across batches', async (t) => {
    const store = open(t);
    const runId = await newRun(store);
    const results = (score) =>
      Array.from({ length: 1300 }, (_, idx) => ({
        id: `c${idx}`,
        idx,
        input: idx,
        scores: [{ scorer_name: 's', score }],
      }));
    await store.saveResults(runId, results(0));
    await store.saveResults(runId, results(1), { onConflict: 'replace' });
    await store.saveResults(runId, results(0.5), { onConflict: 'ignore' });
    const { totalCases, meanScores } = await store.getRunSummary(runId);
    assert.deepEqual({ totalCases, meanScores }, { totalCases: 1300, meanScores: { s: 1 } });
    assert.equal((await scored(store, runId)).flatMap(({ scores }) => scores).length, 1300);
  });

  test('baselines, verdicts, results and trajectories of the run stay as they are', async (t) => {
    const store = open(t);
    const runId = await newRun(store);
    const { suite_id } = await store.getRun(runId);
    await store.saveResults(runId, [first]);
    await store.setBaseline(suite_id, runId);
    await store.saveBenchmarkResult(runId, { benchmark: 'b', score: 1, num_examples: 1, num_correct: 1 });
    await store.saveTrajectories(runId, [
      { benchmark: 'b', idx: 4, reward: 1, turns: [{ role: 'user', content: 'x' }] },
    ]);
    await store.saveResults(runId, [second], { onConflict: 'replace' });
    assert.equal((await store.getBaseline(suite_id)).run_id, runId);
    assert.equal((await store.getBenchmarkResult(runId, 'b')).score, 1);
    assert.equal((await store.getTrajectory(runId, 'b', 4)).turns.length, 1);
  });

  for (const [options, name, message] of [
    [{ onConflict: 'update' }, 'RangeError', /onConflict must be 'error' or 'replace' or 'ignore', not "update"/],
    [{ onConflict: true }, 'TypeError', /options\.onConflict must be/],
    [{ onconflict: 'ignore' }, 'TypeError', /options\.onconflict is not an option; did you mean onConflict\?/],
    ['replace', 'TypeError', 'saveResults: options must be an object, not a string'],
  ]) {
    test(`saveResults refuses ${JSON.stringify(options)}`, async (t) => {
      const store = open(t);
      const runId = await newRun(store);
      await assert.rejects(async () => store.saveResults(runId, [first], options), {
        name,
        code: 'ERR_RUNSTORE_INVALID_ARGUMENT',
        message,
      });
      assert.equal(await store.countCases(runId), 0);
    });
  }
});

test('what users of the file keep beside a case stays when it is replaced', (t) => {
  const path = newPath(t);
  const store = openStore(t, path);
  const runId = newRun(store);
  store.saveResults(runId, [first]);
  const db = openBetterSqlite3(path);
  t.after(() => db.close());
  db.exec(`CREATE TABLE notes (case_id TEXT REFERENCES cases(id) ON DELETE CASCADE, note TEXT);
           INSERT INTO notes VALUES ('a', 'look at this');`);
  store.saveResults(runId, [second], { onConflict: 'replace' });
  assert.equal(store.getCases(runId)[0].output, 'new');
  assert.deepEqual(db.prepare('SELECT note FROM notes').pluck().all(), ['look at this']);
});
