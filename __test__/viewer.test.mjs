// The server of the live page: its answers and refusals. page-browser.test.mjs tests it with a browser.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { RunStore } from 'runstore';
import * as promises from 'runstore/promises';
import { listAnnotations, startViewer } from 'runstore/report';
import { LiveRuns } from '../lib/page/live-runs.js';
import { newPath, openStore } from './support/connections.mjs';
import { projectDirectory } from './support/reference-packages.mjs';
import { saveRun } from './support/runs.mjs';

const cases = (scores) =>
  scores.map((score, at) => ({ input: `case ${at}`, output: `${score}`, scores: { exact: score } }));

/** Asks a viewer with any headers, also those that `fetch` does not let through. */
function ask(viewer, path, { method = 'GET', headers = {}, body } = {}) {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port: viewer.port, path, method, headers };
    const sent = request(options, async (response) => {
      let text = '';
      for await (const part of response.setEncoding('utf8')) text += part;
      resolve({ status: response.statusCode, headers: response.headers, text, json: () => JSON.parse(text) });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

async function answer(viewer, path) {
  const { status, text, json } = await ask(viewer, path);
  assert.equal(status, 200, text);
  return json();
}

describe('a viewer', () => {
  let directory;
  let store;
  let viewer;
  let suite_id;
  let baseline;
  let candidate;
  before(async () => {
    directory = mkdtempSync(join(tmpdir(), 'runstore-viewer-'));
    store = new RunStore(join(directory, 'store.db'));
    suite_id = store.createSuite('capitals').id;
    baseline = saveRun(store, suite_id, cases([1, 1, 1, 0]), { name: 'before', tags: ['nightly'] });
    candidate = saveRun(store, suite_id, cases([0, 1, 0, 1]), { name: 'after' });
    viewer = await startViewer(store);
  });
  after(async () => {
    await viewer.close();
    store.close();
    rmSync(directory, { recursive: true, force: true });
  });

  test('lists suites and runs, newest first, and says what each run achieved', async () => {
    assert.deepEqual(await answer(viewer, '/api/suites'), [{ id: suite_id, name: 'capitals' }]);
    const { runs, cursor, baselines } = await answer(viewer, '/api/runs');
    assert.deepEqual(
      runs.map(({ name }) => name),
      ['after', 'before'],
    );
    assert.deepEqual(runs[1].tags, ['nightly']);
    assert.deepEqual([cursor, baselines], [null, { [suite_id]: null }]);
    assert.deepEqual(
      (await answer(viewer, '/api/runs?search=befo')).runs.map(({ id }) => id),
      [baseline],
    );
    const figures = await answer(viewer, `/api/figures?run=${baseline}`);
    const { cases: count, errored, passed, failed, means } = figures;
    assert.deepEqual({ count, errored, passed, failed }, { count: 4, errored: 0, passed: 3, failed: 1 });
    assert.deepEqual([means.exact.mean, means.exact.n], [0.75, 4]);
    assert.equal(await answer(viewer, '/api/figures?run=none'), null);
  });

  test('shows two runs: figures first, then the rows that are asked for, in order, and their texts', async () => {
    const pair = `run=${candidate}&baseline=${baseline}`;
    const { head, counts, count, version } = await answer(viewer, `/api/page?${pair}`);
    assert.deepEqual([head.candidate.name, head.baseline.name, count], ['after', 'before', 4]);
    assert.deepEqual([counts['is:regressed'], counts['is:improved'], counts['is:failed']], [2, 1, 2]);
    assert.equal((await answer(viewer, `/api/charts?${pair}&scorer=0`)).scatter.of, 4);
    assert.equal((await ask(viewer, `/api/charts?${pair}&scorer=1`)).status, 400);
    const history = await answer(viewer, `/api/history?suite=${suite_id}`);
    assert.deepEqual(
      history.map(({ name, means }) => [name, means.exact.mean]),
      [
        ['before', 0.75],
        ['after', 0.5],
      ],
    );
    const asked = `${pair}&version=${version}&q=is:regressed&sort=-case`;
    assert.deepEqual(await answer(viewer, `/api/select?${asked}`), { total: 2, problems: [] });
    const rows = await answer(viewer, `/api/rows?${asked}&from=0&to=10`);
    assert.deepEqual(
      rows.map(({ row, gains }) => [row, gains]),
      [
        [2, [-1]],
        [0, [-1]],
      ],
    );
    assert.equal(await answer(viewer, `/api/place?${asked}&row=0`), 1);
    assert.equal((await answer(viewer, `/api/view?${pair}&row=3`)).label, '#3');
    assert.equal((await answer(viewer, `/api/body?${pair}&row=3`)).candidate[0].output, '1');
    assert.deepEqual((await answer(viewer, `/api/select?${pair}&q=${encodeURIComponent('input:"case 2"')}`)).total, 1);
    assert.deepEqual((await answer(viewer, `/api/select?${pair}&q=is:x`)).problems.length, 1);
  });

  test('says in words what it cannot find, and takes no path for anything', async () => {
    const status = async (path) => (await ask(viewer, path)).status;
    assert.equal(await status('/api/page?run=none-such'), 404);
    assert.equal(await status(`/api/view?run=${candidate}&row=4`), 400);
    for (const row of ['-1', '1.5', 'x', '']) assert.equal(await status(`/api/view?run=${candidate}&row=${row}`), 400);
    for (const path of [
      '/etc/passwd',
      '/../../etc/passwd',
      '/%2e%2e/package.json',
      '/ui/dist/page.html',
      '/api/',
      '/api/__proto__',
    ]) {
      assert.equal(await status(path), 404, path);
    }
    assert.match((await ask(viewer, '/api/page?run=none-such')).json().error, /none-such/);
  });

  test('answers no other web page: not by its own name, not by its origin, and never with leave to read', async () => {
    const refused = async (headers, expected) => {
      const { status, headers: given } = await ask(viewer, '/api/suites', { headers });
      assert.equal(status, expected, JSON.stringify(headers));
      assert.ok(!Object.keys(given).some((name) => name.startsWith('access-control')));
    };
    const own = `127.0.0.1:${viewer.port}`;
    for (const host of ['evil.example', `evil.example:${viewer.port}`, 'localhost.evil.example', '10.0.0.1']) {
      await refused({ host }, 421);
    }
    for (const origin of [
      'https://evil.example',
      'null',
      `https://${own}`,
      'http://127.0.0.1:1',
      `http://localhost:${viewer.port}`,
    ]) {
      await refused({ host: own, origin }, 403);
    }
    await refused({ host: own, 'sec-fetch-site': 'cross-site' }, 403);
    await refused({ host: own, 'sec-fetch-site': 'same-site' }, 403);
    await refused({ host: own, origin: `http://${own}`, 'sec-fetch-site': 'same-origin' }, 200);
    await refused({ host: `localhost:${viewer.port}` }, 200);
    await refused({ host: `[::1]:${viewer.port}` }, 200);
  });

  test('writes with the token only, and only what is JSON', async () => {
    const body = JSON.stringify({ suite: suite_id, run: baseline });
    const json = { 'content-type': 'application/json' };
    const authorization = `Bearer ${viewer.token}`;
    const post = (headers, sent = body) => ask(viewer, '/api/baseline', { method: 'POST', headers, body: sent });
    for (const headers of [
      json,
      { ...json, authorization: 'Bearer ' },
      { ...json, authorization: `Bearer ${'x'.repeat(32)}` },
    ]) {
      assert.equal((await post(headers)).status, 401);
    }
    // What a form of another page can send, even with a token that leaked.
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
      assert.equal((await post({ 'content-type': type, authorization })).status, 415);
    }
    assert.equal((await post({ ...json, authorization, origin: 'https://evil.example' })).status, 403);
    assert.equal(store.getBaseline(suite_id), undefined);
    for (const sent of ['', '[]', 'null', '{'])
      assert.equal((await post({ ...json, authorization }, sent)).status, 400);
    assert.equal((await post({ ...json, authorization }, `{"a":"${'x'.repeat(2 << 20)}"}`)).status, 413);
    assert.equal((await post({ ...json, authorization })).status, 200);
    assert.equal(store.getBaseline(suite_id).run_id, baseline);
    assert.deepEqual((await answer(viewer, '/api/runs')).baselines, { [suite_id]: baseline });
    for (const method of ['PUT', 'DELETE', 'OPTIONS', 'PATCH']) {
      assert.equal((await ask(viewer, '/api/baseline', { method, headers: { authorization } })).status, 405);
    }
  });

  test('keeps what a person says of a case, with the token', async () => {
    const [{ id }] = store.getCases(candidate);
    const body = JSON.stringify({ annotations: [{ caseId: id, name: 'ada', pass: false, note: 'no' }] });
    const json = { 'content-type': 'application/json' };
    const post = (headers, sent = body) => ask(viewer, '/api/annotations', { method: 'POST', headers, body: sent });
    assert.equal((await post(json)).status, 401);
    assert.deepEqual(listAnnotations(store, candidate), []);
    const headers = { ...json, authorization: `Bearer ${viewer.token}` };
    assert.equal((await post(headers)).status, 200);
    const [{ caseId, name, score, note }] = listAnnotations(store, candidate);
    assert.deepEqual({ caseId, name, score, note }, { caseId: id, name: 'ada', score: 0, note: 'no' });
    assert.equal((await post(headers, '{"annotations":[{"caseId":"none","name":"ada","pass":true}]}')).status, 404);
    assert.equal((await post(headers, '{}')).status, 400);
  });

  test('sends the page with a policy, and no text of the store in it', async () => {
    const { status, headers, text } = await ask(viewer, '/');
    assert.equal(status, 200);
    assert.match(
      headers['content-security-policy'],
      /^default-src 'none'; script-src 'sha256-[^']+'; style-src 'sha256-[^']+'; base-uri 'none'; form-action 'none'; connect-src 'self'; frame-ancestors 'none'$/,
    );
    for (const [name, value] of Object.entries({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
    })) {
      assert.equal(headers[name], value);
    }
    assert.ok(!text.includes('capitals') && !text.includes(viewer.token));
  });

  test('tells who follows when somebody writes', async () => {
    const aborter = new AbortController();
    const response = await fetch(`http://127.0.0.1:${viewer.port}/api/events`, { signal: aborter.signal });
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    assert.match((await reader.read()).value, /^: hello/);
    // The first look only finds out where the store stands.
    const writing = setInterval(() => store.createSuite('more'), 300);
    try {
      assert.match((await reader.read()).value, /^event: change/);
    } finally {
      clearInterval(writing);
      aborter.abort();
    }
  });

  test('shows a run as it was when it was opened, while it grows', async () => {
    const run = saveRun(store, suite_id, cases([1]), { status: 'running' });
    const { count, version } = await answer(viewer, `/api/page?run=${run}`);
    assert.equal(count, 1);
    store.saveResults(run, [{ idx: 1, input: 'later', scores: { exact: 0 } }]);
    assert.equal((await answer(viewer, `/api/select?run=${run}&version=${version}`)).total, 1);
    assert.equal((await answer(viewer, `/api/page?run=${run}`)).count, 2);
  });
});

describe('a viewer of large runs', () => {
  /** More than are read at once. */
  const COUNT = 5200;
  let directory;
  let store;
  let viewer;
  let pair;
  before(async () => {
    directory = mkdtempSync(join(tmpdir(), 'runstore-viewer-'));
    store = new RunStore(join(directory, 'store.db'));
    const suite_id = store.createSuite('large').id;
    const save = (name, keys) =>
      saveRun(
        store,
        suite_id,
        keys.map((key) => ({ key: `case-${key}`, input: key, output: `${name} ${key}`, scores: { exact: key % 2 } })),
        { name },
      );
    const keys = [...Array(COUNT).keys()];
    const baseline = save('before', keys);
    // Lacks the third case at this place: it comes at the end.
    const candidate = save('after', [...keys.filter((key) => key !== 2), 2]);
    pair = `run=${candidate}&baseline=${baseline}`;
    viewer = await startViewer(store);
  });
  after(async () => {
    await viewer.close();
    store.close();
    rmSync(directory, { recursive: true, force: true });
  });

  test('shows the first rows before all are read, with the numbers that they keep, and no figure of a part', async () => {
    const { head, counts, count, version } = await answer(viewer, `/api/page?${pair}`);
    assert.equal(counts, null);
    assert.equal(head.headline, 'after: 5,200 attempts');
    assert.deepEqual([head.verdict, head.failures, head.candidate.errored], [null, [], null]);
    assert.deepEqual(
      head.scorers.map(({ name, n, delta }) => [name, n, delta]),
      [['exact', 0, null]],
    );
    assert.ok(count < COUNT);
    const asked = `${pair}&version=${version}`;
    const first = await answer(viewer, `/api/rows?${asked}&from=0&to=3`);
    const seen = ({ row, label, preview, gains }) => [row, label, preview, gains];
    // Nothing is said of a case that may come later.
    assert.deepEqual(first.map(seen), [
      [0, 'case-0', '0', [0]],
      [1, 'case-1', '1', [0]],
      [3, 'case-3', '3', [0]],
    ]);
    assert.equal((await answer(viewer, `/api/body?${asked}&row=3`)).candidate[0].output, 'after 3');
    // What needs all rows waits for them.
    assert.deepEqual(await answer(viewer, `/api/select?${asked}&q=exact%3E0`), { total: COUNT / 2, problems: [] });
    assert.equal((await answer(viewer, `/api/view?${asked}&row=${COUNT - 1}`)).label, `case-${COUNT - 1}`);
    const whole = await answer(viewer, `/api/page?${asked}&whole=1`);
    assert.deepEqual([whole.count, whole.counts['is:unpaired'], whole.head.verdict.decision], [COUNT, 0, 'ALLOW']);
    const all = await answer(viewer, `/api/rows?${asked}&from=0&to=4`);
    assert.deepEqual(
      all.filter(({ row }) => row !== 2),
      first,
    );
  });

  test('reads runs once, whether they are named or given by their ids', async () => {
    const other = await startViewer(store);
    await answer(other, '/api/page?run=after&baseline=before&whole=1');
    // Of runs that were not read yet, only the first rows would be there.
    const { count } = await answer(other, `/api/page?${pair}`);
    await other.close();
    assert.equal(count, COUNT);
  });

  test('can be closed while it reads, and answers nothing afterwards', async () => {
    const other = await startViewer(store);
    await answer(other, `/api/page?${pair}`);
    const abandoned = ask(other, `/api/page?${pair}&whole=1`).catch(() => {});
    await other.close();
    await abandoned;
    await assert.rejects(ask(other, `/api/page?${pair}`), { code: 'ECONNREFUSED' });
  });
});

test('a viewer takes scorers whose lower scores are better, for the runs that have them', async (t) => {
  const store = openStore(t, newPath(t));
  const suite_id = store.createSuite('errors').id;
  const save = (name, scores) => saveRun(store, suite_id, [{ key: 'one', input: 1, scores }], { name });
  const before = save('before', { typos: 3, exact: 1 });
  const after = save('after', { typos: 1, exact: 0 });
  const other = save('other', { exact: 1 });
  const viewer = await startViewer(store, { lowerIsBetter: ['typos', 'none'] });
  t.after(() => viewer.close());
  const { head } = await answer(viewer, `/api/page?run=${after}&baseline=${before}`);
  assert.deepEqual(
    head.scorers.map(({ name, lowerIsBetter, improved, regressed }) => [name, lowerIsBetter, improved, regressed]),
    [
      ['exact', false, 0, 1],
      ['typos', true, 1, 0],
    ],
  );
  assert.deepEqual((await answer(viewer, `/api/page?run=${other}`)).head.scorers.length, 1);
  assert.deepEqual((await answer(viewer, '/api/runs')).lowerIsBetter, ['typos', 'none']);
  await assert.rejects(startViewer(store, { lowerIsBetter: 'typos' }), { code: 'ERR_RUNSTORE_INVALID_ARGUMENT' });
});

test('a viewer on another address wants the token for all but the empty page', async (t) => {
  const store = openStore(t, newPath(t));
  store.createSuite('capitals');
  const viewer = await startViewer(store, { host: '0.0.0.0' });
  t.after(() => viewer.close());
  assert.equal((await ask(viewer, '/')).status, 200);
  assert.equal((await ask(viewer, '/api/suites')).status, 401);
  assert.equal((await ask(viewer, `/api/suites?token=${viewer.token}`)).status, 401);
  const authorization = `Bearer ${viewer.token}`;
  assert.equal((await ask(viewer, '/api/suites', { headers: { authorization } })).status, 200);
});

test('a viewer takes a store of any kind that is on a file, or its path', async (t) => {
  const path = newPath(t);
  const store = openStore(t, path);
  const later = await promises.RunStore.open(path);
  t.after(() => later.close());
  for (const given of [store, later, path]) {
    const viewer = await startViewer(given);
    assert.equal(viewer.url, `http://127.0.0.1:${viewer.port}/?token=${viewer.token}`);
    await Promise.all([viewer.close(), viewer.close()]);
    await assert.rejects(ask(viewer, '/'), { code: 'ECONNREFUSED' });
  }
  const inMemory = openStore(t, ':memory:');
  for (const given of [inMemory, {}, undefined, 7]) {
    await assert.rejects(startViewer(given), { name: 'TypeError', code: 'ERR_RUNSTORE_INVALID_ARGUMENT' });
  }
  await assert.rejects(startViewer(store, { port: 70_000 }), { name: 'RangeError' });
  await assert.rejects(startViewer(store, { ports: 1 }), { code: 'ERR_RUNSTORE_INVALID_ARGUMENT' });
  const viewer = await startViewer(store);
  t.after(() => viewer.close());
  await assert.rejects(startViewer(store, { port: viewer.port }), {
    code: 'ERR_RUNSTORE_IO',
    message: `startViewer: cannot listen at 127.0.0.1:${viewer.port}: another program listens there already`,
  });
});

test('the command serves the store until it is interrupted', async (t) => {
  const path = newPath(t);
  openStore(t, path).createSuite('capitals');
  const program = join(projectDirectory, 'bin/runstore.js');
  const child = spawn(process.execPath, [program, '--store', path, 'view', '--port', '0'], { stdio: 'pipe' });
  t.after(() => child.kill('SIGKILL'));
  const [printed] = await once(child.stdout.setEncoding('utf8'), 'data');
  const [, port] = /^http:\/\/127\.0\.0\.1:(\d+)\/\?token=[\w-]+\n/.exec(printed);
  const [suite] = await answer({ port }, '/api/suites');
  assert.equal(suite.name, 'capitals');
  const ended = once(child, 'exit');
  child.kill('SIGINT');
  assert.deepEqual(await ended, [0, null]);

  const wrong = spawn(process.execPath, [program, '--store', `${path}.none`, 'view'], { stdio: 'pipe' });
  const [said] = await once(wrong.stderr.setEncoding('utf8'), 'data');
  assert.match(said, /^error: .*does not exist/);
  assert.deepEqual(await once(wrong, 'exit'), [66, null]);
});

test('the figures of a run are read again when it ends, even if they stay cached while others write', async (t) => {
  // Reading takes 100 ms by this clock, which then stands still.
  let readings = 0;
  t.mock.method(performance, 'now', () => 100 * Math.min(1, readings++));
  const store = await promises.RunStore.open(newPath(t));
  t.after(() => store.close());
  const suite_id = (await store.createSuite('capitals')).id;
  const run = await store.createRun({ suite_id, name: 'growing', model: 'm' });
  const runs = new LiveRuns(store);
  const cases = async (version) => (await runs.figures(run, version)).cases;
  const save = (idx) => store.saveResults(run, [{ idx, input: idx, scores: { exact: 1 } }]);
  await save(0);
  assert.equal(await cases('1.0'), 1);
  await save(1);
  assert.equal(await cases('2.0'), 1, 'they took long to read');
  await store.finishRun(run, 'completed');
  assert.equal(await cases('3.0'), 2);
});
