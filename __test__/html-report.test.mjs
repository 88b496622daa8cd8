// The content of the file of htmlReport; page-browser.test.mjs tests it with a browser.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { RunStore } from 'runstore';
import { htmlReport, saveAnnotations } from 'runstore/report';
import { onEveryConnection } from './support/conformance.mjs';
import { openStore, temporaryDirectory } from './support/connections.mjs';
import { readPage, withoutBlocks } from './support/html-page.mjs';
import { projectDirectory } from './support/reference-packages.mjs';
import { saveRun } from './support/runs.mjs';

/** Two runs of four cases: one gets worse, one better, one stays, one is in the candidate only. */
async function savePair(store) {
  const suite_id = (await store.createSuite('capitals')).id;
  const one = (key, score, more) => ({ input: `capital of ${key}?`, key, scores: { exact: score }, ...more });
  const baseline = await saveRun(
    store,
    suite_id,
    [
      one('peru', 1, { output: 'Lima', latency_ms: 100, tokens_in: 7, tokens_out: 1, cost_usd: 0.5 }),
      one('chad', 0, { output: 'Cusco' }),
      one('fiji', 1, { output: 'Suva' }),
    ],
    { name: 'before', model: 'small', tags: ['nightly'], git: { commit: 'abc123', branch: 'main' } },
  );
  const candidate = await saveRun(
    store,
    suite_id,
    [
      one('peru', 0, { output: 'Cusco', expected: 'Lima', metadata: { level: 3 } }),
      one('chad', 1, { output: "N'Djamena" }),
      one('fiji', 1, { output: 'Suva', benchmark: 'islands' }),
      { input: { country: 'mali' }, key: 'mali', error: 'timeout', cluster: 'africa' },
    ],
    { name: 'after', model: 'large' },
  );
  await store.saveScores([
    {
      case_id: (await store.getCases(candidate))[0].id,
      scorer_name: 'helpful',
      score: 0.25,
      reason: 'short',
      answer: 'Cusco',
    },
  ]);
  return { suite_id, baseline, candidate };
}

onEveryConnection((open) => {
  test('the headline says that a run is worse, even if it is not settled by how much', async (t) => {
    const store = open(t);
    const suite_id = (await store.createSuite('sums')).id;
    const save = (name, wrong) =>
      saveRun(
        store,
        suite_id,
        Array.from({ length: 400 }, (_, at) => ({ input: at, scores: { exact: at < wrong ? 0 : 1 } })),
        { name },
      );
    const [baseline, candidate] = [await save('before', 0), await save('after', 8)];
    const { headline, verdict } = readPage(await htmlReport(store, candidate, { baseline, margin: 0.02 })).index;
    assert.equal(verdict.decision, 'INCONCLUSIVE');
    assert.match(
      headline,
      /^Candidate is worse on exact, maybe by more than the margin allows: 1\.000 → 0\.980, −0\.020 \(/,
    );
  });

  test('the headline has figures also where a slice or an unfinished run decides', async (t) => {
    const store = open(t);
    const suite_id = (await store.createSuite('slices')).id;
    const cases = (score) =>
      Array.from({ length: 200 }, (_, at) => ({
        ...{ input: at, metadata: { language: at < 40 ? 'sw' : 'en' } },
        scores: { exact: at < 40 ? score(at) : 1 },
      }));
    const baseline = await saveRun(
      store,
      suite_id,
      cases(() => 1),
    );
    const worse = await saveRun(
      store,
      suite_id,
      cases((at) => (at < 20 ? 0 : 1)),
    );
    const headlineOf = async (run, options) => readPage(await htmlReport(store, run, { baseline, ...options })).index;
    const sliced = await headlineOf(worse, { sliceBy: 'metadata.language', gateSlices: true, margin: 0.3 });
    assert.equal(sliced.verdict.decision, 'REJECT');
    assert.match(sliced.headline, /exact: 1\.\d+ → 0\.9/);
    const failed = await saveRun(
      store,
      suite_id,
      cases(() => 1),
      { status: 'failed' },
    );
    const unfinished = await headlineOf(failed, {});
    assert.equal(unfinished.verdict.decision, 'INCONCLUSIVE');
    assert.match(unfinished.headline, /exact: 1\.0+ → 1\.0+, 0 \(/);
  });

  test('of two equal losses, the case that lost more in all keeps its texts', async (t) => {
    const store = open(t);
    const suite_id = (await store.createSuite('tones')).id;
    const save = (name, exact, tones) =>
      saveRun(
        store,
        suite_id,
        tones.map((tone, at) => ({ input: at, output: name, scores: { exact, tone } })),
        { name },
      );
    const [baseline, candidate] = [await save('before', 1, [0.9, 0.9]), await save('after', 0, [1, 0.5])];
    const { bodies } = readPage(await htmlReport(store, candidate, { baseline, maxCases: 1 }));
    assert.deepEqual(
      bodies.map((body) => body !== null),
      [false, true],
    );
  });

  test('the page has the scorecard of the candidate if its suite has thresholds', async (t) => {
    const store = open(t);
    const { suite_id, baseline, candidate } = await savePair(store);
    const scorecard = async () => readPage(await htmlReport(store, candidate, { baseline })).index.scorecard;
    assert.equal(await scorecard(), null);
    await store.setThresholds(suite_id, { exact: { passFloor: 0.9 } });
    const reasons = [
      'exact is 0.667, below its floor of 0.9',
      '1 of 4 attempts have no score, and 1 ended with an error',
    ];
    assert.deepEqual(await scorecard(), { verdict: 'fail', reasons });
    await store.setThresholds(suite_id, { exact: { passFloor: 0.5 }, unscored: { passCeiling: 1 } });
    assert.deepEqual(await scorecard(), { verdict: 'pass', reasons: ['all thresholds are met'] });
  });

  test('the page of two runs has a row for each case, and its texts', async (t) => {
    const store = open(t);
    const { suite_id, baseline, candidate } = await savePair(store);
    const html = await htmlReport(store, candidate, { baseline });
    const { index, bodies } = readPage(html);

    assert.deepEqual(index.suite, { id: suite_id, name: 'capitals' });
    assert.equal(index.format, 'runstore-page');
    const { id, name, model, commit, branch, tags, cases, errored, latencyMs, costUsd, tokensIn } = index.baseline;
    assert.deepEqual(
      { id, name, model, commit, branch, tags, cases, errored, latencyMs, costUsd, tokensIn },
      {
        ...{ id: baseline, name: 'before', model: 'small', commit: 'abc123', branch: 'main', tags: ['nightly'] },
        ...{ cases: 3, errored: 0, latencyMs: 100, costUsd: 0.5, tokensIn: 7 },
      },
    );
    assert.equal(index.candidate.errored, 1);
    assert.equal(index.candidate.costUsd, null);
    assert.equal(index.verdict.decision, 'INCONCLUSIVE');
    assert.match(index.headline, /^These cases do not settle whether the candidate is worse on exact: 0\.667 → 0\.667/);
    assert.deepEqual(index.coverage.both, 3);
    assert.deepEqual(index.coverage.onlyCandidate, 1);

    const [exact, helpful] = index.scorers;
    assert.deepEqual([exact.name, exact.n, exact.regressed, exact.improved, exact.unchanged], ['exact', 3, 1, 1, 1]);
    assert.deepEqual([helpful.name, helpful.n], ['helpful', 0]);

    const { rows } = index;
    assert.deepEqual(rows.label, ['peru', 'chad', 'fiji', 'mali']);
    assert.deepEqual(rows.preview, ['capital of peru?', 'capital of chad?', 'capital of fiji?', '{"country":"mali"}']);
    // What only one run has did not change.
    assert.deepEqual(rows.changed, [1, 1, 0, 0]);
    assert.deepEqual(rows.benchmark, { values: ['islands'], at: [-1, -1, 0, -1] });
    assert.deepEqual(rows.cluster, { values: ['africa'], at: [-1, -1, -1, 0] });
    assert.deepEqual(rows.baseline.trials, [1, 1, 1, 0]);
    assert.deepEqual(rows.baseline.scores, [
      [1, 0, 1, null],
      [null, null, null, null],
    ]);
    assert.deepEqual(rows.candidate.scores, [
      [0, 1, 1, null],
      [0.25, null, null, null],
    ]);
    assert.deepEqual(rows.candidate.errored, [0, 0, 0, 1]);
    assert.deepEqual(rows.baseline.tokens, [8, null, null, null]);

    const [peru, , , mali] = bodies;
    assert.deepEqual([peru.key, peru.input, peru.expected], ['peru', 'capital of peru?', 'Lima']);
    assert.deepEqual([peru.baseline[0].output, peru.candidate[0].output], ['Lima', 'Cusco']);
    assert.deepEqual(peru.candidate[0].metadata, { level: 3 });
    assert.deepEqual(peru.candidate[0].scores, [
      { scorer: 'exact', score: 0, reason: null, answer: null },
      { scorer: 'helpful', score: 0.25, reason: 'short', answer: 'Cusco' },
    ]);
    assert.deepEqual(mali.input, { country: 'mali' });
    assert.deepEqual(mali.baseline, []);
    assert.equal(mali.candidate[0].error, 'timeout');
  });

  test('the page of one run shows its results', async (t) => {
    const store = open(t);
    const { candidate } = await savePair(store);
    const { index } = readPage(await htmlReport(store, candidate));
    assert.equal(
      index.headline,
      '1 of 3 cases passed; 1 ended in an error; exact 0.667, helpful 0.25'.replace('1 of', '2 of'),
    );
    assert.deepEqual([index.baseline, index.verdict, index.coverage, index.rows.baseline], [null, null, null, null]);
    assert.deepEqual(index.notes, ['1 case has no score, and no part in any mean.']);
    const [exact] = index.scorers;
    assert.deepEqual([exact.n, exact.candidateMean, exact.baselineMean], [3, 2 / 3, null]);
    assert.deepEqual(
      index.history.map(({ name }) => name),
      ['before', 'after'],
    );
    assert.deepEqual(readPage(await htmlReport(store, candidate, { history: 0 })).index.history, []);
  });

  test('trials of a case are one row, with their spread, and all of their texts', async (t) => {
    const store = open(t);
    const suite_id = (await store.createSuite('trials')).id;
    const trial = (number, score) => ({
      input: 'x',
      key: 'x',
      trial: number,
      output: `${number}`,
      scores: { exact: score },
    });
    const run = await saveRun(store, suite_id, [trial(0, 1), trial(1, 0), trial(2, 1)]);
    const { index, bodies } = readPage(await htmlReport(store, run));
    assert.deepEqual(index.rows.label, ['x']);
    assert.deepEqual(index.rows.candidate.trials, [3]);
    assert.deepEqual(index.rows.candidate.scores, [[2 / 3]]);
    assert.deepEqual(index.rows.candidate.spread, [[1]]);
    assert.deepEqual(
      bodies[0].candidate.map(({ trial: number, output }) => [number, output]),
      [
        [0, '0'],
        [1, '1'],
        [2, '2'],
      ],
    );
  });

  test('a trajectory of the benchmark and idx of a case comes turn by turn', async (t) => {
    const store = open(t);
    const suite_id = (await store.createSuite('maze')).id;
    const run = await saveRun(store, suite_id, [{ input: 'go', benchmark: 'maze', scores: { exact: 1 } }]);
    await store.saveTrajectories(run, [
      { benchmark: 'maze', idx: 0, reward: 1, turns: [{ role: 'user', content: 'left?', token_count: 3 }] },
    ]);
    const { bodies } = readPage(await htmlReport(store, run));
    assert.deepEqual(bodies[0].candidate[0].turns, [{ role: 'user', content: 'left?', tokens: 3 }]);
    const { bodies: redacted } = readPage(await htmlReport(store, run, { redact: ['messages'] }));
    assert.deepEqual(redacted[0].candidate[0].turns, []);
  });
});

/** Saves a run of capitals with failures that have something in common. */
function saveFailures(store, suite_id, wrong, more) {
  const run = store.createRun({ suite_id, name: 'run', model: 'm' });
  store.saveResults(
    run,
    Array.from({ length: 6 }, (_, idx) => ({
      ...{ idx, key: `k${idx}`, input: `q${idx}`, error: idx === 5 ? `timeout after ${idx} s` : undefined },
      scores: [
        {
          scorer_name: 'exact',
          score: wrong.includes(idx) ? 0 : 1,
          reason: wrong.includes(idx) ? (idx === 4 ? 'empty' : `expected City${idx}, not "x${idx}"`) : 'fine',
        },
      ],
      ...more,
    })),
  );
  store.finishRun(run, 'completed');
  return run;
}

test('failures are grouped by error, scorer and reason, without what differs from case to case', () => {
  const store = new RunStore(':memory:');
  const suite_id = store.createSuite('s').id;
  const run = saveFailures(store, suite_id, [1, 2, 4]);
  const groups = (options) => {
    const { index } = readPage(htmlReport(store, run, options));
    return index.failures.map(({ scorer, message, count }, at) => [scorer, message, count, index.rows.failures[at]]);
  };
  assert.deepEqual(groups(), [
    [null, null, 1, [5]],
    [null, 'timeout after 5 s', 1, [5]],
    ['exact', null, 3, [1, 2, 4]],
    ['exact', 'expected City#, not "…"', 2, [1, 2]],
    ['exact', 'empty', 1, [4]],
  ]);
  assert.deepEqual(groups({ redact: ['reason', 'error'] }), [
    [null, null, 1, [5]],
    ['exact', null, 3, [1, 2, 4]],
  ]);
  assert.deepEqual(groups({ lowerIsBetter: ['exact'] }).length, 2);
  const baseline = saveFailures(store, suite_id, [2]);
  assert.deepEqual(groups({ baseline }), [
    ['exact', null, 2, [1, 4]],
    ['exact', 'empty', 1, [4]],
    ['exact', 'expected City1, not "x1"', 1, [1]],
  ]);
  store.close();
});

test('the page shows the agreement of scorers with people who say pass or fail', () => {
  const store = new RunStore(':memory:');
  const run = store.createRun({ suite_id: store.createSuite('s').id, name: 'run', model: 'm' });
  const judged = [0.9, 0.5, 0.6, 0.2, 0.1].map((helpful, idx) => ({
    ...{ id: `c${idx}`, idx, input: idx, scores: { helpful, cost: idx } },
  }));
  store.saveResults(run, judged);
  store.finishRun(run, 'completed');
  const agreement = () => readPage(htmlReport(store, run, { lowerIsBetter: ['cost'] })).index.agreement;
  assert.deepEqual(agreement(), []);
  saveAnnotations(store, [
    { caseId: 'c0', name: 'ada', pass: true },
    { caseId: 'c1', name: 'ada', pass: true },
    { caseId: 'c2', name: 'ada', pass: false },
    { caseId: 'c3', name: 'ada', pass: false },
    { caseId: 'c3', name: 'bob', pass: true },
  ]);
  const found = agreement().map(({ human, judge, n, threshold, onlyJudge, confusion }) => {
    return { human, judge, n, threshold, onlyJudge, confusion: confusion?.counts };
  });
  assert.deepEqual(found, [
    {
      human: 'human:ada',
      judge: 'helpful',
      n: 4,
      threshold: 0.5,
      onlyJudge: 1,
      confusion: [
        [1, 1],
        [0, 2],
      ],
    },
    {
      human: 'human:ada',
      judge: 'human:bob',
      n: 1,
      threshold: null,
      onlyJudge: 0,
      confusion: [
        [0, 1],
        [0, 0],
      ],
    },
    {
      human: 'human:bob',
      judge: 'helpful',
      n: 1,
      threshold: 0.5,
      onlyJudge: 4,
      confusion: [
        [0, 0],
        [1, 0],
      ],
    },
  ]);
  store.close();
});

test('earlier judgements of a person are shown with the score', () => {
  const store = new RunStore(':memory:');
  const run = store.createRun({ suite_id: store.createSuite('s').id, name: 'run', model: 'm' });
  store.saveResults(run, [{ id: 'c', idx: 0, input: 0, scores: {} }]);
  for (const pass of [true, false]) saveAnnotations(store, [{ caseId: 'c', name: 'ada', pass, note: `said ${pass}` }]);
  const read = (options) => readPage(htmlReport(store, run, options)).bodies[0].candidate[0].scores[0];
  assert.deepEqual([read().score, read().earlier.map(({ score, note }) => [score, note])], [0, [[1, 'said true']]]);
  assert.equal(read({ redact: ['reason'] }).earlier, undefined);
  store.close();
});

test('a row has the beginnings of the outputs, or of an error', (t) => {
  const store = openStore(t, ':memory:');
  const suite_id = store.createSuite('rows').id;
  const save = (first) => {
    const run = store.createRun({ suite_id, name: 'run', model: 'm' });
    const more = { output: 'x'.repeat(200), error: 'cut' };
    const trials = [
      { key: 'b', idx: 1, input: 1, error: 'timeout' },
      { key: 'b', idx: 1, input: 1, output: 'late' },
    ];
    store.saveResults(run, [
      { key: 'a', idx: 0, input: 0, output: first },
      ...trials,
      { key: 'c', idx: 2, input: 2, ...more },
    ]);
    return run;
  };
  const [before, after] = [save('old'), save('{"a": 1}')];
  const output = (options) => readPage(htmlReport(store, after, options)).index.rows.output;
  assert.deepEqual(output({ baseline: before }), ['old → {"a": 1}', 'timeout', `${'x'.repeat(60)}…`]);
  assert.deepEqual(output({ redact: ['output'] }), ['', 'timeout', 'cut']);
  assert.deepEqual(output({ redact: ['error'] }), ['{"a": 1}', 'late', `${'x'.repeat(60)}…`]);
});

test('redacted fields are nowhere in the file, and the page names them', (t) => {
  const store = openStore(t, ':memory:');
  const suite_id = store.createSuite('secrets').id;
  const fields = ['key', 'input', 'expected', 'output', 'error', 'reason', 'metadata', 'messages'];
  const secret = (field) => `secret-${field}`;
  const run = store.createRun({ suite_id, name: 'run', model: 'm' });
  store.saveResults(run, [
    {
      ...{ idx: 0, key: secret('key'), input: secret('input'), expected: secret('expected'), output: secret('output') },
      ...{ error: secret('error'), metadata: { a: secret('metadata') }, benchmark: 'maze' },
      scores: [{ scorer_name: 'exact', score: 1, reason: secret('reason'), answer: secret('reason') }],
    },
  ]);
  store.saveTrajectories(run, [
    { benchmark: 'maze', idx: 0, reward: 1, turns: [{ role: 'user', content: secret('messages') }] },
  ]);
  const all = JSON.stringify(readPage(htmlReport(store, run)));
  for (const field of fields) {
    assert.ok(all.includes(secret(field)), field);
    const page = readPage(htmlReport(store, run, { redact: [field] }));
    assert.ok(!JSON.stringify(page).includes(secret(field)), field);
    assert.deepEqual(page.index.omitted, [`On request, of every case: ${field}.`]);
  }
  const nothing = JSON.stringify(readPage(htmlReport(store, run, { redact: fields })));
  assert.ok(!nothing.includes('secret-'));
});

test('of more cases than maxCases, those with the largest losses have texts, and all have figures', (t) => {
  const store = openStore(t, ':memory:');
  const suite_id = store.createSuite('many').id;
  const run = (scores) =>
    saveRun(
      store,
      suite_id,
      scores.map((score, at) => ({ input: at, scores: { exact: score } })),
    );
  const [baseline, candidate] = [run([1, 1, 1, 0, 1]), run([1, 0.4, 0, 0, 1])];
  const { index, bodies } = readPage(htmlReport(store, candidate, { baseline, maxCases: 3 }));
  assert.deepEqual(
    bodies.map((body) => body?.input ?? null),
    [null, 1, 2, 3, null],
  );
  assert.deepEqual(index.rows.candidate.scores, [[1, 0.4, 0, 0, 1]]);
  assert.match(index.omitted[0], /^The texts of 2 of 5 cases: /);
  const { bodies: ofOne } = readPage(htmlReport(store, candidate, { maxCases: 2 }));
  assert.deepEqual(
    ofOne.map((body) => body?.input ?? null),
    [null, 1, 2, null, null],
  );
  assert.deepEqual(readPage(htmlReport(store, candidate, { maxCases: 0 })).bodies, Array(5).fill(null));
});

test('bodies come in blocks of 500', (t) => {
  const store = openStore(t, ':memory:');
  const suite_id = store.createSuite('blocks').id;
  const of = (count) =>
    saveRun(
      store,
      suite_id,
      Array.from({ length: count }, (_, at) => ({ input: at })),
    );
  for (const count of [0, 1, 500, 501]) {
    const { bodies, blocks } = readPage(htmlReport(store, of(count)));
    assert.equal(blocks, Math.ceil(count / 500));
    assert.deepEqual(
      bodies.map(({ input }) => input),
      [...Array(count).keys()],
    );
  }
});

test('no text of the store is outside of a block, but for the title, which is escaped', (t) => {
  const store = openStore(t, ':memory:');
  const evil = '</title><script>alert(1)</script><!--runstore:bodies-->$&';
  const suite_id = store.createSuite(evil).id;
  const run = saveRun(
    store,
    suite_id,
    [
      {
        input: evil,
        key: evil,
        output: evil,
        error: evil,
        expected: evil,
        benchmark: evil,
        cluster: evil,
        scores: { [evil]: 0 },
      },
    ],
    { name: evil, model: evil, tags: [evil] },
  );
  const html = htmlReport(store, run);
  const around = withoutBlocks(html);
  assert.ok(!around.includes('alert(1)</'));
  assert.ok(
    around.includes(
      '<title>&#60;/title&#62;&#60;script&#62;alert(1)&#60;/script&#62;&#60;!--runstore:bodies--&#62;$&#38;</title>',
    ),
  );
  assert.equal(readPage(html).index.candidate.name, evil);
  assert.equal(
    withoutBlocks(htmlReport(store, run, { title: 'a' })),
    withoutBlocks(htmlReport(store, run, { title: 'b' })).replace('<title>b', '<title>a'),
  );
});

test('the page only permits its own code and style', (t) => {
  const store = openStore(t, ':memory:');
  const html = htmlReport(store, saveRun(store, store.createSuite('s').id, [{ input: 1 }]));
  const [, policy] = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(html);
  assert.match(
    policy,
    /^default-src 'none'; script-src 'sha256-[\w+/]+='; style-src 'sha256-[\w+/]+='; base-uri 'none'; form-action 'none'$/,
  );
  assert.ok(!/\b(src|href)="?https?:/.test(withoutBlocks(html)));
});

test('wrong arguments are named', (t) => {
  const store = openStore(t, ':memory:');
  const run = saveRun(store, store.createSuite('s').id, [{ input: 1, scores: { exact: 1 } }]);
  const refused = (options, message, code = 'ERR_RUNSTORE_INVALID_ARGUMENT') =>
    assert.throws(() => htmlReport(store, run, options), { code, message });
  refused({ redact: ['inputs'] }, /^htmlReport: options\.redact\[0\] must be 'key' or 'input'/);
  refused({ redact: 'input' }, /^htmlReport: options\.redact must be an array/);
  refused({ maxCases: -1 }, /^htmlReport: options\.maxCases/);
  refused({ baselines: 'x' }, /^htmlReport: options\.baselines is not an option/);
  refused({ baseline: 'none-such' }, /^htmlReport: .*none-such/, 'ERR_RUNSTORE_NOT_FOUND');
  refused({ baseline: run }, /^htmlReport: /, 'ERR_RUNSTORE_SAME_RUN');
  refused({ scorers: ['other'] }, /^htmlReport: options\.scorers/);
  refused({ alpha: 3 }, /^htmlReport: options\.alpha/);
  refused({ margin: -1 }, /^htmlReport: options\.margin/);
  assert.throws(() => htmlReport({}, run), { code: 'ERR_RUNSTORE_INVALID_ARGUMENT', message: /^htmlReport: store/ });
  assert.throws(() => htmlReport(store, 'none-such'), { code: 'ERR_RUNSTORE_NOT_FOUND' });
});

test('the command writes the same page to a file, whole or not at all', async (t) => {
  const directory = temporaryDirectory(t);
  const file = join(directory, 'store.db');
  const store = openStore(t, file);
  const { baseline, candidate } = await savePair(store);
  const run = (...args) =>
    execFileSync(
      process.execPath,
      [join(projectDirectory, 'bin/runstore.js'), '--store', file, 'report', 'html', ...args],
      {
        cwd: directory,
        encoding: 'utf8',
        stdio: 'pipe',
      },
    );
  const said = run('after', '--baseline', 'before', '--redact', 'metadata,reason', '-o', 'page.html');
  assert.match(said, /^page\.html: These cases do not settle/);
  const written = readFileSync(join(directory, 'page.html'), 'utf8');
  const { index, bodies } = readPage(written);
  const expected = readPage(htmlReport(store, candidate, { baseline, redact: ['metadata', 'reason'] }));
  assert.deepEqual({ ...index, createdAt: 0 }, { ...expected.index, createdAt: 0 });
  assert.deepEqual(bodies, expected.bodies);
  assert.equal(withoutBlocks(written), withoutBlocks(htmlReport(store, candidate, { baseline })));

  assert.throws(() => run('after', '--baseline', 'none-such', '-o', 'other.html'));
  // A file is no folder.
  assert.throws(() => run('after', '-o', 'page.html/in-a-file.html'));
  assert.deepEqual(
    readdirSync(directory).filter((name) => name.endsWith('.html') || name.endsWith('.part')),
    ['page.html'],
  );
  const json = JSON.parse(run('after', '--json', '--max-cases', '1'));
  assert.deepEqual([json.path, json.cases], [join(directory, 'report.html'), 4]);
  assert.match(json.omitted[0], /^The texts of 3 of 4 cases/);
});
