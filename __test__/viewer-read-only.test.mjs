// The live page over what is only read: an archive, and a folder of run files.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { RunStore } from 'runstore';
import { Archive } from 'runstore/archive';
import { startViewer, writeRunFile } from 'runstore/report';
import { temporaryDirectory } from './support/connections.mjs';
import { projectDirectory } from './support/reference-packages.mjs';
import { saveRun } from './support/runs.mjs';

const cases = (scores) =>
  scores.map((score, at) => ({
    key: `k${at}`,
    input: `case ${at}`,
    output: `${score}`,
    scores: { exact: score, b: 1 },
  }));

function storeOfTwo() {
  const store = new RunStore(':memory:');
  const suite_id = store.createSuite('capitals').id;
  const before = saveRun(store, suite_id, cases([1, 1, 1, 0]), { name: 'before', startedAt: 1_700_000_000_000 });
  const after = saveRun(store, suite_id, cases([0, 1, 0, 1]), { name: 'after', startedAt: 1_700_000_060_000 });
  return { store, before, after };
}

async function anArchive(t) {
  const folder = temporaryDirectory(t);
  const { store, before, after } = storeOfTwo();
  const archive = await Archive.open(folder, { project: 'team' });
  for (const runId of [before, after]) await archive.writeRun({ store, runId });
  await archive.close();
  store.close();
  return { source: { archive: pathToFileURL(folder), project: 'team' }, before, after };
}

async function aFolder(t) {
  const resultsDir = temporaryDirectory(t);
  const { store, before, after } = storeOfTwo();
  for (const run of [before, after]) writeRunFile(store, [run], { resultsDir });
  store.close();
  return { source: { resultsDir }, before, after };
}

async function answer(viewer, path) {
  const response = await fetch(`http://127.0.0.1:${viewer.port}${path}`);
  assert.equal(response.status, 200, await response.clone().text());
  return response.json();
}

async function view(t, source) {
  const viewer = await startViewer(source);
  t.after(() => viewer.close());
  return viewer;
}

for (const [what, make] of Object.entries({ 'an archive': anArchive, 'a folder of run files': aFolder })) {
  describe(`a viewer of ${what}`, () => {
    test('lists runs, opens each, and compares any two', async (t) => {
      const { source, before, after } = await make(t);
      const viewer = await view(t, source);
      assert.equal(viewer.url, `http://127.0.0.1:${viewer.port}/`);
      const { runs, cursor } = await answer(viewer, '/api/runs');
      assert.deepEqual([runs.map(({ id }) => id).sort(), cursor], [[before, after].sort(), null]);
      assert.deepEqual(await answer(viewer, '/api/suites'), [{ id: 'capitals', name: 'capitals' }]);
      assert.equal((await answer(viewer, `/api/runs?search=${before.slice(0, 13)}`)).runs.length, 1);
      const figures = await answer(viewer, `/api/figures?run=${after}`);
      assert.deepEqual([figures.cases, figures.means.exact.mean], [4, 0.5]);

      const { head, count, version } = await answer(viewer, `/api/page?run=${after}&baseline=${before}`);
      assert.deepEqual([head.candidate.name, head.baseline.name, count], ['after', 'before', 4]);
      const pair = `run=${head.candidate.id}&baseline=${head.baseline.id}&version=${version}`;
      const [worst] = await answer(viewer, `/api/rows?${pair}&q=is:regressed&from=0&to=1`);
      assert.equal(worst.label, 'k0');
      const body = await answer(viewer, `/api/body?${pair}&row=0`);
      assert.deepEqual([body.input, body.candidate[0].output], ['case 0', '0']);
    });

    test('refuses whatever writes, with a reason and whatever the token', async (t) => {
      const { source, before } = await make(t);
      const viewer = await view(t, source);
      for (const [path, body] of [
        ['baseline', { suite: 'capitals', run: before }],
        ['annotations', { annotations: [] }],
      ]) {
        const response = await fetch(`http://127.0.0.1:${viewer.port}/api/${path}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: `Bearer ${viewer.token}` },
          body: JSON.stringify(body),
        });
        assert.equal(response.status, 403);
        assert.match((await response.json()).error, /only read/);
      }
      const page = await (await fetch(viewer.url)).text();
      assert.ok(page.includes('<meta name="runstore-read-only">'));
    });
  });
}

test('more runs than fit into memory are read again when they are looked at again', async (t) => {
  const resultsDir = temporaryDirectory(t);
  const store = new RunStore(':memory:');
  const suite_id = store.createSuite('capitals').id;
  const runs = Array.from({ length: 11 }, (_, at) => saveRun(store, suite_id, cases([at % 2]), { name: `run-${at}` }));
  for (const run of runs) writeRunFile(store, [run], { resultsDir });
  store.close();
  const viewer = await view(t, { resultsDir });
  for (const run of [...runs, ...runs]) {
    const body = await answer(viewer, `/api/body?run=${run}&row=0`);
    assert.equal(body.candidate[0].output, String(runs.indexOf(run) % 2));
  }
});

test('a run of several models is one of each, and a file that cannot be read says why', async (t) => {
  const resultsDir = temporaryDirectory(t);
  const store = new RunStore(':memory:');
  const suite_id = store.createSuite('capitals').id;
  const runs = ['small', 'large'].map((model, at) => saveRun(store, suite_id, cases([at]), { model }));
  writeRunFile(store, runs, { resultsDir, runId: 'both' });
  store.close();
  writeFileSync(join(resultsDir, 'torn.json'), '{"run_id": "torn", ');
  const viewer = await view(t, { resultsDir });
  const listed = (await answer(viewer, '/api/runs')).runs;
  assert.deepEqual(listed.map(({ name, status }) => [name, status]).sort(), [
    ['both (large)', 'completed'],
    ['both (small)', 'completed'],
    ['torn', 'unreadable'],
  ]);
  const { head } = await answer(viewer, `/api/page?run=${encodeURIComponent('both (large)')}`);
  assert.deepEqual(
    [head.candidate.model, head.scorers.find(({ name }) => name === 'exact').candidateMean],
    ['large', 1],
  );
  const torn = await fetch(`http://127.0.0.1:${viewer.port}/api/page?run=torn`);
  assert.equal(torn.status, 400);
  assert.match((await torn.json()).error, /torn\.json/);
});

test('scores that evalsig wrote are a run with its scores', async (t) => {
  const folder = temporaryDirectory(t);
  const archive = await Archive.open(folder);
  const items = [1, 0, 1].map((score, at) => ({ item_id: `q${at}`, score, cluster_id: 'c', metadata: { at } }));
  await archive.writeRun({ frame: { run_id: 'r1', model_id: 'm', task_id: 'qa', metric_name: 'accuracy', items } });
  await archive.close();
  const viewer = await view(t, { archive: folder });
  const { head, count } = await answer(viewer, '/api/page?run=r1');
  assert.deepEqual([head.suite.name, head.candidate.name, count], ['qa', 'r1', 3]);
  assert.deepEqual([head.scorers[0].name, head.scorers[0].n], ['accuracy', 3]);
});

test('what is viewed is named in one way', async () => {
  for (const source of [{}, { archive: 'a', resultsDir: 'b' }, { resultsDir: 7 }, { folder: 'x' }]) {
    await assert.rejects(startViewer(source), { code: 'ERR_RUNSTORE_INVALID_ARGUMENT' });
  }
  await assert.rejects(startViewer({ archive: 'ftp://nowhere/x' }), /ftp:/);
});

test('the command views a folder, and says what is wrong', async (t) => {
  const { source, after } = await aFolder(t);
  const program = join(projectDirectory, 'bin/runstore.js');
  const start = (...more) => {
    const child = spawn(process.execPath, [program, 'view', '--port', '0', ...more], { stdio: 'pipe' });
    t.after(() => child.kill('SIGKILL'));
    return child;
  };
  const child = start('--results-dir', source.resultsDir);
  const [printed] = await once(child.stdout.setEncoding('utf8'), 'data');
  const [, port] = /^http:\/\/127\.0\.0\.1:(\d+)\/\n/.exec(printed);
  assert.ok((await answer({ port }, '/api/runs')).runs.some(({ id }) => id === after));

  for (const [more, expected] of [
    [['--results-dir', `${source.resultsDir}/none`], /^error: there is no folder/],
    [['--archive', `${source.resultsDir}/none`], /^error: there is no archive in /],
    [
      ['--results-dir', source.resultsDir, '--store', 'x.db'],
      /^error: --store and --results-dir cannot be used together/,
    ],
    [['--results-dir', source.resultsDir, '--archive', 'x'], /cannot be used with/],
  ]) {
    const [said] = await once(start(...more).stderr.setEncoding('utf8'), 'data');
    assert.match(said, expected);
  }
});
