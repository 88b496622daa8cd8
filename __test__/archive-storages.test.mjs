// One suite for all storages of an archive: a local disk, S3, Google Cloud Storage and Azure, each a service that is started
// here, and disturbed.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { Archive } from '../entries/archive.js';
import { RunStore } from '../index.js';
import { projectDirectory } from './support/reference-packages.mjs';
import { isShort } from './support/scope.mjs';
import { startGoogleStorage } from './support/services/google-storage.mjs';
import { storages } from './support/storages.mjs';

const run = promisify(execFile);

const frame = (run_id, items = [{ item_id: 'a', score: 0.5 }]) => ({
  run_id,
  model_id: 'm',
  task_id: 't',
  metric_name: 'x',
  items,
});

const ids = async (archive) => (await archive.listRuns()).map(({ run_id }) => run_id);

for (const { name, start } of storages) {
  describe(name, () => {
    let storage;
    before(async () => {
      storage = await start();
    });
    after(() => storage?.stop());
    const open = ({ url, options }, more = {}) => Archive.open(url, { ...options, ...more });

    test('a run is archived and read back completely', async (t) => {
      const store = new RunStore(':memory:');
      t.after(() => store.close());
      const { id } = store.openRun({ suite: 'sums "ü"', name: 'n', model: 'm/é', metadata: { a: 1 } });
      store.saveResults(id, [
        { idx: 0, key: 'one', input: { q: 1 }, output: 'x\u0000y', scores: { exact: 1, judge: 0.25 } },
        { idx: 1, input: 'two', error: 'boom' },
      ]);
      store.finishRun(id, 'completed', store.getRunSummary(id));
      const place = storage.place();
      const writing = await open(place, { project: 'team/a b' });
      assert.equal((await writing.archiveRuns(store)).runs.length, 2);
      await writing.close();
      const before = [store.getRun(id), store.getCases(id), store.getRunSummary(id)];
      store.deleteRun(id);
      const reading = await open(place, { project: 'team/a b' });
      assert.deepEqual((await reading.archiveRuns(store)).runs, []);
      await reading.importRun(store, id);
      assert.deepEqual([store.getRun(id), store.getCases(id), store.getRunSummary(id)], before);
      assert.deepEqual((await reading.loadRun(`${id}::judge`)).items[0].score, 0.25);
      assert.deepEqual((await reading.archiveRuns(store)).unchanged, [id]);
    });

    test('the remaining files of a replaced and a deleted run are found and removed', async () => {
      const place = storage.place();
      const archive = await open(place);
      assert.deepEqual(await archive.listRuns(), []);
      for (const id of ['a/b é %2F', 'b', 'a/b é %2F']) await archive.writeRun({ frame: frame(id) });
      assert.deepEqual(await ids(archive), ['b', 'a/b é %2F']);
      await archive.deleteRun('b');
      const other = await open(place);
      assert.deepEqual(await ids(other), ['a/b é %2F']);
      const { problems, unlisted, runs } = await other.verify();
      assert.deepEqual([problems, unlisted.length, runs], [[], 2, 1]);
      assert.deepEqual(await other.vacuum(), []);
      assert.deepEqual((await other.vacuum({ graceMs: 0 })).sort(), unlisted.sort());
      assert.deepEqual((await other.verify()).unlisted, []);
      await archive.close();
    });

    test("two open archives see each other's writes", async () => {
      const place = storage.place();
      const [one, two] = [await open(place), await open(place)];
      for (let at = 0; at < 6; at += 1) await (at % 2 ? one : two).writeRun({ frame: frame(`r${at}`) });
      assert.deepEqual(await ids(one), ['r0', 'r1', 'r2', 'r3', 'r4', 'r5']);
      assert.deepEqual(await ids(two), await ids(one));
      await Promise.all([one.close(), two.close()]);
    });

    test('a file larger than one part is stored unchanged', async () => {
      const archive = await open(storage.place());
      const items = Array.from({ length: 1_200 }, (_, at) => ({
        item_id: `i${at}`,
        score: at,
        metadata: { noise: randomBytes(12_000).toString('base64') },
      }));
      await archive.writeRun({ frame: frame('large', items) });
      const loaded = await archive.loadRun('large');
      assert.deepEqual(
        loaded.items.map(({ item_id, score, metadata }) => ({ item_id, score, metadata })),
        items,
      );
    });

    test('of the runs of several processes none is lost, in the log or in the manifest', async () => {
      const [processes, runs] = isShort ? [3, 5] : [8, 50];
      const place = storage.place();
      const program = `
        const { Archive } = require('runstore/archive');
        (async () => {
          const [url, options, writer, runs] = JSON.parse(process.argv[1]);
          const archive = await Archive.open(url, { ...options, timeoutMs: 30_000 });
          const items = [{ item_id: 'a', score: 1 }];
          for (let run = 0; run < runs; run += 1) {
            const run_id = writer + '-' + run;
            await archive.writeRun({ frame: { run_id, model_id: 'm', task_id: 't', metric_name: 'x', items } });
          }
          await archive.close();
        })();`;
      const writers = Array.from({ length: processes }, (_, writer) =>
        run(process.execPath, ['-e', program, JSON.stringify([place.url, place.options, writer, runs])], {
          cwd: projectDirectory,
        }),
      );
      await Promise.all(writers);
      const archive = await open(place);
      const wanted = Array.from(
        { length: processes * runs },
        (_, at) => `${at % processes}-${Math.floor(at / processes)}`,
      );
      assert.deepEqual((await ids(archive)).sort(), wanted.sort());
      const { problems, runs: verified } = await archive.verify();
      assert.deepEqual([problems, verified], [[], processes * runs]);
      const entries = storage.names
        ? await storage.names(place.url, 'default/_delta_log/')
        : readdirSync(join(place.url, 'default/_delta_log'));
      assert.equal(entries.filter((entry) => /\/?\d{20}\.json$/.test(entry)).length, processes * runs);
      // What evalsig reads, as the last writer left it.
      const manifest = JSON.parse(await storage.content(place.url, 'default/manifest.json'));
      assert.deepEqual(manifest.runs.map(({ run_id }) => run_id).sort(), wanted);
      await archive.rebuildManifest();
      assert.deepEqual((await archive.verify()).problems, []);
    });

    if (name !== 'local disk') disturbed(() => storage, open);
  });
}

/** What is written while the service fails is there once, or not at all. */
function disturbed(storage, open) {
  const isEntry = (method, path) => method === 'PUT' && /_delta_log\/\d{20}\.json/.test(path);
  const isRead = (method) => method === 'GET';
  /** Disturbs the first `times` requests that are meant. */
  const first = (times, isMeant, fault) => {
    let left = times;
    return (method, path) => {
      if (!isMeant(method, path) || left === 0) return undefined;
      left -= 1;
      return fault;
    };
  };

  describe('is written to once, however it fails', () => {
    for (const [what, fault] of [
      ['500 before it is written', first(3, isEntry, { status: 500 })],
      ['503 before it is written', first(3, isEntry, { status: 503, code: 'SlowDown' })],
      ['429 before it is written', first(3, isEntry, { status: 429 })],
      ['412 although nothing is there', first(2, isEntry, { status: 412, code: 'PreconditionFailed' })],
      ['409 before it is written', first(3, isEntry, { status: 409, code: 'ConditionalRequestConflict' })],
      ['a connection that is cut before', first(2, isEntry, { cut: 'before' })],
      ['a connection that is cut after it was written', first(1, isEntry, { cut: 'after' })],
      ['an answer that comes too late', first(1, isEntry, { delayMs: 8_000 })],
      ['reads that are cut within', first(3, isRead, { cut: 'within' })],
      ['every third request that fails', everyThird()],
    ]) {
      test(what, async (t) => {
        const { proxy, place, names } = storage();
        t.after(() => {
          proxy.fault = undefined;
        });
        const where = place();
        const archive = await open(where, what.includes('too late') ? { timeoutMs: 1_000 } : {});
        await archive.writeRun({ frame: frame('before') });
        proxy.fault = fault;
        await archive.writeRun({ frame: frame('disturbed') });
        proxy.fault = undefined;
        await archive.writeRun({ frame: frame('after') });
        const entries = await names(where.url, 'default/_delta_log/0');
        assert.equal(entries.length, 3, entries.join('\n'));
        assert.deepEqual(await ids(await open(where)), ['before', 'disturbed', 'after']);
        await archive.close();
      });
    }
  });

  test('expired credentials are reported, and nothing is written', async (t) => {
    const { proxy, place } = storage();
    const where = place();
    const archive = await open(where);
    await archive.writeRun({ frame: frame('before') });
    proxy.fault = (method) => (method === 'PUT' ? { status: 403, code: 'ExpiredToken' } : undefined);
    t.after(() => {
      proxy.fault = undefined;
    });
    await assert.rejects(archive.writeRun({ frame: frame('refused') }), (error) => {
      assert.equal(error.code, 'ERR_RUNSTORE_IO');
      assert.match(error.message, /credentials/);
      assert.match(error.message, /ExpiredToken/);
      return true;
    });
    proxy.fault = undefined;
    assert.deepEqual(await ids(archive), ['before']);
    await archive.writeRun({ frame: frame('after') });
    assert.deepEqual(await ids(archive), ['before', 'after']);
  });

  test('a service that stays unavailable is an error after a limited number of attempts', async (t) => {
    const { proxy, place } = storage();
    const archive = await open(place());
    proxy.fault = () => ({ status: 400, code: 'Gone' });
    t.after(() => {
      proxy.fault = undefined;
    });
    await assert.rejects(archive.listRuns(), { code: 'ERR_RUNSTORE_IO' });
  });
}

function everyThird() {
  let count = 0;
  return () => {
    count += 1;
    return count % 3 === 0 ? { status: 500 } : undefined;
  };
}

describe('the Google Cloud Storage of these tests keeps the conditions of the real one', () => {
  const started = async (t) => {
    const server = await startGoogleStorage('b');
    t.after(() => server.close());
    return (method, name, headers = {}, body = undefined) =>
      fetch(`http://127.0.0.1:${server.port}/b/${name}`, { method, headers, body });
  };
  const onlyIf = (generation) => ({ 'x-goog-if-generation-match': String(generation) });

  test('an object is only replaced if its generation matches', async (t) => {
    const ask = await started(t);
    const made = await ask('PUT', 'o', onlyIf(0), 'first');
    const generation = made.headers.get('x-goog-generation');
    assert.deepEqual([made.status, Number(generation) > 0], [200, true]);
    assert.equal((await ask('PUT', 'o', onlyIf(0), 'second')).status, 412);
    assert.equal((await ask('PUT', 'o', onlyIf(generation), 'third')).status, 200);
    assert.equal((await ask('PUT', 'o', onlyIf(generation), 'fourth')).status, 412);
    assert.equal(await (await ask('GET', 'o')).text(), 'third');
    assert.equal((await ask('PUT', 'o', {}, 'fifth')).status, 200);
    assert.equal((await ask('DELETE', 'o')).status, 204);
    assert.equal((await ask('PUT', 'o', onlyIf(generation), 'sixth')).status, 412);
    assert.equal((await ask('PUT', 'o', onlyIf(0), 'seventh')).status, 200);
  });

  test('one of eight concurrent writers wins', async (t) => {
    const ask = await started(t);
    const answers = await Promise.all(Array.from({ length: 8 }, (_, at) => ask('PUT', 'race', onlyIf(0), `${at}`)));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, ...Array(7).fill(412)]);
  });

  test('ranges are read, and a listing continues where it ended', async (t) => {
    const ask = await started(t);
    await ask('PUT', 'o', {}, '0123456789');
    const part = await ask('GET', 'o', { range: 'bytes=3-5' });
    assert.deepEqual([part.status, part.headers.get('content-range'), await part.text()], [206, 'bytes 3-5/10', '345']);
    for (let at = 0; at < 130; at += 1) await ask('PUT', `l/${String(at).padStart(3, '0')}`, {}, 'x');
    const first = await (await ask('GET', '?list-type=2&prefix=l/')).text();
    const [, token] = /<NextContinuationToken>(.*)<\/Next/.exec(first);
    const second = await (await ask('GET', `?list-type=2&prefix=l/&continuation-token=${token}`)).text();
    assert.deepEqual([first.match(/<Key>/g).length, second.match(/<Key>/g).length], [100, 30]);
    assert.doesNotMatch(second, /NextContinuationToken/);
  });
});
