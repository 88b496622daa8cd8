// Episodes that go on: saved again, deleted, joined to their cases, and in the shapes of OpenAI's messages.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onEveryConnection } from './support/conformance.mjs';
import { newPath, openStore } from './support/connections.mjs';
import { newCase, newRun } from './support/data.mjs';
import { collect } from './support/either.mjs';
import { openBetterSqlite3 } from './support/reference-packages.mjs';

const long = 'You are a careful player of games. '.repeat(100);
const says = (content, role = 'assistant') => ({ role, content });
const one = (idx, data = {}) => ({ benchmark: 'maze', idx, ...data });
const textsOf = (trajectory) => trajectory.turns.map(({ content }) => content);
const idxOf = (rows) => rows.map(({ idx }) => idx);

/** A turn with the defaults that are read back. */
const read = (turn) => ({ content: null, token_count: null, metadata: {}, ...turn });

onEveryConnection((open) => {
  test('replace puts the new trajectory in the place of the old one, with nothing left of its turns and outcome', async (t) => {
    const store = open(t);
    const id = await newRun(store);
    const turns = [long, 'a', 'b', 'c'].map((text) => says(text));
    await store.saveTrajectories(id, [one(0, { turns, reward: 1, error: 'late', trial: 3, example_id: 'e' }), one(1)]);
    const again = [one(0, { turns: [says(long), says('d')] }), one(2)];
    assert.equal(await store.saveTrajectories(id, again, { onConflict: 'replace' }), undefined);
    const replaced = await store.getTrajectory(id, 'maze', 0);
    assert.deepEqual(replaced, {
      run_id: id,
      benchmark: 'maze',
      idx: 0,
      example_id: '',
      turns: [read(says(long)), read(says('d'))],
      reward: 0,
      metrics: {},
      logs: {},
      error: null,
      time_seconds: null,
    });
    assert.deepEqual(idxOf((await store.getTrajectories(id)).trajectories), [0, 1, 2]);
    assert.equal(await store.appendTurns(id, 'maze', 0, [says('e')]), 3);
  });

  test('ignore keeps what is there, and of two in one call the later meets the earlier', async (t) => {
    const store = open(t);
    const id = await newRun(store);
    await store.saveTrajectories(id, [one(0, { turns: [says('first')] })]);
    const twice = (idx) => [one(idx, { turns: [says('x')] }), one(idx, { turns: [says('y')] })];
    await store.saveTrajectories(id, [one(0, { turns: [says('second')] }), ...twice(1)], { onConflict: 'ignore' });
    await store.saveTrajectories(id, twice(2), { onConflict: 'replace' });
    const { trajectories } = await store.getTrajectories(id);
    assert.deepEqual(trajectories.map(textsOf), [['first'], ['x'], ['y']]);
    for (const onConflict of ['error', null, undefined]) {
      await assert.rejects(async () => store.saveTrajectories(id, [one(9), one(0)], { onConflict }), {
        code: 'ERR_RUNSTORE_CONSTRAINT',
        message: /^saveTrajectories: trajectories\[1\]: run ".*" has a trajectory 0 of benchmark "maze" already/,
      });
    }
    await assert.rejects(async () => store.saveTrajectories(id, [], { onConflict: 'keep' }), {
      code: 'ERR_RUNSTORE_INVALID_ARGUMENT',
      message: /^saveTrajectories: options\.onConflict must be 'error' or 'replace' or 'ignore', not "keep"/,
    });
    assert.deepEqual(idxOf((await store.getTrajectories(id)).trajectories), [0, 1, 2]);
  });

  test('a replacement that fails in the end leaves everything as it was', async (t) => {
    const store = open(t);
    const id = await newRun(store);
    await store.saveTrajectories(id, [one(0, { turns: [says(long)] })]);
    const many = function* () {
      for (let idx = 0; idx < 1200; idx++) yield one(idx, { turns: [says('new')] });
      yield one(0, { case_id: 'nowhere' });
    };
    await assert.rejects(async () => store.saveTrajectories(id, many(), { onConflict: 'replace' }), {
      code: 'ERR_RUNSTORE_CONSTRAINT',
      message:
        /^saveTrajectories: trajectories\[1200\]\.case_id is no case of the run: there is none with id "nowhere"/,
    });
    assert.deepEqual((await store.getTrajectories(id)).trajectories.map(textsOf), [[long]]);
  });

  test('deleteTrajectory deletes one, and returns whether it existed', async (t) => {
    const store = open(t);
    const [id, other] = [await newRun(store), await newRun(store)];
    for (const run of [id, other]) await store.saveTrajectories(run, [one(0, { turns: [says(long)] }), one(1)]);
    assert.equal(await store.deleteTrajectory(id, 'maze', 0), true);
    assert.equal(await store.deleteTrajectory(id, 'maze', 0), false);
    assert.equal(await store.deleteTrajectory(id, 'other', 1), false);
    assert.equal(await store.deleteTrajectory(null, 'maze', 1), false);
    assert.deepEqual(idxOf((await store.getTrajectories(id)).trajectories), [1]);
    assert.deepEqual(textsOf(await store.getTrajectory(other, 'maze', 0)), [long]);
    assert.equal(await store.appendTurns(id, 'maze', 0, [says('anew')]), 1);
    for (const args of [[id], [id, 'maze'], [id, 'maze', 0.5], [7, 'maze', 0]]) {
      await assert.rejects(async () => store.deleteTrajectory(...args), {
        code: 'ERR_RUNSTORE_INVALID_ARGUMENT',
        message: /^deleteTrajectory: \w+ must be/,
      });
    }
  });

  test('a trajectory belongs to a case by its id or its key, is read with both, and found by either', async (t) => {
    const store = open(t);
    const id = await newRun(store);
    await store.saveCases([
      newCase(id, { id: 'a0', idx: 0, key: 'a', trial: 0 }),
      newCase(id, { id: 'a1', idx: 0, key: 'a', trial: 1 }),
      newCase(id, { id: 'b', idx: 1, key: 'b' }),
      newCase(id, { id: 'c', idx: 2 }),
    ]);
    await store.saveTrajectories(id, [
      one(0, { key: 'a', trial: 0 }),
      one(1, { key: 'a', trial: 1 }),
      one(2, { key: 'b' }),
      one(3, { case_id: 'c', trial: -1 }),
      one(4, { case_id: 'a1', key: 'a' }),
      one(5, { trial: 1 }),
    ]);
    const { trajectories } = await store.getTrajectories(id);
    const known = trajectories.map(({ trial, case_id, key }) => ({ trial, case_id, key }));
    assert.deepEqual(known, [
      { trial: 0, case_id: 'a0', key: 'a' },
      { trial: 1, case_id: 'a1', key: 'a' },
      { trial: undefined, case_id: 'b', key: 'b' },
      { trial: -1, case_id: 'c', key: undefined },
      { trial: undefined, case_id: 'a1', key: 'a' },
      { trial: 1, case_id: undefined, key: undefined },
    ]);
    assert.deepEqual(Object.keys(trajectories[0]).slice(-4), ['time_seconds', 'trial', 'case_id', 'key']);
    assert.equal('trial' in trajectories[2], false);
    for (const [filter, expected] of [
      [{ key: 'a' }, [0, 1, 4]],
      [{ key: 'a', trial: 1 }, [1]],
      [{ caseId: 'a1' }, [1, 4]],
      [{ trial: 1 }, [1, 5]],
      [{ caseId: 'c', key: 'a' }, []],
      [{ key: null, caseId: undefined, trial: null }, [0, 1, 2, 3, 4, 5]],
    ]) {
      const pages = await store.getTrajectories(id, { ...filter, limit: 2 });
      assert.deepEqual(idxOf(pages.trajectories), expected.slice(0, 2), JSON.stringify(filter));
      assert.deepEqual(idxOf(await collect(store.iterateTrajectories(id, { ...filter, batchSize: 1 }))), expected);
      assert.deepEqual(idxOf(await collect(store.iterateTrajectories(id, { benchmark: 'maze', ...filter }))), expected);
    }
  });

  test('appendTurns can set the case at any time', async (t) => {
    const store = open(t);
    const id = await newRun(store);
    await store.appendTurns(id, 'maze', 0, [says('a')], { trial: 2 });
    await store.saveResults(id, [newCase(undefined, { id: 'k2', key: 'k', trial: 2 })]);
    await store.appendTurns(id, 'maze', 0, [says('b')], { key: 'k' });
    await store.appendTurns(id, 'maze', 0, [says('c')], { reward: 1 });
    const { trial, case_id, key, reward } = await store.getTrajectory(id, 'maze', 0);
    assert.deepEqual({ trial, case_id, key, reward }, { trial: 2, case_id: 'k2', key: 'k', reward: 1 });
    await assert.rejects(async () => store.appendTurns(id, 'maze', 0, [says('d')], { key: 'none' }), {
      code: 'ERR_RUNSTORE_CONSTRAINT',
      message: /^appendTurns: outcome\.key is that of no case: the run has none with key "none"/,
    });
    assert.equal((await store.getTrajectory(id, 'maze', 0)).turns.length, 3);
  });

  test('a case of another run, or an ambiguous one, is refused by name', async (t) => {
    const store = open(t);
    const [id, other] = [await newRun(store), await newRun(store)];
    await store.saveCases([
      newCase(other, { id: 'theirs', key: 'theirs' }),
      newCase(id, { id: 'x', key: 'k', trial: 0 }),
      newCase(id, { id: 'y', key: 'k', trial: 1 }),
    ]);
    for (const [data, message] of [
      [{ case_id: 'theirs' }, /trajectories\[0\]\.case_id is a case of another run: "theirs" is one of run "/],
      [{ key: 'theirs' }, /trajectories\[0\]\.key is that of no case: the run has none with key "theirs"/],
      [{ key: 'k' }, /trajectories\[0\]\.key is that of 2 cases: name one of those with key "k" by trial or case_id/],
      [{ key: 'k', trial: 2 }, /trajectories\[0\]\.key is that of no case: the run has none with key "k" and trial 2/],
      [{ case_id: 'x', key: 'z' }, /trajectories\[0\]\.case_id is a case of another key: that of "x" is "k"/],
    ]) {
      await assert.rejects(async () => store.saveTrajectories(id, [one(0, data)]), {
        code: 'ERR_RUNSTORE_CONSTRAINT',
        message,
      });
    }
    for (const [data, message] of [
      [{ trial: 0.5 }, /trajectories\[0\]\.trial must be a whole number/],
      [{ case_id: 7 }, /trajectories\[0\]\.case_id must be a string, not the number 7/],
      [{ key: 7 }, /trajectories\[0\]\.key must be a string, not the number 7/],
      [{ caseId: 'x' }, /trajectories\[0\]\.caseId is not known; did you mean case_id\?/],
    ]) {
      await assert.rejects(async () => store.saveTrajectories(id, [one(0, data)]), {
        code: 'ERR_RUNSTORE_INVALID_ARGUMENT',
        message,
      });
    }
    assert.deepEqual((await store.getTrajectories(id)).trajectories, []);
  });

  test("OpenAI's messages are saved and returned unchanged", async (t) => {
    const store = open(t);
    const id = await newRun(store);
    const tool_calls = [
      { id: 'call_1', type: 'function', function: { name: 'look', arguments: '{"where":"left \\u2028"}' } },
    ];
    const messages = [
      { role: 'developer', content: 'Find the way out.' },
      { role: 'user', name: 'ann', content: [{ type: 'text', text: 'Where?' }] },
      { role: 'assistant', content: null, tool_calls },
      { role: 'assistant', tool_calls },
      { role: 'tool', tool_call_id: 'call_1', content: '##.#' },
      { role: 'tool', tool_call_id: 'call_1', content: [{ type: 'text', text: '##.#' }] },
      { role: 'function', name: 'look', content: '' },
      { role: 'assistant', content: null, refusal: 'I cannot.', annotations: [], audio: null },
      { role: 'assistant', content: 'left', refusal: null, reasoning_content: 'because', __proto__x: { a: [1] } },
    ];
    await store.saveTrajectories(id, [one(0, { turns: messages })]);
    const kept = ({ role, content = null, ...more }) => {
      const set = Object.entries(more).filter(([, value]) => value !== null);
      return { role, content, token_count: null, metadata: {}, ...Object.fromEntries(set) };
    };
    const { turns } = await store.getTrajectory(id, 'maze', 0);
    assert.deepEqual(turns, messages.map(kept));
    await store.saveTrajectories(id, [one(1, { turns })]);
    assert.deepEqual((await store.getTrajectory(id, 'maze', 1)).turns, turns);
    assert.equal(await store.appendTurns(id, 'maze', 2, messages), messages.length);
    assert.deepEqual((await store.getTrajectory(id, 'maze', 2)).turns, turns);
  });

  test('an empty turn is refused, and an invalid value is named', async (t) => {
    const store = open(t);
    const id = await newRun(store);
    const circular = [];
    circular.push(circular);
    for (const [turn, message] of [
      [
        { role: 'assistant', content: null },
        /turns\[0\]\.content must be a string or an array of parts, not null; only/,
      ],
      [{ role: 'assistant', content: null, tool_calls: null }, /turns\[0\]\.content must be a string/],
      [{ role: 'assistant', content: 7, tool_calls: [] }, /turns\[0\]\.content must be .*, not the number 7/],
      [{ role: 'assistant', content: '', tool_calls: circular }, /turns\[0\] cannot be written as JSON/],
      [
        { role: 'assistant', content: '', toolCalls: [] },
        /turns\[0\]\.toolCalls is not known; did you mean tool_calls/,
      ],
    ]) {
      await assert.rejects(async () => store.saveTrajectories(id, [one(0, { turns: [turn] })]), {
        code: 'ERR_RUNSTORE_INVALID_ARGUMENT',
        message,
      });
    }
  });
});

test('texts of turns that are replaced or deleted go with the last turn of them', async (t) => {
  const path = newPath(t);
  const store = openStore(t, path);
  const id = newRun(store);
  const other = `${long}!`;
  store.saveTrajectories(id, [one(0, { turns: [says(long), says(other)] }), one(1, { turns: [says(long)] })]);
  store.saveTrajectories(id, [one(0, { turns: [says(long)] })], { onConflict: 'replace' });
  const db = openBetterSqlite3(path);
  t.after(() => db.close());
  const lengths = () => db.prepare('SELECT length FROM texts ORDER BY length').pluck().all();
  assert.deepEqual(lengths(), [long.length]);
  // Replaced by the same text, and then by another and the same again, in one call.
  const again = [says(other), says(long)].map((turn) => one(1, { turns: [turn] }));
  store.saveTrajectories(id, again, { onConflict: 'replace' });
  assert.deepEqual(lengths(), [long.length]);
  store.deleteTrajectory(id, 'maze', 0);
  assert.deepEqual(textsOf(store.getTrajectory(id, 'maze', 1)), [long]);
  store.deleteTrajectory(id, 'maze', 1);
  assert.deepEqual(lengths(), []);
  assert.deepEqual(db.pragma('foreign_key_check'), []);
});

test('a message that was damaged is an error that names the trajectory, and the doctor sets it aside', async (t) => {
  const path = newPath(t);
  const store = openStore(t, path);
  const id = newRun(store);
  store.saveTrajectories(id, [one(0, { turns: [{ role: 'tool', content: 'x', tool_call_id: 'c' }] })]);
  const db = openBetterSqlite3(path);
  t.after(() => db.close());
  for (const damaged of ['[1]', '{"a":']) {
    db.prepare('UPDATE turns SET message = ?').run(damaged);
    assert.throws(() => store.getTrajectory(id, 'maze', 0), {
      code: 'ERR_RUNSTORE_CORRUPT',
      message: /^getTrajectory: message of a turn of trajectory 0 of benchmark "maze" is not /,
    });
  }
  store.doctor({ fix: true });
  assert.deepEqual(store.getTrajectory(id, 'maze', 0).turns, [read(says('x', 'tool'))]);
});
