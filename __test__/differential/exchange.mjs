// Files that runstore wrote with its extra columns, opened by the reference, and back. (That each store goes on with
// the other's file in the middle of random operations is part of the random sequences: `exchange`.)

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { RunStore } from 'runstore';
import { ReferenceStore, Side } from './sides.mjs';

const EXTRA = {
  run: { tags: ['nightly', 'é'], metadata: { commit: 'abc' } },
  case: {
    key: 'fr-1',
    trial: 2,
    benchmark: 'capitals',
    cluster: 'europe',
    metadata: { a: [1] },
    cost_usd: 0.25,
    started_at: 1e12,
  },
  score: { metadata: { judge: 'x' }, answer: 'Paris' },
};

/** A case as the reference writes it. */
const plainCase = (runId, number) => ({
  id: `case-${number}`,
  run_id: runId,
  idx: number,
  input: { question: `Capital of ${number}?` },
  output: number % 3 === 0 ? null : `answer ${number}`,
  expected: number % 2 === 0 ? ['Paris', null] : null,
  latency_ms: 10.5 * number,
  tokens_in: number,
  tokens_out: 2 * number,
  ...(number % 3 === 0 && { error: 'TimeoutError: too late' }),
});

const scoresOf = ({ id, idx }) => [
  { id: `${id}-exact`, case_id: id, scorer_name: 'exact', score: (idx % 4) / 4 },
  { id: `${id}-judge`, case_id: id, scorer_name: 'judge', score: 1, reason: 'well said' },
];

const without = (row, extra) => Object.fromEntries(Object.entries(row).filter(([key]) => !Object.hasOwn(extra, key)));

/** Everything that the documented methods read, without what only runstore returns. */
function readAll(store) {
  const runs = store.listRuns();
  return {
    suites: store.listSuites(),
    runs: runs.map((row) => without(row, EXTRA.run)),
    run: runs.map(({ id }) => without(store.getRun(id), EXTRA.run)),
    cases: runs.map(({ id }) => store.getCases(id).map((row) => without(row, EXTRA.case))),
    failing: runs.map(({ id }) =>
      store.getFailingCases(id, Infinity).map((row) => ({
        ...without(row, EXTRA.case),
        scores: row.scores.map((score) => without(score, EXTRA.score)),
      })),
    ),
    summaries: runs.map(({ id }) => store.getRunSummary(id)),
    prompts: store.listPrompts(),
  };
}

describe('a file', () => {
  let directory;
  let path;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'runstore-exchange-'));
    path = join(directory, 'store.db');
  });

  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  /** Opens the file with a store, uses it and closes it. */
  function using(Store, use) {
    const side = new Side(Store, 'file', path).open();
    try {
      return use(side.store);
    } finally {
      side.close();
    }
  }

  function writeWith(store, extra) {
    const suite = store.createSuite('capitals');
    const runId = store.createRun({ suite_id: suite.id, name: 'first', model: 'm', config: { t: 0 }, ...extra.run });
    const cases = Array.from({ length: 20 }, (_, number) => ({ ...plainCase(runId, number), ...extra.case }));
    store.saveCases(cases);
    store.saveScores(cases.flatMap(scoresOf).map((score) => ({ ...score, ...extra.score })));
    store.finishRun(runId, 'completed', store.getRunSummary(runId));
    store.createPrompt('judge', 'Be fair.');
    store.createPrompt('judge', 'Be just.');
    return runId;
  }

  test('of runstore reads the same in the reference', () => {
    const written = using(RunStore, (store) => {
      writeWith(store, EXTRA);
      return readAll(store);
    });
    assert.equal(written.cases[0].length, 20);
    assert.deepEqual(using(ReferenceStore, readAll), written);
  });

  test('of runstore lists runs of one millisecond in the reference as they were made', () => {
    const made = using(RunStore, (store) => {
      const suite = store.createSuite('capitals');
      const ids = Array.from({ length: 60 }, (_, number) =>
        store.createRun({ suite_id: suite.id, name: `${number}`, model: `m${number % 3}` }),
      );
      for (const id of ids.slice(0, 30)) store.finishRun(id, 'completed');
      const times = new Set(store.listRuns().map((run) => run.started_at));
      assert.ok(times.size < ids.length, 'no two runs have the same time');
      return ids;
    });
    const listed = using(ReferenceStore, (store) => store.listRuns().map((run) => run.id));
    assert.deepEqual(listed, made);
  });

  test('of the reference reads the same in runstore', () => {
    const written = using(ReferenceStore, (store) => {
      writeWith(store, {});
      return readAll(store);
    });
    assert.equal(written.cases[0].length, 20);
    assert.deepEqual(using(RunStore, readAll), written);
  });

  test('of runstore keeps its extra columns while the reference writes to it', () => {
    const runId = using(RunStore, (store) => writeWith(store, EXTRA));
    using(ReferenceStore, (store) => {
      store.renameRun(runId, 'renamed');
      store.saveCases([plainCase(runId, 20)]);
      store.saveScores(scoresOf(plainCase(runId, 20)));
      store.finishRun(runId, 'failed');
    });
    using(RunStore, (store) => {
      const run = store.getRun(runId);
      assert.deepEqual(
        [run.name, run.status, run.tags, run.metadata],
        ['renamed', 'failed', EXTRA.run.tags, EXTRA.run.metadata],
      );
      const cases = store.getCases(runId);
      assert.equal(cases.length, 21);
      for (const row of cases.slice(0, 20)) assert.deepEqual(row, { ...row, ...EXTRA.case });
      for (const key of Object.keys(EXTRA.case)) assert.ok(!Object.hasOwn(cases[20], key), key);
      const [score] = store.getFailingCases(runId)[0].scores;
      assert.deepEqual(score, { ...score, ...EXTRA.score });
    });
  });

  test('goes back and forth ten times without changing', () => {
    using(RunStore, (store) => writeWith(store, EXTRA));
    const first = using(RunStore, readAll);
    for (let round = 0; round < 5; round++) {
      assert.deepEqual(using(ReferenceStore, readAll), first);
      assert.deepEqual(using(RunStore, readAll), first);
    }
  });

  test('with a column that a caller added returns the documented keys only', () => {
    using(ReferenceStore, (store) => writeWith(store, {}));
    const side = new Side(RunStore, 'DatabaseSync on a file', path).open();
    for (const table of ['suites', 'runs', 'cases', 'prompts'])
      side.query(`ALTER TABLE ${table} ADD COLUMN mine TEXT DEFAULT 'x'`);
    const { suites, runs, cases, prompts } = readAll(side.store);
    for (const rows of [suites, runs, cases[0], prompts])
      assert.ok(rows.length > 0 && !rows.some((row) => Object.hasOwn(row, 'mine')));
    assert.deepEqual(side.store.getSuite(suites[0].id), suites[0]);
    side.close();
  });
});
