// Two copies of SQLite in one process on one file: runstore's own and that of node:sqlite or better-sqlite3. With the
// usual POSIX locks the second copy's close() drops the first one's locks and deletes its WAL; every row that is
// acknowledged afterwards is lost. runstore promises that none is.

import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { RunStore } from 'runstore';
import { count, TIMES, tell } from './support/figures.mjs';
import {
  changeToRollbackJournal,
  connectionsWith,
  foreignCopies,
  inspectFile,
  makeFile,
  RUN_ID,
} from './two-copies/connections.mjs';
import { Stress } from './two-copies/stress.mjs';

const STEPS = Number(process.env.RUNSTORE_STRESS_STEPS ?? 500 * TIMES);
const script = (name) => fileURLToPath(new URL(`./two-copies/${name}`, import.meta.url));

for (const foreign of foreignCopies) {
  const kinds = connectionsWith(foreign);

  describe(`one file in one process, through the SQLite of runstore and that of ${foreign}`, () => {
    let directory;
    let path;

    beforeEach(() => {
      directory = mkdtempSync(join(tmpdir(), 'runstore-two-copies-'));
      path = join(directory, 'store.db');
    });

    afterEach(() => rmSync(directory, { recursive: true, force: true }));

    function assertAllThere(acknowledged) {
      const { ids, integrity, journal } = inspectFile(path);
      assert.equal(integrity, 'ok');
      assert.equal(journal, 'wal');
      assert.deepEqual(ids, acknowledged.sort());
    }

    function stress(some, seed, steps = STEPS) {
      const one = new Stress({ path, kinds: some, seed });
      one.run(steps);
      one.closeAll();
      return one.acknowledged;
    }

    const mixtures = {
      'path stores and foreign connections': { path: kinds.path, foreign: kinds.foreign },
      'path stores and stores on borrowed handles': { path: kinds.path, borrowed: kinds.borrowed },
      'stores on borrowed handles and foreign connections': { borrowed: kinds.borrowed, foreign: kinds.foreign },
      'all of them': kinds,
    };

    for (const [title, some] of Object.entries(mixtures)) {
      test(`${title} keep every acknowledged row, in whatever order they open, write and close`, (t) => {
        let rows = 0;
        for (const seed of [1, 2]) {
          makeFile(path);
          const acknowledged = stress(some, seed);
          assert.ok(acknowledged.length > STEPS / 2);
          assertAllThere(acknowledged);
          rows += acknowledged.length;
          discard(path);
        }
        tell(t, `${count(rows, 'rows')} acknowledged, none lost`);
      });
    }

    test('every acknowledged row is kept while two other processes do the same', async (t) => {
      makeFile(path);
      const others = [1, 2].map((seed) => inProcess(path, foreignCopies[seed % foreignCopies.length], seed, STEPS));
      const acknowledged = await stressWhile(Promise.all(others), { path, kinds, seed: 3, alone: false });
      const theirs = (await Promise.all(others)).flat();
      assert.ok(theirs.length > STEPS / 2);
      assertAllThere([...acknowledged, ...theirs]);
      tell(t, `${count(acknowledged.length + theirs.length, 'rows')} acknowledged, none lost`);
    });

    test('every acknowledged row is kept while three worker threads do the same', async (t) => {
      makeFile(path);
      const others = [1, 2, 3].map((seed) => inWorker({ path, foreign, seed, steps: STEPS }));
      const acknowledged = await stressWhile(Promise.all(others), { path, kinds, seed: 4, alone: false });
      const theirs = (await Promise.all(others)).flat();
      assertAllThere([...acknowledged, ...theirs]);
      tell(t, `${count(acknowledged.length + theirs.length, 'rows')} acknowledged, none lost`);
    });

    test('a file with a rollback journal changes to WAL while a foreign connection has it open', () => {
      makeFile(path);
      changeToRollbackJournal(path);
      const other = kinds.foreign(path);
      other.write('before');
      const store = kinds.path(path);
      store.write('store');
      other.write('foreign');
      other.close();
      store.write('after');
      store.close();
      assertAllThere(['before', 'store', 'foreign', 'after']);
    });

    for (const [journal, prepare] of Object.entries({
      'a WAL': () => {},
      'a rollback journal': changeToRollbackJournal,
    })) {
      test(`a store that only reads a file with ${journal} sees what the others write`, () => {
        makeFile(path);
        prepare(path);
        const reader = new RunStore(path, { readOnly: true });
        assert.equal(reader.countCases(RUN_ID), 0);
        const store = kinds.path(path);
        store.write('store');
        const other = kinds.foreign(path);
        other.write('foreign');
        assert.equal(reader.countCases(RUN_ID), 2);
        store.close();
        other.write('after');
        other.close();
        assert.equal(reader.countCases(RUN_ID), 3);
        reader.close();
        assertAllThere(['store', 'foreign', 'after']);
      });
    }

    test('every acknowledged row is kept of a file that began with a rollback journal', (t) => {
      let rows = 0;
      for (const seed of [5, 6, 7]) {
        makeFile(path);
        changeToRollbackJournal(path);
        const acknowledged = stress(kinds, seed, Math.ceil(STEPS / 3));
        assertAllThere(acknowledged);
        rows += acknowledged.length;
        discard(path);
      }
      tell(t, `${count(rows, 'rows')} acknowledged, none lost`);
    });

    test('a file with a rollback journal is opened in four threads at once', async () => {
      makeFile(path);
      changeToRollbackJournal(path);
      const threads = [1, 2, 3, 4].map((seed) => inWorker({ path, foreign, seed, steps: 50 }));
      assertAllThere((await Promise.all(threads)).flat());
    });

    describe('when the other copy opens and closes the file that a store is writing', () => {
      function acknowledgedAndThere(locks) {
        const environment = { ...process.env, RUNSTORE_POSIX_LOCKS: locks };
        const { stdout, stderr } = spawnSync(process.execPath, [script('loss.mjs'), path, foreign], {
          encoding: 'utf8',
          env: environment,
        });
        assert.equal(stderr, '');
        return [Number(stdout), inspectFile(path).ids.length];
      }

      test('no row is lost', (t) => {
        const [acknowledged, there] = acknowledgedAndThere('0');
        assert.deepEqual([acknowledged, there], [27, 27]);
        tell(t, `${there} of ${count(acknowledged, 'rows')} acknowledged`);
      });

      if (process.platform !== 'win32') {
        test('rows are lost without the protection (RUNSTORE_POSIX_LOCKS=1)', () => {
          const [acknowledged, there] = acknowledgedAndThere('1');
          assert.equal(acknowledged, 27);
          assert.ok(there < 27, `${there} of ${acknowledged} rows are there`);
        });
      }
    });
  });
}

function discard(path) {
  for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
}

/** Goes on with a stress of our own until the others are done. */
async function stressWhile(others, options) {
  const stress = new Stress({ prefix: 'own', ...options });
  let done = false;
  const finished = others.finally(() => {
    done = true;
  });
  while (!done) {
    stress.run(20);
    await new Promise(setImmediate);
  }
  stress.closeAll();
  await finished;
  return stress.acknowledged;
}

async function inProcess(...args) {
  const { stdout } = await promisify(execFile)(process.execPath, [script('beside.mjs'), ...args.map(String)], {
    maxBuffer: 64 << 20,
  });
  return JSON.parse(stdout);
}

function inWorker(workerData) {
  return new Promise((resolve, reject) => {
    const worker = new Worker(script('beside.mjs'), { workerData });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}
