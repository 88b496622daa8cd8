// Run files: evaluar's twelve statements (docs/run-files.md), and the way from a store to a file and back.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import {
  deleteRunFile,
  importRunFile,
  listRunFiles,
  pruneRunFiles,
  readRunFile,
  writeRunFile,
} from '../entries/report.js';
import { onEveryConnection } from './support/conformance.mjs';
import { newPath, openStore } from './support/connections.mjs';
import { packagesDirectory, projectDirectory } from './support/reference-packages.mjs';

const BY_HAND = join(projectDirectory, 'tests/fixtures/evaluar/results/run_2026-05-07_14-22.json');
const cli = (...args) =>
  execFileSync(process.execPath, [join(projectDirectory, 'bin/runstore.js'), ...args], { encoding: 'utf8' });

/** A folder of this test alone. */
const folderOf = (t) => {
  const folder = `${newPath(t)}-results`;
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

/** A store with a suite of two models, on the same two samples. */
async function withRuns(store, ids = ['one', 'two']) {
  const suite = await store.createSuite('capitals');
  for (const [at, id] of ids.entries()) {
    await store.createRun({
      id,
      suite_id: suite.id,
      name: `run ${id}`,
      model: `model-${id}`,
      config: { temperature: at },
    });
    await store.saveResults(id, [
      {
        id: `${id}-a`,
        idx: 0,
        key: 'peru',
        input: { q: 'Peru?' },
        output: 'Lima',
        latency_ms: 20,
        scores: { exact: 1 },
      },
      { id: `${id}-b`, idx: 1, key: 'é | <b>', input: 'x', error: 'timeout', scores: { exact: at } },
    ]);
    await store.finishRun(id, 'completed');
  }
  await store.setThresholds(suite.id, { exact: { passFloor: 0.8, warnFloor: 0.4 }, cost_usd: { passCeiling: 2 } });
  return suite.id;
}

const rowsOf = (store, runId) => ({
  run: store.getRun(runId),
  cases: store.getCases(runId),
  failing: store.getFailingCases(runId, Infinity),
  trajectories: store.getTrajectories(runId, { limit: 1000 }),
  benchmarks: store.listBenchmarks(runId),
  scorecard: store.getScorecard(runId),
});

test('statement 1: a completed run is exactly one file, {results dir}/{run_id}.json, and --results-dir moves it', async (t) => {
  const path = newPath(t);
  const store = openStore(t, path);
  await withRuns(store);
  const folder = folderOf(t);
  const written = writeRunFile(store, 'one', { resultsDir: folder });
  assert.equal(written.path, join(folder, 'one.json'));
  assert.deepEqual(readdirSync(folder), ['one.json']);
  store.close();
  const other = folderOf(t);
  cli('report', 'save', 'two', '--store', path, '--results-dir', other);
  assert.deepEqual(readdirSync(other), ['two.json']);
});

test('statement 2: the top keys have their kinds', async (t) => {
  const store = openStore(t, ':memory:');
  await withRuns(store);
  const { path } = writeRunFile(store, 'one', { resultsDir: folderOf(t) });
  const file = JSON.parse(readFileSync(path, 'utf8'));
  assert.equal(file.run_id, 'one');
  assert.equal(typeof file.elapsed_seconds, 'number');
  assert.deepEqual(file.failed_pipelines, []);
  assert.equal(typeof file.rollup_scorecard, 'object');
  assert.deepEqual(Object.keys(file.pipeline_results), ['model-one']);
  assert.equal(typeof file.metadata, 'object');
  assert.deepEqual(Object.keys(file), [
    'run_id',
    'elapsed_seconds',
    'failed_pipelines',
    'rollup_scorecard',
    'pipeline_results',
    'metadata',
    'runstore',
  ]);
});

test('statement 3: a scorecard has the documented keys, and the rollup its names', async (t) => {
  const store = openStore(t, ':memory:');
  await withRuns(store);
  const { file } = readRunFile(writeRunFile(store, 'two', { resultsDir: folderOf(t) }).path);
  const keys = ['run_id', 'model_id', 'task_type', 'metrics', 'thresholds', 'verdict', 'errors', 'artifacts'];
  assert.deepEqual(Object.keys(file.rollup_scorecard), keys);
  assert.equal(file.rollup_scorecard.model_id, '<rollup>');
  assert.equal(file.rollup_scorecard.task_type, 'rollup');
  assert.equal(file.rollup_scorecard.verdict, 'none'); // no case has a cost
  assert.equal(file.rollup_scorecard.metrics.exact, 1);
  assert.deepEqual(file.rollup_scorecard.thresholds, {
    cost_usd: { pass_ceiling: 2 },
    exact: { pass_floor: 0.8, warn_floor: 0.4 },
  });
  assert.deepEqual(file.rollup_scorecard.errors, []);
  assert.deepEqual(file.rollup_scorecard.artifacts, {});
});

test('statement 4: a pipeline has its failed samples, its scorecard and those of its samples', async (t) => {
  const store = openStore(t, ':memory:');
  await withRuns(store);
  const { file } = readRunFile(writeRunFile(store, 'one', { resultsDir: folderOf(t) }).path);
  const pipeline = file.pipeline_results['model-one'];
  assert.equal(pipeline.run_id, 'one');
  assert.equal(typeof pipeline.elapsed_seconds, 'number');
  assert.deepEqual(pipeline.failed_samples, ['é | <b>']);
  assert.equal(pipeline.final_scorecard.model_id, 'model-one');
  assert.equal(pipeline.final_scorecard.metrics.exact, 0.5);
  const threshold = { exact: { pass_floor: 0.8, warn_floor: 0.4 } };
  assert.deepEqual(pipeline.per_sample_scorecards, [
    {
      sample_id: 'peru',
      metrics: { exact: 1, latency_ms: 20 },
      thresholds: threshold,
      verdict: 'pass',
      errors: [],
      artifacts: {},
    },
    {
      sample_id: 'é | <b>',
      metrics: { exact: 0 },
      thresholds: threshold,
      verdict: 'fail',
      errors: ['timeout'],
      artifacts: {},
    },
  ]);
});

test('statement 5: the metadata says where the run comes from', async (t) => {
  const path = newPath(t);
  const store = openStore(t, path);
  await withRuns(store);
  const folder = folderOf(t);
  const written = writeRunFile(store, 'one', { resultsDir: folder, definitionPath: 'evals/capitals.ts' });
  assert.deepEqual(readRunFile(written.path).file.metadata, {
    source: 'API',
    suite_name: 'capitals',
    definition_path: 'evals/capitals.ts',
    sample_ids: ['peru', 'é | <b>'],
    pipeline_ids: ['model-one'],
  });
  store.close();
  cli('report', 'save', 'one', '--store', path, '--results-dir', folder);
  assert.equal(readRunFile(written.path).file.metadata.source, 'CLI');
});

test('statement 6: a pinned id is kept, the default has its form, and name, content and command agree', async (t) => {
  const store = openStore(t, ':memory:');
  await withRuns(store);
  const folder = folderOf(t);
  const pinned = writeRunFile(store, ['one', 'two'], { resultsDir: folder, runId: 'nightly-17' });
  const made = writeRunFile(store, ['one', 'two'], { resultsDir: folder });
  assert.match(made.runId, /^run_\d{8}_\d{6}_[0-9a-f]{6}$/);
  for (const { runId, path } of [pinned, made]) {
    assert.equal(basename(path), `${runId}.json`);
    assert.equal(readRunFile(path).file.run_id, runId);
    const shown = JSON.parse(cli('report', 'show', runId, '--results-dir', folder, '--json'));
    assert.equal(shown.runId, runId);
  }
  assert.equal(pinned.runId, 'nightly-17');
  for (const runId of ['a/b', '..', '', 'nul', 'x'.repeat(300)]) {
    assert.throws(() => writeRunFile(store, 'one', { resultsDir: folder, runId }), {
      code: 'ERR_RUNSTORE_INVALID_ARGUMENT',
      message: /cannot be the name of a file.*options\.runId names/s,
    });
  }
});

test('statement 7: report list, show, export, archive, delete, clear and prune work on a folder', async (t) => {
  const store = openStore(t, ':memory:');
  await withRuns(store);
  const folder = folderOf(t);
  for (const id of ['one', 'two']) writeRunFile(store, id, { resultsDir: folder });
  const report = (...args) => cli('report', ...args, '--results-dir', folder);
  assert.deepEqual(
    JSON.parse(report('list', '--json'))
      .map(({ runId }) => runId)
      .sort(),
    ['one', 'two'],
  );
  assert.match(report('show', 'one'), /exact/);
  const out = join(folder, 'out.csv');
  report('export', 'one', '--format', 'csv', '--out', out);
  assert.match(readFileSync(out, 'utf8'), /run_id,suite,model/);
  report('archive', 'one', '--out', join(folder, 'one.zip'));
  assert.ok(existsSync(join(folder, 'one.zip')));
  report('delete', 'one', '--yes');
  assert.deepEqual(
    listRunFiles(folder).map(({ runId }) => runId),
    ['two'],
  );
  report('prune', '--keep', '1', '--yes');
  assert.equal(listRunFiles(folder).length, 1);
  report('clear', '--yes');
  assert.deepEqual(listRunFiles(folder), []);
});

test('statement 8: export json is the full run, summary-json is compact, csv has the metrics, markdown a summary', async (t) => {
  const store = openStore(t, ':memory:');
  await withRuns(store);
  const folder = folderOf(t);
  const { path } = writeRunFile(store, 'one', { resultsDir: folder });
  const exported = (format) => cli('report', 'export', 'one', '--format', format, '--results-dir', folder);
  assert.deepEqual(JSON.parse(exported('json')), JSON.parse(readFileSync(path, 'utf8')));
  const summary = JSON.parse(exported('summary-json'));
  assert.equal(summary.metrics.exact, 0.5);
  assert.deepEqual(summary.failed_samples, ['é | <b>']);
  assert.match(exported('csv'), /\r\none,capitals,model-one,none,exact,0\.5,0\.8,0\.4,,,warn\r\n/);
  assert.match(exported('markdown'), /^### ❔ NO VERDICT: `run one`/);
});

test('statement 9: a copy of the file is enough', async (t) => {
  const store = openStore(t, ':memory:');
  await withRuns(store);
  const { path } = writeRunFile(store, 'one', { resultsDir: folderOf(t) });
  const elsewhere = folderOf(t);
  mkdirSync(elsewhere);
  copyFileSync(path, join(elsewhere, 'one.json'));
  const before = rowsOf(store, 'one');
  store.close();
  rmSync(path);
  const other = openStore(t, ':memory:');
  importRunFile(other, join(elsewhere, 'one.json'));
  assert.deepEqual(rowsOf(other, 'one'), before);
});

test('statement 10: a file .evaluar/tui.yaml beside the results is no part of them', async (t) => {
  const store = openStore(t, ':memory:');
  await withRuns(store);
  const folder = folderOf(t);
  writeRunFile(store, 'one', { resultsDir: join(folder, 'results') });
  mkdirSync(join(folder, '.evaluar'));
  writeFileSync(join(folder, '.evaluar/tui.yaml'), 'theme: dark');
  const before = listRunFiles(join(folder, 'results'));
  rmSync(join(folder, '.evaluar'), { recursive: true });
  assert.deepEqual(listRunFiles(join(folder, 'results')), before);
  assert.equal(before.length, 1);
});

test('statement 11: the file is plain JSON, and jq .rollup_scorecard.verdict finds the verdict', async (t) => {
  const store = openStore(t, ':memory:');
  await withRuns(store);
  const { path, verdict } = writeRunFile(store, 'one', { resultsDir: folderOf(t) });
  assert.equal(JSON.parse(readFileSync(path, 'utf8')).rollup_scorecard.verdict, verdict);
  assert.equal(JSON.parse(readFileSync(BY_HAND, 'utf8')).rollup_scorecard.verdict, 'pass');
});

onEveryConnection((open) => {
  test('statement 12: every way to a run writes the file', async (t) => {
    const store = open(t);
    await withRuns(store);
    const folder = folderOf(t);
    const written = await writeRunFile(store, 'one', { resultsDir: folder });
    assert.equal(written.path, join(folder, 'one.json'));
    assert.deepEqual(readRunFile(written.path).lossless, true);
    await store.deleteRun('one');
    const [imported] = await importRunFile(store, written.path);
    assert.equal(imported.runId, 'one');
    assert.equal(imported.isNew, true);
    assert.equal(await store.countCases('one'), 2);
  });
});

test('everything of a run comes back', (t) => {
  const store = openStore(t, ':memory:');
  const suiteId = store.createSuite('all').id;
  const prompt = store.createPrompt('system', 'Be brief.');
  const run = store.createRun({
    id: 'all',
    suite_id: suiteId,
    name: '\u202e name',
    model: 'm',
    config: { prompt: prompt.id, deep: [[[-0.0, 1e300, '\ud83d']]], ['__proto__']: 1 },
    tags: ['nightly'],
    metadata: { a: null },
    label: 'label',
    benchmarks: ['math'],
    checkpoint: { name: 'step', path: '/x' },
    git: { commit: 'c', branch: 'b', dirty: true },
  });
  store.saveResults(run, [
    {
      id: 'c1',
      idx: 0,
      key: 'k',
      trial: 2,
      benchmark: 'math',
      cluster: 'cl',
      input: null,
      output: 'a\u0000b\u001b',
      expected: [1],
      latency_ms: 1.5,
      tokens_in: 1,
      tokens_out: 2,
      cost_usd: 0.001,
      metadata: { x: [] },
      started_at: 5,
      scores: [
        { id: 's1', scorer_name: 'exact', score: Infinity, reason: ']]>', metadata: { y: 1 }, answer: '=1' },
        { id: 's2', scorer_name: 'tone', score: -0.5 },
      ],
    },
    { id: 'c2', idx: 1, input: 'x', error: 'boom' },
  ]);
  store.saveTrajectories(run, [
    {
      benchmark: 'math',
      idx: 0,
      reward: 1,
      turns: [
        { role: 'user', content: 'hi' },
        { role: 'assistant', content: 'ho' },
      ],
    },
  ]);
  store.saveBenchmarkResult(run, { benchmark: 'math', score: 1, num_examples: 1, num_correct: 1 });
  store.finishRun(run, 'completed', { done: true });
  store.setBaseline(suiteId, run, 'main');
  store.setThresholds(suiteId, { tone: { passFloor: 0 } });
  const { path } = writeRunFile(store, run, { resultsDir: folderOf(t) });
  const other = openStore(t, ':memory:');
  const [{ counts }] = importRunFile(other, path);
  assert.deepEqual(counts, {
    cases: 2,
    scores: 2,
    trajectories: 1,
    turns: 2,
    results: 1,
    baselines: 1,
    verdicts: 0,
    prompts: 1,
  });
  assert.deepEqual(rowsOf(other, run), rowsOf(store, run));
  assert.equal(other.getBaseline(suiteId, 'main').run_id, run);
  assert.equal(other.getPrompt(prompt.id).content, 'Be brief.');
  assert.deepEqual(other.getThresholds(suiteId), { tone: { passFloor: 0 } });
  assert.throws(() => importRunFile(other, path), { code: 'ERR_RUNSTORE_CONSTRAINT' });
  assert.equal(importRunFile(other, path, { keepExisting: true })[0].isNew, false);
});

test('a file whose keys another program sorted still contains everything', async (t) => {
  const store = openStore(t, ':memory:');
  await withRuns(store);
  const { path } = writeRunFile(store, ['one', 'two'], { resultsDir: folderOf(t) });
  const sorted = (value) =>
    Array.isArray(value)
      ? value.map(sorted)
      : value !== null && typeof value === 'object'
        ? Object.fromEntries(
            Object.keys(value)
              .sort()
              .map((key) => [key, sorted(value[key])]),
          )
        : value;
  writeFileSync(path, JSON.stringify(sorted(JSON.parse(readFileSync(path, 'utf8'))), null, 2));
  const other = openStore(t, ':memory:');
  assert.deepEqual(
    importRunFile(other, path).map(({ runId }) => runId),
    ['one', 'two'],
  );
  for (const id of ['one', 'two']) assert.deepEqual(rowsOf(other, id), rowsOf(store, id));
});

test('several models of a suite are pipelines of one file; of one model, each has the id of its run as well', async (t) => {
  const store = openStore(t, ':memory:');
  const suite_id = await withRuns(store);
  store.createRun({ id: 'three', suite_id, name: 'x', model: 'model-one' });
  store.saveResults('three', [{ idx: 0, key: 'peru', input: 1, scores: { exact: 0 } }]);
  store.finishRun('three', 'failed');
  const { path, verdict } = writeRunFile(store, ['one', 'two', 'three'], { resultsDir: folderOf(t), runId: 'all' });
  const { file } = readRunFile(path);
  assert.deepEqual(Object.keys(file.pipeline_results), ['model-one@one', 'model-two', 'model-one@three']);
  assert.deepEqual(file.failed_pipelines, ['model-one@three']);
  assert.deepEqual(file.metadata.sample_ids, ['peru', 'é | <b>']);
  assert.equal(verdict, 'fail');
  assert.equal(file.rollup_scorecard.verdict, 'fail');
  assert.equal(file.rollup_scorecard.metrics.total_cases, 5);
});

test('a file written by hand is shown, and imported as runs and cases', (t) => {
  const { file, lossless } = readRunFile(BY_HAND);
  assert.equal(lossless, false);
  assert.deepEqual(file, JSON.parse(readFileSync(BY_HAND, 'utf8')));
  const store = openStore(t, ':memory:');
  const [imported] = importRunFile(store, BY_HAND);
  assert.equal(imported.runId, 'run_2026-05-07_14-22');
  const run = store.getRun(imported.runId);
  assert.equal(run.model, 'my_model');
  assert.equal(new Date(run.started_at).toISOString(), '2026-05-07T14:22:00.000Z');
  assert.equal(run.finished_at - run.started_at, 12_250);
  assert.equal(store.getSuite(run.suite_id).name, 'my_eval');
  assert.deepEqual(
    store.getCases(run.id).map(({ key, error, metadata }) => [key, error, metadata]),
    [
      ['sample_001', null, { artifacts: { overlay: 'out/1.png' } }],
      ['sample_002', 'ValueError: no boxes ✗', undefined],
      ['sample_003', null, { artifacts: { overlay: 'out/3.png' } }],
    ],
  );
  assert.deepEqual(store.getRunSummary(run.id).meanScores, { map: 0.75, é: 2 });
  assert.deepEqual(store.getThresholds(run.suite_id), { pass_rate: { passFloor: 0.8, warnFloor: 0.6 } });
});

test('an exported file that was edited by hand is read as edited', async (t) => {
  const store = openStore(t, ':memory:');
  await withRuns(store);
  const { path } = writeRunFile(store, 'one', { resultsDir: folderOf(t) });
  const edit = (change) => {
    const file = JSON.parse(readFileSync(path, 'utf8'));
    change(file);
    writeFileSync(path, JSON.stringify(file, null, 2));
  };
  edit((file) => {
    file.rollup_scorecard.metrics.exact = 0.9;
    file.rollup_scorecard.verdict = 'pass';
  });
  const shown = JSON.parse(cli('report', 'show', path, '--json'));
  assert.equal(shown.metrics.exact, 0.9);
  assert.equal(shown.verdict, 'pass');
  edit((file) => {
    file.rollup_scorecard.thresholds.exact.warn_floor = 0.95;
  });
  assert.throws(() => readRunFile(path), {
    code: 'ERR_RUNSTORE_CORRUPT',
    message: /rollup_scorecard\.thresholds\["exact"\]\.warn_floor must be at most the pass floor, not 0\.95/,
  });
});

test('a file that is not a run file is refused by its path and place, and leaves nothing', async (t) => {
  const store = openStore(t, ':memory:');
  await withRuns(store);
  const folder = folderOf(t);
  const { path } = writeRunFile(store, 'one', { resultsDir: folder });
  const whole = readFileSync(path, 'utf8');
  const broken = join(folder, 'broken.json');
  const deep = `${'['.repeat(100_000)}`;
  const hostile = [
    ['', 'ERR_RUNSTORE_CORRUPT', /line 1 column 0/],
    ['null', 'ERR_RUNSTORE_CORRUPT', /line 1/],
    ['[]', 'ERR_RUNSTORE_CORRUPT', /expected an object/],
    ['{}', 'ERR_RUNSTORE_CORRUPT', /it has no rollup_scorecard/],
    [deep, 'ERR_RUNSTORE_CORRUPT', /line 1/],
    [`{"x": ${deep}`, 'ERR_RUNSTORE_CORRUPT', /x: .*line 1/],
    ['{"run_id": 1}', 'ERR_RUNSTORE_CORRUPT', /run_id: .*line 1 column/],
    ['{"run_id": "a", "run_id": "b"}', 'ERR_RUNSTORE_CORRUPT', /run_id: the key is there twice/],
    [whole.replace('"verdict":"pass"', '"verdict":7'), 'ERR_RUNSTORE_CORRUPT', /verdict|line \d+ column/],
    [whole.replace('"version": 1', '"version": 2'), 'ERR_RUNSTORE_SCHEMA_TOO_NEW', /version 2/],
    [
      whole.replace('"idx":0', '"idx":"zero"'),
      'ERR_RUNSTORE_CORRUPT',
      /runstore\.runs\[0\]\.cases\[0\].*line \d+ column/,
    ],
    [whole.replace('"score":1', '"scoer":1'), 'ERR_RUNSTORE_CORRUPT', /unknown field `scoer`/],
    [Buffer.from([0xff, 0xfe, 0x00]), 'ERR_RUNSTORE_CORRUPT', /UTF-16/],
    [Buffer.from([0xff, 0x00]), 'ERR_RUNSTORE_CORRUPT', /line 1/],
  ];
  const other = openStore(t, ':memory:');
  for (const [content, code, message] of hostile) {
    writeFileSync(broken, content);
    assert.throws(
      () => importRunFile(other, broken),
      (error) => {
        assert.equal(error.code, code, String(content).slice(0, 80));
        assert.match(error.message, message);
        assert.ok(error.message.includes(broken));
        return true;
      },
    );
  }
  // Cut off anywhere, it is an error, and nothing is left.
  for (let length = 0; length < whole.length - 1; length += 97) {
    writeFileSync(broken, whole.slice(0, length));
    assert.throws(() => importRunFile(other, broken), { code: 'ERR_RUNSTORE_CORRUPT' });
  }
  assert.deepEqual([other.listRuns(), other.listSuites()], [[], []]);
  writeFileSync(broken, `\ufeff${whole}`);
  assert.equal(importRunFile(other, broken).length, 1);
});

test('a folder lists its files, newest first, with the reason for each that cannot be read', async (t) => {
  const store = openStore(t, ':memory:');
  await withRuns(store);
  const folder = folderOf(t);
  assert.deepEqual(listRunFiles(folder), []);
  const { path, bytes } = writeRunFile(store, 'one', { resultsDir: folder });
  copyFileSync(path, join(folder, 'copied.json'));
  writeFileSync(join(folder, 'broken.json'), '{');
  writeFileSync(join(folder, 'notes.txt'), 'x');
  mkdirSync(join(folder, 'folder.json'));
  if (process.platform !== 'win32') symlinkSync('nowhere', join(folder, 'lost.json'));
  const files = listRunFiles(folder);
  assert.deepEqual(files.map(({ runId }) => runId).sort(), ['broken', 'copied', 'one']);
  const of = (id) => files.find(({ runId }) => runId === id);
  assert.match(of('broken').error, /cannot read .*broken\.json: .*line 1 column 1/);
  assert.match(of('copied').error, /copied\.json holds the run "one"; rename the file/);
  const { changedAt, ...one } = of('one');
  assert.ok(changedAt > 0);
  assert.deepEqual(one, {
    runId: 'one',
    path,
    bytes,
    suiteName: 'capitals',
    pipelineIds: ['model-one'],
    samples: 2,
    elapsedSeconds: readRunFile(path).file.elapsed_seconds,
    verdict: 'none',
    lossless: true,
    error: null,
  });
});

test('files are deleted by their id, the start of it, or as the oldest', async (t) => {
  const store = openStore(t, ':memory:');
  await withRuns(store, ['run-1', 'run-2', 'other']);
  const folder = folderOf(t);
  for (const id of ['run-1', 'run-2', 'other']) writeRunFile(store, id, { resultsDir: folder });
  assert.throws(() => deleteRunFile('run-', folder), { code: 'ERR_RUNSTORE_AMBIGUOUS' });
  assert.throws(() => deleteRunFile('gone', folder), { code: 'ERR_RUNSTORE_NOT_FOUND' });
  assert.equal(deleteRunFile('othe', folder), join(folder, 'other.json'));
  assert.equal(pruneRunFiles({ keep: 1, resultsDir: folder, dryRun: true }).length, 1);
  assert.equal(listRunFiles(folder).length, 2);
  assert.equal(pruneRunFiles({ keep: 1, resultsDir: folder }).length, 1);
  assert.equal(listRunFiles(folder).length, 1);
});

test('a run that does not exist leaves no file', async (t) => {
  const store = openStore(t, ':memory:');
  await withRuns(store);
  const folder = folderOf(t);
  assert.throws(() => writeRunFile(store, ['one', 'gone'], { resultsDir: folder, runId: 'x' }), {
    code: 'ERR_RUNSTORE_NOT_FOUND',
  });
  assert.equal(existsSync(join(folder, 'x.json')), false);
  assert.throws(() => writeRunFile(store, [], { resultsDir: folder }), /must name at least one run/);
  assert.throws(() => writeRunFile(store, ['one', 'one'], { resultsDir: folder }), /has "one" twice/);
});

test('a file is valid by the schema that the package ships, and so is the one by hand', async (t) => {
  const requirePackage = createRequire(join(packagesDirectory, 'package.json'));
  const Ajv = requirePackage('ajv/dist/2020');
  const validate = new Ajv({ strict: false }).compile(
    JSON.parse(readFileSync(join(projectDirectory, 'run-file.schema.json'), 'utf8')),
  );
  const store = openStore(t, ':memory:');
  await withRuns(store);
  const { path } = writeRunFile(store, ['one', 'two'], { resultsDir: folderOf(t), runId: 'both' });
  for (const file of [path, BY_HAND]) {
    assert.ok(validate(JSON.parse(readFileSync(file, 'utf8'))), JSON.stringify(validate.errors));
  }
  const edited = JSON.parse(readFileSync(path, 'utf8'));
  edited.runstore.runs[0].cases[0].idx = 'first';
  assert.ok(!validate(edited));
});
