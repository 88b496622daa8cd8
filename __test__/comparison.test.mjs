// compareRuns: worked examples everywhere, and on a Node that has node:sqlite the reference's own compareRuns beside it.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { RunStore } from 'runstore';
import { compareRuns } from 'runstore/comparison';
import { Random } from './differential/random.mjs';
import { onEveryConnection } from './support/conformance.mjs';
import { openStore } from './support/connections.mjs';
import { importPackage, nodeSqlite } from './support/reference-packages.mjs';

/** Saves a run; a case is `[idx, [[scorer, score], …], costs]`. Returns the id of the run. */
async function saveRun(store, suite_id, cases) {
  const run_id = await store.createRun({ suite_id, name: 'run', model: 'model' });
  const rows = cases.map(([idx, scores, costs], at) => ({
    case: { id: `${run_id}/${at}`, run_id, idx, input: at, output: null, ...NO_COSTS, ...costs },
    scores: scores.map(([scorer_name, score], nth) => ({
      id: `${run_id}/${at}/${nth}`,
      case_id: `${run_id}/${at}`,
      scorer_name,
      score,
    })),
  }));
  await store.saveCases(rows.map((row) => row.case));
  await store.saveScores(rows.flatMap((row) => row.scores));
  return run_id;
}

const NO_COSTS = { latency_ms: 0, tokens_in: 0, tokens_out: 0 };

/** Runs `call` with console.warn caught; returns what it returned and what was warned. */
async function hearing(call) {
  const { warn } = console;
  const warnings = [];
  console.warn = (...words) => warnings.push(words);
  try {
    return { result: await call(), warnings };
  } finally {
    console.warn = warn;
  }
}

/** Compares runs saved into a store; returns the result and what was warned. */
async function compared(store, baseline, candidate, options) {
  const suite = (await store.createSuite('suite')).id;
  const ids = [await saveRun(store, suite, baseline), await saveRun(store, suite, candidate)];
  return hearing(() => compareRuns(store, ...ids, options));
}

onEveryConnection((open) => {
  test('compareRuns returns the change of each score, scorer and cost', async (t) => {
    const baseline = [
      [0, [['exact', 1]], { latency_ms: 100, tokens_in: 10, tokens_out: 20 }],
      [1, [['exact', 0.5]], { latency_ms: 100, tokens_in: 10, tokens_out: 20 }],
      [2, [['exact', 0.25]], { latency_ms: 100, tokens_in: 10, tokens_out: 20 }],
    ];
    const candidate = [
      [0, [['exact', 0.5]], { latency_ms: 150, tokens_in: 5, tokens_out: 20 }],
      [1, [['exact', 0.5]], { latency_ms: 150, tokens_in: 5, tokens_out: 21 }],
      [2, [['exact', 0.5]], { latency_ms: 150, tokens_in: 5, tokens_out: 20 }],
    ];
    const { result, warnings } = await compared(open(t), baseline, candidate);
    assert.deepEqual(warnings, []);
    const meanDelta = -0.25 / 3;
    assert.deepEqual(result, {
      caseDiffs: [
        { index: 0, scorerDeltas: { exact: { baseline: 1, candidate: 0.5, delta: -0.5, change: 'regressed' } } },
        { index: 1, scorerDeltas: { exact: { baseline: 0.5, candidate: 0.5, delta: 0, change: 'unchanged' } } },
        { index: 2, scorerDeltas: { exact: { baseline: 0.25, candidate: 0.5, delta: 0.25, change: 'improved' } } },
      ],
      scorerSummaries: { exact: { meanDelta, improvedCount: 1, regressedCount: 1, unchangedCount: 1 } },
      costDelta: { latencyDeltaMs: 150, tokenInDelta: -15, tokenOutDelta: 1 },
      totalCasesCompared: 3,
      regression: { regressed: true, details: { exact: { meanDelta, exceeds: true } } },
    });
  });

  test('cases are paired by idx, with a warning for different numbers of cases', async (t) => {
    const { result, warnings } = await compared(open(t), [[7, []]], [...[7, 3, 5].map((idx) => [idx, [['a', 1]]])]);
    assert.deepEqual(
      result.caseDiffs.map(({ index }) => index),
      [7],
    );
    assert.equal(result.totalCasesCompared, 1);
    assert.deepEqual(warnings, [['Run case count mismatch: baseline=1, candidate=3. Comparing intersection only.']]);
  });

  test('onWarning is called for different numbers of cases, instead of the console', async (t) => {
    const told = [];
    const options = { onWarning: (message) => told.push(message) };
    const { warnings } = await compared(open(t), [[7, []]], [...[7, 3, 5].map((idx) => [idx, [['a', 1]]])], options);
    assert.deepEqual(warnings, []);
    assert.deepEqual(told, ['Run case count mismatch: baseline=1, candidate=3. Comparing intersection only.']);
  });

  test('a missing score counts as 0, also for a scorer named like a property of every object', async (t) => {
    const names = ['__proto__', 'toString', '10', 'b', '2', ''];
    const scores = names.map((name) => [name, 1]);
    const { scorerSummaries, caseDiffs, regression } = (await compared(open(t), [[0, []]], [[0, scores]])).result;
    const inOrder = ['2', '10', '__proto__', 'toString', 'b', ''];
    for (const object of [scorerSummaries, caseDiffs[0].scorerDeltas, regression.details]) {
      assert.deepEqual(Object.keys(object), inOrder);
      assert.equal(Object.getPrototypeOf(object), Object.prototype);
    }
    for (const name of inOrder) {
      const { value } = Object.getOwnPropertyDescriptor(caseDiffs[0].scorerDeltas, name);
      assert.deepEqual(value, { baseline: 0, candidate: 1, delta: 1, change: 'improved' }, name);
    }
  });
});

test('the last case with an idx counts, and the last score of a scorer, except Infinity', async (t) => {
  const baseline = [
    [0, [['gone', 1]]],
    [0, [['a', 0.25], ['a', 0.75], ['b', 1]]], // biome-ignore format: a line a case
  ];
  const candidate = [[0, [['b', Infinity], ['a', 1], ['a', Infinity]]]]; // biome-ignore format: a line a case
  const { scorerSummaries, caseDiffs } = (await compared(openStore(t, ':memory:'), baseline, candidate)).result;
  assert.deepEqual(Object.keys(scorerSummaries), ['a', 'b']);
  assert.deepEqual(caseDiffs[0].scorerDeltas.a, { baseline: 0.75, candidate: 1, delta: 0.25, change: 'improved' });
  assert.equal(caseDiffs[0].scorerDeltas.b.candidate, 0);
});

test('a change is more than the tolerance, a regression more than the threshold', async (t) => {
  const store = openStore(t, ':memory:');
  const deltas = async (options) => (await compared(store, [[0, [['a', 1]]]], [[0, [['a', 0.5]]]], options)).result;
  const change = async (options) => (await deltas(options)).caseDiffs[0].scorerDeltas.a.change;
  assert.equal(await change({ tolerance: 0.5 }), 'unchanged');
  assert.equal(await change({ tolerance: 0.4999 }), 'regressed');
  assert.equal((await deltas({ regressionThreshold: 0.5 })).regression.regressed, false);
  assert.equal((await deltas({ regressionThreshold: 0.4999 })).regression.regressed, true);
  for (const options of [undefined, null, {}, { tolerance: undefined, regressionThreshold: null }]) {
    assert.equal(await change(options), 'regressed');
    assert.equal((await deltas(options)).regression.regressed, true);
  }
});

test('runs that do not exist have no cases', async (t) => {
  const { result, warnings } = await hearing(() => compareRuns(openStore(t, ':memory:'), 'one', null));
  assert.deepEqual(warnings, []);
  assert.deepEqual(result, {
    caseDiffs: [],
    scorerSummaries: {},
    costDelta: { latencyDeltaMs: 0, tokenInDelta: 0, tokenOutDelta: 0 },
    totalCasesCompared: 0,
    regression: { regressed: false, details: {} },
  });
});

test('an invalid argument is refused by name', (t) => {
  const store = openStore(t, ':memory:');
  const refused = (kind, name, ...args) =>
    assert.throws(
      () => compareRuns(...args),
      (error) => {
        assert.ok(error instanceof kind, error);
        assert.equal(error.code, 'ERR_RUNSTORE_INVALID_ARGUMENT');
        assert.ok(error.message.startsWith(`compareRuns: ${name} must `), error.message);
        return true;
      },
    );
  for (const bad of [undefined, null, {}, Object.create(RunStore.prototype), 'store']) {
    refused(TypeError, 'store', bad, 'a', 'b');
  }
  refused(TypeError, 'baselineRunId', store, undefined, 'b');
  refused(TypeError, 'candidateRunId', store, 'a', 1);
  refused(TypeError, 'options', store, 'a', 'b', 0.1);
  refused(TypeError, 'options.tolerance', store, 'a', 'b', { tolerance: '0.1' });
  refused(RangeError, 'options.regressionThreshold', store, 'a', 'b', { regressionThreshold: NaN });
});

test('a closed store says so', () => {
  const store = new RunStore(':memory:');
  store.close();
  assert.throws(() => compareRuns(store, 'a', 'b'), {
    code: 'ERR_RUNSTORE_CLOSED',
    message: 'compareRuns: the store is closed',
  });
});

test('a store of a class derived from RunStore is compared', async (t) => {
  class Mine extends RunStore {}
  const store = new Mine(':memory:');
  t.after(() => store.close());
  assert.equal((await compared(store, [[0, []]], [[0, []]])).result.totalCasesCompared, 1);
});

if (nodeSqlite) {
  const reference = await importPackage('@deepagents/evals/comparison');
  const { RunStore: ReferenceStore } = await importPackage('@deepagents/evals/store');

  /**
   * The reference loses a scorer called `__proto__`, and takes what every object inherits for the score of a scorer of
   * that name; in its store they bear other names.
   */
  const INHERITED = ['__proto__', 'constructor', 'toString'];
  const standIn = (name) => (INHERITED.includes(name) ? `stand-in for ${name}` : name);
  const original = (name) => name.replace(/^stand-in for /, '');

  const renamed = (cases) =>
    cases.map(([idx, scores, ...rest]) => [idx, scores.map(([name, score]) => [standIn(name), score]), ...rest]);
  const entriesOf = (object) => Object.entries(object).map(([name, value]) => [original(name), value]);

  /** A result with its objects by scorer as lists of entries, so that their order counts. */
  const inOrder = ({ caseDiffs, scorerSummaries, regression, ...rest }) => ({
    keys: Object.keys({ caseDiffs, scorerSummaries, ...rest, regression }),
    caseDiffs: caseDiffs.map(({ index, scorerDeltas }) => [index, entriesOf(scorerDeltas)]),
    scorerSummaries: entriesOf(scorerSummaries),
    details: entriesOf(regression.details),
    regressed: regression.regressed,
    ...rest,
  });

  const SCORERS = ['exact', 'judge', 'similarity', '10', '2', '007', '', 'é', '模型', '😀', ...INHERITED];
  const SCORES = [0, 1, 0.5, 0.51, 0.49, 1 / 3, 0.1, 0.2, 0.7, -1, 1e-300, 1e300, 5, Infinity, -Infinity];
  const ODD_IDX = [-1, 0.5, 1.5, 2 ** 40, -0, 1e300, Infinity, -Infinity];

  const randomCase = (random, idx, scorers) => [
    random.chance(0.1) ? random.pick(ODD_IDX) : random.chance(0.1) ? random.below(20) : idx,
    Array.from({ length: random.below(5) }, () => [
      random.pick(scorers),
      random.chance(0.5) ? random.next() : random.pick(SCORES),
    ]),
    random.chance(0.1)
      ? { latency_ms: null, tokens_in: null, tokens_out: null }
      : { latency_ms: random.next() * 1000, tokens_in: random.below(1000), tokens_out: random.below(1000) },
  ];

  function randomRun(random, scorers, size) {
    return Array.from({ length: size }, (_, idx) => randomCase(random, idx, scorers));
  }

  function randomOptions(random) {
    if (random.chance(0.4)) return undefined;
    const size = () => random.pick([0, 0.01, 0.05, 0.5, undefined, null, -0.1, Infinity]);
    return { tolerance: size(), regressionThreshold: size() };
  }

  /** Saves runs one after the other; returns their ids. */
  async function savedRuns(store, suite, runs) {
    const ids = [];
    for (const run of runs) ids.push(await saveRun(store, suite, run));
    return ids;
  }

  describe('compareRuns returns what the reference returns', () => {
    test('for random runs, to the last bit and in the same order', async (t) => {
      const random = new Random(20_261_121);
      const ours = openStore(t, ':memory:');
      const db = new nodeSqlite.DatabaseSync(':memory:');
      t.after(() => db.close());
      const theirs = new ReferenceStore(db);
      const suites = [ours.createSuite('suite').id, theirs.createSuite('suite').id];
      for (let round = 0; round < 400; round++) {
        const scorers = SCORERS.filter(() => random.chance(0.4)).concat('exact');
        const size = random.below(30);
        const runs = [size, random.chance(0.3) ? random.below(30) : size].map((n) => randomRun(random, scorers, n));
        const options = randomOptions(random);
        const ofMine = await savedRuns(ours, suites[0], runs);
        const ofTheirs = await savedRuns(theirs, suites[1], runs.map(renamed));
        // One after the other: both warn by console.warn.
        const mine = await hearing(() => compareRuns(ours, ...ofMine, options));
        const other = await hearing(() => reference.compareRuns(theirs, ...ofTheirs, options));
        assert.deepEqual(mine.warnings, other.warnings);
        assert.deepEqual(inOrder(mine.result), inOrder(other.result), `round ${round}`);
      }
    });

    test('for the same rows in one file, saved in any order', async (t) => {
      const random = new Random(7);
      const db = new nodeSqlite.DatabaseSync(':memory:');
      t.after(() => db.close());
      const ours = openStore(t, db);
      const theirs = new ReferenceStore(db);
      const suite = ours.createSuite('suite').id;
      // Our index hands the reference the scores of a case by name: with two of one scorer it would take the greater.
      const oneOfEach = ([idx, scores, costs]) => [idx, [...new Map(scores)], costs];
      const runs = [0, 1].map(() => {
        const run = randomRun(random, ['a', 'b', '3'], 500).map(oneOfEach);
        return run.sort(() => random.next() - 0.5);
      });
      const ids = await savedRuns(ours, suite, runs);
      const { result } = await hearing(() => compareRuns(ours, ...ids));
      const other = await hearing(() => reference.compareRuns(theirs, ...ids));
      assert.equal(result.totalCasesCompared > 0, true);
      assert.deepEqual(result, other.result);
    });
  });
}
