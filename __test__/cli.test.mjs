// The command as users start it: bin/runstore.js in a process of its own. Its whole output is tested in crates/cli/tests/cli.

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { RunStore } from 'runstore';
import { compare, gate } from 'runstore/comparison';
import { htmlReport, startViewer } from 'runstore/report';
import { temporaryDirectory } from './support/connections.mjs';
import { readPage } from './support/html-page.mjs';
import { openBetterSqlite3, projectDirectory } from './support/reference-packages.mjs';

const program = join(projectDirectory, 'bin/runstore.js');

/** Without what the surroundings of the tests say about colours and stores. */
const environment = (more) => {
  const { NO_COLOR, FORCE_COLOR, CLICOLOR_FORCE, COLUMNS, RUNSTORE_DB, GITHUB_STEP_SUMMARY, ...rest } = process.env;
  return { ...rest, ...more };
};

function runstore(cwd, line, more = {}) {
  const options = { cwd, encoding: 'utf8', env: environment(more) };
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...line.split(' ')], options);
  return { status, stdout, stderr };
}

/** A folder with a store of these runs, of 60 cases each: every third is wrong in the run "wrong", and none in others. */
function project(t, { cases = 60, names = ['right', 'wrong'] } = {}) {
  const directory = temporaryDirectory(t);
  const path = join(directory, '.evals/store.db');
  const store = new RunStore(path);
  const suite_id = store.createSuite('capitals').id;
  const ids = names.map((name) => {
    const run = store.createRun({ suite_id, name, model: 'gpt-x' });
    const results = Array.from({ length: cases }, (_, idx) => ({
      idx,
      input: `case ${idx}`,
      output: 'x'.repeat(100),
      scores: [{ scorer_name: 'exact', score: name === 'wrong' && idx % 3 === 0 ? 0 : 1 }],
    }));
    store.saveResults(run, results);
    store.finishRun(run, 'completed');
    return run;
  });
  store.close();
  return { directory, path, ids };
}

test('the exit code of gate is its verdict', (t) => {
  const { directory } = project(t, { names: ['right', 'wrong', 'alike'] });
  assert.equal(runstore(directory, 'gate right alike').status, 0);
  assert.equal(runstore(directory, 'gate right wrong').status, 1);
  assert.equal(runstore(directory, 'gate right alike --require-improvement 0.01').status, 2);
});

test('--json prints what the functions return', (t) => {
  const { directory, path, ids } = project(t);
  const store = new RunStore(path);
  t.after(() => store.close());
  const told = (line) => JSON.parse(runstore(directory, `${line} --json`).stdout);
  assert.deepEqual(told('runs'), store.listRuns().toReversed());
  assert.deepEqual(told('suites'), store.listSuites());
  assert.deepEqual(told('show wrong').summary, { ...store.getRunSummary(ids[1]) });
  assert.deepEqual(told('cases wrong --failed --limit 0').cases, store.getFailingCases(ids[1]));
  assert.deepEqual(told('compare right wrong --limit 100'), compare(store, ids[0], ids[1]));
  assert.deepEqual(told('gate right wrong --limit 100'), gate(store, ids[0], ids[1]));
  assert.deepEqual(told('doctor'), store.doctor());
  assert.deepEqual(told('prune --keep 1 --dry-run'), store.prune({ keep: 1, dryRun: true }));
  assert.deepEqual(told('history'), store.history(store.listSuites()[0].id));
});

test('a run is named by the first characters of its id', (t) => {
  const { directory, ids } = project(t);
  assert.equal(JSON.parse(runstore(directory, `show ${ids[0].slice(0, 13)} --json`).stdout).run.id, ids[0]);
});

test('recorded verdicts and set baselines are stored', (t) => {
  const { directory, path, ids } = project(t);
  assert.equal(runstore(directory, 'baseline set right').status, 0);
  assert.equal(runstore(directory, 'gate baseline latest --record').status, 1);
  const store = new RunStore(path);
  t.after(() => store.close());
  assert.equal(store.getBaseline(store.listSuites()[0].id).run_id, ids[0]);
  const [verdict] = store.listVerdicts();
  assert.deepEqual([verdict.decision, verdict.candidate_run_id], ['REJECT', ids[1]]);
});

test('backups and shards become stores that can be read', (t) => {
  const { directory, ids } = project(t);
  const { directory: other, ids: otherIds } = project(t);
  assert.equal(runstore(other, `backup ${join(directory, 'shard.db')}`).status, 0);
  const merged = runstore(directory, 'merge all.db .evals/store.db shard.db --unite-suites --json');
  assert.equal(merged.stderr, '');
  assert.equal(JSON.parse(merged.stdout).written, true);
  const all = new RunStore(join(directory, 'all.db'));
  t.after(() => all.close());
  assert.deepEqual(
    all
      .listRuns()
      .map(({ id }) => id)
      .sort(),
    [...ids, ...otherIds].sort(),
  );
  assert.equal(all.listSuites().length, 1);
});

test('a store that is not healthy ends the doctor with 65, until it is repaired', (t) => {
  const { directory, path } = project(t);
  const db = openBetterSqlite3(path);
  db.exec("UPDATE cases SET input = 'not JSON' WHERE idx = 3");
  db.close();
  const { status, stdout, stderr } = runstore(directory, 'doctor --json');
  assert.equal(status, 65);
  assert.equal(JSON.parse(stdout).unreadable.count, 2);
  assert.match(stderr, /^error: the store is not healthy\n hint: .*--fix/);
  assert.equal(runstore(directory, 'doctor --fix').status, 0);
  assert.equal(runstore(directory, 'doctor').status, 0);
});

test('without a store, it says what to do, and creates none', (t) => {
  const directory = temporaryDirectory(t);
  const { status, stdout, stderr } = runstore(directory, 'runs');
  assert.deepEqual([status, stdout], [66, '']);
  assert.match(stderr, /^error: there is no .evals\/store.db .*\n hint: name the file with --store PATH/);
  assert.deepEqual(readdirSync(directory), []);
});

test('the store is found from a folder further down, by --store, and by RUNSTORE_DB', (t) => {
  const { directory, path } = project(t);
  const below = join(directory, 'a/b');
  mkdirSync(below, { recursive: true });
  assert.match(runstore(below, 'suites').stdout, /capitals/);
  const elsewhere = temporaryDirectory(t);
  assert.match(runstore(elsewhere, `suites --store ${path}`).stdout, /capitals/);
  assert.match(runstore(elsewhere, 'suites', { RUNSTORE_DB: path }).stdout, /capitals/);
  assert.equal(existsSync(join(elsewhere, '.evals')), false);
});

test('wrong usage ends with 64, and two lines', (t) => {
  const directory = temporaryDirectory(t);
  for (const line of ['rums', 'runs --limit x', 'gate a', 'compare a', 'completions tcsh']) {
    const { status, stdout, stderr } = runstore(directory, line);
    assert.deepEqual([status, stdout], [64, ''], line);
    assert.match(stderr, /^error: .+\n hint: .+\n$/, line);
  }
});

test('colours are written when they are asked for, and never with NO_COLOR', (t) => {
  const { directory } = project(t);
  const isColoured = (line, more) => runstore(directory, line, more).stdout.includes('\u001b[');
  assert.equal(isColoured('compare right wrong'), false);
  assert.equal(isColoured('compare right wrong', { CLICOLOR_FORCE: '1' }), true);
  assert.equal(isColoured('compare right wrong', { CLICOLOR_FORCE: '1', NO_COLOR: '1' }), false);
  assert.equal(isColoured('compare right wrong --color always', { NO_COLOR: '1' }), true);
});

/** Starts the command and returns its exit code and what it said on stderr, when `read` has dealt with its output. */
async function readBy(t, directory, line, read) {
  const options = { cwd: directory, env: environment(), stdio: ['ignore', 'pipe', 'pipe'] };
  const child = spawn(process.execPath, [program, ...line.split(' ')], options);
  t.after(() => child.kill('SIGKILL'));
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    errors += text;
  });
  const closed = once(child, 'close');
  await read(child.stdout);
  const [code, signal] = await closed;
  return { code, signal, errors };
}

test('a reader that closes early is not an error', async (t) => {
  const { directory } = project(t, { cases: 20_000 });
  const leave = async (stdout) => {
    await once(stdout, 'data');
    stdout.destroy();
  };
  const listed = await readBy(t, directory, 'cases right --limit 0 --json', leave);
  assert.deepEqual(listed, { code: 0, signal: null, errors: '' });
  const judged = await readBy(t, directory, 'gate right wrong --limit 0 --json', leave);
  assert.deepEqual(judged, { code: 1, signal: null, errors: '' });
});

test('a slow reader gets everything', async (t) => {
  const { directory } = project(t, { cases: 5_000 });
  let text = '';
  const slowly = async (stdout) => {
    for await (const part of stdout.setEncoding('utf8')) {
      text += part;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  const { code } = await readBy(t, directory, 'cases right --limit 0 --json', slowly);
  assert.equal(code, 0);
  assert.equal(JSON.parse(text).cases.length, 5_000);
});

test('cases pass by the thresholds of the suite in every list: of the command, of a page, and of the scorecard', async (t) => {
  const { directory, path, ids } = project(t);
  const store = new RunStore(path);
  t.after(() => store.close());
  const run = store.createRun({ suite_id: store.getRun(ids[0]).suite_id, name: 'graded', model: 'gpt-x' });
  store.saveResults(
    run,
    Array.from({ length: 50 }, (_, idx) => ({ idx, input: idx, scores: { exact: idx < 10 ? 0.7 : 0.9 } })),
  );
  store.finishRun(run, 'completed');
  const { index } = readPage(htmlReport(store, run));
  assert.match(index.headline, /^All 50 cases passed/);
  assert.match(runstore(directory, 'show graded').stdout, /^passed +50 \(100%\), no score below 0\.5$/m);

  store.setThresholds(store.getRun(run).suite_id, { exact: { passFloor: 0.8 } });
  assert.equal(store.getScorecard(run).metrics.passed, 40);
  assert.match(runstore(directory, 'runs').stdout, /graded .* 80% /);
  const shown = runstore(directory, 'show graded').stdout;
  assert.match(shown, /^passed +40 \(80%\), by the thresholds of the suite$/m);
  assert.match(shown, /^failed +10$/m);
  // Asked for, a threshold is what counts.
  assert.match(
    runstore(directory, 'show graded --threshold 0.6').stdout,
    /^passed +50 \(100%\), no score below 0\.6$/m,
  );
  const page = readPage(htmlReport(store, run)).index;
  assert.match(page.headline, /^40 of 50 cases passed/);
  // Less what adding floating-point numbers may lose.
  const [{ floor, ceiling }] = page.limits;
  assert.ok(floor < 0.8 && floor > 0.8 - 1e-6);
  assert.equal(ceiling, null);
  assert.deepEqual(
    page.failures.map(({ scorer, count }) => [scorer, count]),
    [['exact', 10]],
  );
  assert.deepEqual(
    page.rows.failures[0],
    Array.from({ length: 10 }, (_, at) => at),
  );
  const viewer = await startViewer(store);
  t.after(() => viewer.close());
  const figures = await (await fetch(new URL(`/api/figures?run=${run}`, viewer.url))).json();
  assert.deepEqual([figures.passed, figures.failed], [40, 10]);
});

test('a report has the history of at most 1,000 runs, and the command names the limit', (t) => {
  const { directory } = project(t, { cases: 2, names: ['one', 'two', 'three'] });
  const { status, stderr } = runstore(directory, 'report html three --history 1001 -o report.html');
  assert.equal(status, 64);
  assert.match(stderr, /--history/);
  assert.match(stderr, /1000/);
  assert.ok(!existsSync(join(directory, 'report.html')));
  for (const [history, expected] of [
    ['1000', ['one', 'two', 'three']],
    ['2', ['two', 'three']],
  ]) {
    assert.equal(runstore(directory, `report html three --history ${history} -o report.html`).status, 0);
    const { index } = readPage(readFileSync(join(directory, 'report.html'), 'utf8'));
    assert.deepEqual(
      index.history.map(({ name }) => name),
      expected,
    );
  }
});
