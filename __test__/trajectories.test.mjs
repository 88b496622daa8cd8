import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onEveryConnection } from './support/conformance.mjs';
import { newPath, openStore } from './support/connections.mjs';
import { newRun } from './support/data.mjs';
import { collect } from './support/either.mjs';
import { openBetterSqlite3 } from './support/reference-packages.mjs';

const long = 'You are a careful player of games. '.repeat(100);

const whole = {
  benchmark: 'maze',
  idx: 3,
  example_id: 'm-3',
  turns: [
    { role: 'system', content: long, token_count: 700, metadata: { model: 'gpt-x' } },
    { role: 'environment', content: '# # #', token_count: 0, metadata: {} },
    {
      role: 'user',
      content: [
        { type: 'text', text: 'U+2028 \u2028, NUL \0, \u{1f600}' },
        { type: 'image', url: 'a.png' },
      ],
      token_count: 3,
      metadata: {},
    },
    { role: 'assistant', content: '', token_count: 1, metadata: { __proto__x: [1e21, null] } },
    { role: 'tool', content: '日本 "quoted" \\ \n', token_count: 0, metadata: {} },
    { role: 'grader', content: 'good', token_count: 0, metadata: {} },
  ],
  reward: 0.5,
  metrics: { steps: 12, speed: 1e-7 },
  logs: { seed: 1, path: ['left', { far: true }] },
  error: 'late',
  time_seconds: 1.25,
};

const one = (idx, data = {}) => ({ benchmark: 'maze', idx, ...data });
const idxOf = (rows) => rows.map(({ idx }) => idx);

onEveryConnection((open) => {
  test('a trajectory comes back as it was saved', async (t) => {
    const store = open(t);
    const id = await newRun(store);
    assert.equal(await store.saveTrajectories(id, [whole]), undefined);
    const row = { run_id: id, ...whole };
    assert.deepEqual(await store.getTrajectory(id, 'maze', 3), row);
    assert.deepEqual(await store.getTrajectories(id), { trajectories: [row], cursor: null });
    assert.deepEqual(await collect(store.iterateTrajectories(id)), [row]);
    assert.deepEqual(Object.keys(await store.getTrajectory(id, 'maze', 3)), [
      'run_id',
      'benchmark',
      'idx',
      'example_id',
      'turns',
      'reward',
      'metrics',
      'logs',
      'error',
      'time_seconds',
    ]);
    assert.deepEqual(Object.keys(row.turns[0]), ['role', 'content', 'token_count', 'metadata']);
  });

  test('omitted fields have the defaults of the EvalStore', async (t) => {
    const store = open(t);
    const id = await newRun(store);
    await store.saveTrajectories(id, [
      { benchmark: '', idx: -5 },
      { benchmark: '', idx: 0, turns: null, reward: null, error: undefined },
    ]);
    const nothing = { example_id: '', turns: [], reward: 0, metrics: {}, logs: {}, error: null, time_seconds: null };
    assert.deepEqual(await store.getTrajectory(id, '', -5), { run_id: id, benchmark: '', idx: -5, ...nothing });
    assert.deepEqual(await store.getTrajectory(id, '', 0), { run_id: id, benchmark: '', idx: 0, ...nothing });
    await store.saveTrajectories(id, [one(1, { turns: [{ role: 'user', content: 'x' }] })]);
    assert.deepEqual((await store.getTrajectory(id, 'maze', 1)).turns, [
      { role: 'user', content: 'x', token_count: null, metadata: {} },
    ]);
  });

  test('rewards may be any number but NaN', async (t) => {
    const store = open(t);
    const id = await newRun(store);
    const rewards = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e300, 5e-324, -0.1, 2 ** 53];
    await store.saveTrajectories(
      id,
      rewards.map((reward, idx) => one(idx, { reward })),
    );
    assert.deepEqual(
      (await store.getTrajectories(id)).trajectories.map(({ reward }) => reward),
      rewards,
    );
    await assert.rejects(async () => store.saveTrajectories(id, [one(99, { reward: Number.NaN })]), {
      name: 'TypeError',
      message: /^saveTrajectories: trajectories\[0\]\.reward must be a number, not NaN/,
    });
  });

  test('a second trajectory of one benchmark and idx is refused, and nothing of its batch is kept', async (t) => {
    const store = open(t);
    const [id, other] = [await newRun(store), await newRun(store)];
    await store.saveTrajectories(id, [one(0, { reward: 1 })]);
    await assert.rejects(async () => store.saveTrajectories(id, [one(1), { benchmark: 'b', idx: 0 }, one(0)]), {
      name: 'RunStoreError',
      code: 'ERR_RUNSTORE_CONSTRAINT',
      message: /^saveTrajectories: trajectories\[2\]: run ".*" has a trajectory 0 of benchmark "maze" already/,
    });
    assert.deepEqual(idxOf((await store.getTrajectories(id)).trajectories), [0]);
    assert.equal((await store.getTrajectory(id, 'maze', 0)).reward, 1);
    await store.saveTrajectories(other, [one(0)]);
    await assert.rejects(async () => store.saveTrajectories('no such run', [one(0)]), {
      code: 'ERR_RUNSTORE_CONSTRAINT',
      message: /^saveTrajectories: trajectories\[0\]: there is no run with id "no such run"/,
    });
  });

  test('any iterable of any length is saved, all or nothing', async (t) => {
    const store = open(t);
    const id = await newRun(store);
    const many = function* (count, last) {
      for (let idx = 0; idx < count; idx++) yield one(idx, { turns: new Set([{ role: 'user', content: `${idx}` }]) });
      yield last;
    };
    await assert.rejects(async () => store.saveTrajectories(id, many(1500, one('x'))), {
      message: /^saveTrajectories: trajectories\[1500\]\.idx must be a number, not a string/,
    });
    assert.deepEqual((await store.getTrajectories(id)).trajectories, []);
    await store.saveTrajectories(id, many(1500, one(1500)));
    let count = 0;
    for await (const { idx, turns } of store.iterateTrajectories(id, { batchSize: 7 })) {
      assert.equal(idx, count++);
      if (idx < 1500) assert.equal(turns[0].content, `${idx}`);
    }
    assert.equal(count, 1501);
    await store.saveTrajectories(id, []);
  });

  test('bad trajectories are refused by the name of what is wrong', async (t) => {
    const store = open(t);
    const id = await newRun(store);
    const turn = (data) => one(0, { turns: [{ role: 'user', content: 'x' }, data] });
    for (const [bad, message] of [
      [null, /trajectories\[0\] must be an object, not null/],
      [{ idx: 0 }, /trajectories\[0\]\.benchmark must be a string, not undefined/],
      [{ benchmark: 'b' }, /trajectories\[0\]\.idx must be a number, not undefined/],
      [one(1.5), /trajectories\[0\]\.idx must be a whole number/],
      [one(2 ** 53), /trajectories\[0\]\.idx must be a whole number/],
      [one(0, { error: 7 }), /trajectories\[0\]\.error must be a string, not the number 7/],
      [one(0, { logs: () => 1 }), /trajectories\[0\]\.logs must be a JSON value, not a function/],
      [one(0, { turns: 'none' }), /trajectories\[0\]\.turns\[0\] must be an object, not a string/],
      [one(0, { turns: 7 }), /trajectories\[0\]\.turns must be an array or another iterable/],
      [turn({ role: 'human', content: '' }), /turns\[1\]\.role must be 'system' or .*, not "human"/],
      [
        turn({ role: 'user' }),
        /turns\[1\]\.content must be a string or an array of parts, not undefined; only a message/,
      ],
      [turn({ role: 'user', content: '', token_count: -1 }), /turns\[1\]\.token_count must be a whole number/],
      [turn({ role: 'user', content: '', metadata: Symbol('x') }), /turns\[1\]\.metadata must be a JSON value/],
    ]) {
      await assert.rejects(async () => store.saveTrajectories(id, [bad]), {
        code: 'ERR_RUNSTORE_INVALID_ARGUMENT',
        message,
      });
    }
    assert.deepEqual((await store.getTrajectories(id)).trajectories, []);
  });

  test('appendTurns creates a trajectory and continues it', async (t) => {
    const store = open(t);
    const id = await newRun(store);
    const says = (role, content) => ({ role, content });
    assert.equal(await store.appendTurns(id, 'maze', 0, [says('system', long), says('environment', 'a')]), 2);
    assert.equal((await store.getTrajectory(id, 'maze', 0)).turns.length, 2);
    assert.equal(await store.appendTurns(id, 'maze', 0, [says('assistant', 'b')], { example_id: 'e' }), 3);
    const outcome = { reward: 1, metrics: { a: 1 }, logs: { b: [2] }, error: 'c', time_seconds: 0.5 };
    assert.equal(await store.appendTurns(id, 'maze', 0, [], outcome), 3);
    const { turns, ...rest } = await store.getTrajectory(id, 'maze', 0);
    assert.deepEqual(rest, { run_id: id, benchmark: 'maze', idx: 0, example_id: 'e', ...outcome });
    assert.deepEqual(
      turns.map(({ role, content }) => [role, content]),
      [
        ['system', long],
        ['environment', 'a'],
        ['assistant', 'b'],
      ],
    );
    await assert.rejects(async () => store.saveTrajectories(id, [one(0)]), { code: 'ERR_RUNSTORE_CONSTRAINT' });
  });

  test('appendTurns refuses what it cannot add, and adds nothing', async (t) => {
    const store = open(t);
    const id = await newRun(store);
    await assert.rejects(async () => store.appendTurns('no such run', 'maze', 0, []), {
      code: 'ERR_RUNSTORE_CONSTRAINT',
      message: /^appendTurns: there is no run with id "no such run"/,
    });
    for (const [args, message] of [
      [['maze', 0.5, []], /^appendTurns: idx must be a whole number/],
      [['maze', 0], /^appendTurns: turns must be an array or another iterable/],
      [['maze', 0, [{ role: 'user', content: 'a' }, 1]], /^appendTurns: turns\[1\] must be an object/],
      [['maze', 0, [], 1], /^appendTurns: outcome must be an object/],
      [['maze', 0, [], { reward: '1' }], /^appendTurns: outcome\.reward must be a number, not a string/],
    ]) {
      await assert.rejects(async () => store.appendTurns(id, ...args), {
        code: 'ERR_RUNSTORE_INVALID_ARGUMENT',
        message,
      });
    }
    assert.deepEqual((await store.getTrajectories(id)).trajectories, []);
  });

  test('the outcomes select what the filters of the EvalStore select, and overlap in the same way', async (t) => {
    const store = open(t);
    const id = await newRun(store);
    await store.saveTrajectories(id, [
      one(0, { reward: 1 }),
      one(1, { reward: 0 }),
      one(2, { reward: -1 }),
      one(3, { reward: 0.001, error: 'late' }),
      one(4, { reward: 0, error: '' }),
      { benchmark: 'another', idx: 9, reward: 1 },
    ]);
    for (const [outcome, expected] of [
      ['correct', [0, 3]],
      ['incorrect', [1, 2]],
      ['error', [3, 4]],
      [undefined, [0, 1, 2, 3, 4]],
      [null, [0, 1, 2, 3, 4]],
    ]) {
      const filter = { benchmark: 'maze', outcome };
      assert.deepEqual(idxOf((await store.getTrajectories(id, filter)).trajectories), expected);
      assert.deepEqual(idxOf(await collect(store.iterateTrajectories(id, filter))), expected);
    }
    assert.deepEqual(idxOf((await store.getTrajectories(id, { outcome: 'correct' })).trajectories), [9, 0, 3]);
    assert.deepEqual((await store.getTrajectories(id, { benchmark: 'none' })).trajectories, []);
  });

  test('pages follow each other without a gap, by benchmark and idx', async (t) => {
    const store = open(t);
    const id = await newRun(store);
    const keys = ['b', 'a', '', 'ü~', 'a~1'].flatMap((benchmark) => [7, -2, 0].map((idx) => ({ benchmark, idx })));
    await store.saveTrajectories(id, keys);
    const expected = ['', 'a', 'a~1', 'b', 'ü~'].flatMap((benchmark) => [-2, 0, 7].map((idx) => `${benchmark} ${idx}`));
    const written = (rows) => rows.map(({ benchmark, idx }) => `${benchmark} ${idx}`);
    for (const limit of [1, 2, 4, 15, 16]) {
      const pages = [];
      let cursor = null;
      do {
        const page = await store.getTrajectories(id, { limit, cursor });
        pages.push(written(page.trajectories));
        cursor = page.cursor;
      } while (cursor !== null);
      assert.deepEqual(pages.flat(), expected);
      assert.equal(pages.length, Math.ceil(15 / limit));
      assert.deepEqual(written(await collect(store.iterateTrajectories(id, { batchSize: limit }))), expected);
    }
    const { cursor } = await store.getTrajectories(id, { benchmark: 'a', limit: 2 });
    assert.deepEqual(written((await store.getTrajectories(id, { benchmark: 'a', cursor })).trajectories), ['a 7']);
    for (const options of [{ benchmark: 'b', cursor }, { cursor: 'x' }]) {
      await assert.rejects(async () => store.getTrajectories(id, options), {
        name: 'RangeError',
        message: /^getTrajectories: options\.cursor must be one that the same query returned before/,
      });
    }
  });

  test('a page contains long trajectories completely', async (t) => {
    const store = open(t);
    const id = await newRun(store);
    const texts = Array.from({ length: 9 }, (_, idx) => `${idx} ${'x'.repeat(400_000)}`);
    await store.saveTrajectories(
      id,
      texts.map((content, idx) => one(idx, { turns: [{ role: 'tool', content }] })),
    );
    const { trajectories, cursor } = await store.getTrajectories(id, { limit: 8 });
    assert.deepEqual(
      trajectories.map(({ turns }) => turns[0].content),
      texts.slice(0, 8),
    );
    assert.deepEqual(idxOf((await store.getTrajectories(id, { limit: 8, cursor })).trajectories), [8]);
  });

  test('options are checked by name', async (t) => {
    const store = open(t);
    for (const [method, options, message] of [
      ['getTrajectories', { outcome: 'wrong' }, /options\.outcome must be 'correct' or/],
      ['getTrajectories', { limit: 0 }, /options\.limit must be a whole number from 1 to 10000/],
      ['getTrajectories', { batchSize: 1 }, /options\.batchSize is not an option/],
      ['iterateTrajectories', { batchSize: 10_001 }, /options\.batchSize must be a whole number/],
      ['iterateTrajectories', { cursor: '' }, /options\.cursor is not an option/],
    ]) {
      await assert.rejects(async () => store[method]('r', options), { code: 'ERR_RUNSTORE_INVALID_ARGUMENT', message });
    }
    assert.equal(await store.getTrajectory('r', 'b', 0), undefined);
    assert.equal(await store.getTrajectory(null, 'b', 0), undefined);
    await assert.rejects(
      async () => store.getTrajectory('r', 'b', '0'),
      /^TypeError.*getTrajectory: idx must be a number/,
    );
  });

  test('a run without cases has results counted from its trajectories', async (t) => {
    const store = open(t);
    const id = await newRun(store);
    await store.saveTrajectories(id, [
      one(0, { example_id: 'a', reward: 1, time_seconds: 1.5, metrics: { steps: 4 } }),
      one(1, { example_id: 'a', reward: 0, time_seconds: 0.5, metrics: { steps: 8, falls: 1 } }),
      one(2, { reward: 2, error: 'late' }),
      one(3, { error: 'timeout' }),
    ]);
    assert.deepEqual(await store.getBenchmarkResult(id, 'maze'), {
      run_id: id,
      benchmark: 'maze',
      score: 0.5,
      score_completed: 1,
      num_examples: 4,
      num_correct: 2,
      num_errors: 2,
      num_truncated: 0,
      num_completed: 2,
      metrics: { falls: 1, steps: 6 },
      time_seconds: 2,
      // (1/2 + 1 + 0) / 3, and of the one example with two attempts.
      pass_at_k: { 1: 0.5, 2: 1 },
      source: 'trajectories',
    });
    assert.deepEqual(await store.listBenchmarks(id), ['maze']);
    assert.deepEqual((await store.finalizeRun(id)).scores, { maze: 0.5 });
  });

  test('trajectories are deleted with their run', async (t) => {
    const store = open(t);
    const [id, other] = [await newRun(store), await newRun(store)];
    for (const run of [id, other]) await store.saveTrajectories(run, [whole]);
    await store.resetRun(id);
    assert.deepEqual((await store.getTrajectories(id)).trajectories, []);
    assert.equal((await store.getTrajectory(other, 'maze', 3)).turns[0].content, long);
    await store.deleteRun(other);
    assert.equal(await store.getTrajectory(other, 'maze', 3), undefined);
  });
});

/** The texts of a file: how many, their lengths, and the bytes that they take. */
function textsOf(path) {
  const db = openBetterSqlite3(path, { readonly: true });
  const row = db
    .prepare('SELECT count(*) AS count, sum(length) AS long, sum(length(content)) AS kept FROM texts')
    .get();
  db.close();
  return row;
}

test('a long text is stored once and compressed, and deleted with the last turn that has it', async (t) => {
  const path = newPath(t);
  const store = openStore(t, path);
  const suite_id = (await store.createSuite('s')).id;
  const runs = [await newRun(store, { suite_id }), await newRun(store, { suite_id })];
  for (const id of runs) {
    await store.saveTrajectories(id, [
      one(0, {
        turns: [
          { role: 'system', content: long },
          { role: 'user', content: 'x'.repeat(511) },
        ],
      }),
      one(1, { turns: [{ role: 'system', content: long }] }),
    ]);
    await store.appendTurns(id, 'maze', 1, [{ role: 'user', content: long }]);
  }
  const { count, long: length, kept } = textsOf(path);
  assert.deepEqual([count, length], [1, long.length]);
  assert.ok(kept < long.length / 10, `${kept} bytes`);
  await store.deleteRun(runs[0]);
  assert.equal(textsOf(path).count, 1);
  assert.equal((await store.getTrajectory(runs[1], 'maze', 1)).turns[1].content, long);
  await store.deleteSuite(suite_id);
  assert.equal(textsOf(path).count, 0);
});

test('a text that compression does not shrink is stored as it is, and one text may be content and parts', async (t) => {
  const path = newPath(t);
  const store = openStore(t, path);
  const id = await newRun(store);
  const noise = Array.from({ length: 600 }, (_, at) => String.fromCharCode(33 + ((at * 7919) % 89) + (at % 5))).join(
    '',
  );
  const parts = [{ type: 'text', text: long }];
  const turns = [noise, parts, JSON.stringify(parts)].map((content) => ({ role: 'user', content }));
  await store.saveTrajectories(id, [one(0, { turns })]);
  assert.deepEqual(
    (await store.getTrajectory(id, 'maze', 0)).turns.map(({ content }) => content),
    [noise, parts, JSON.stringify(parts)],
  );
  assert.equal(textsOf(path).count, 2);
});

test('readers see turns as soon as they are appended', async (t) => {
  const path = newPath(t);
  const writer = openStore(t, path);
  const id = await newRun(writer);
  const reader = openStore(t, path, { readOnly: true });
  for (let turn = 1; turn <= 3; turn++) {
    await writer.appendTurns(id, 'maze', 0, [{ role: 'assistant', content: `${turn}` }]);
    assert.equal((await reader.getTrajectory(id, 'maze', 0)).turns.length, turn);
  }
  await assert.rejects(async () => reader.appendTurns(id, 'maze', 0, []), { code: 'ERR_RUNSTORE_READONLY' });
});

test('a text that was damaged is an error that names the trajectory or the text', async (t) => {
  const path = newPath(t);
  const store = openStore(t, path);
  const id = await newRun(store);
  await store.saveTrajectories(id, [one(0, { logs: { a: 1 }, turns: [{ role: 'user', content: long }] })]);
  await store.close();
  const db = openBetterSqlite3(path);
  db.exec(`UPDATE texts SET content = x'00'`);
  const again = openStore(t, path);
  await assert.rejects(async () => again.getTrajectory(id, 'maze', 0), {
    code: 'ERR_RUNSTORE_CORRUPT',
    message: /^getTrajectory: content of a turn of trajectory 0 of benchmark "maze": a text cannot be decompressed/,
  });
  db.exec(`DELETE FROM turns; UPDATE trajectories SET logs = '{'`);
  db.close();
  await assert.rejects(async () => again.getTrajectories(id), {
    code: 'ERR_RUNSTORE_CORRUPT',
    message: /^getTrajectories: logs of trajectory 0 of benchmark "maze" is not JSON/,
  });
});
