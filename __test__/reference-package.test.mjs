// The whole of @deepagents/evals (evaluate, runEval, the reporters, compareRuns) on a runstore RunStore: the same results
// as on its own store. It needs node:sqlite: Node 24.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { nodeSqlite } from './support/reference-packages.mjs';

const EVALUATION = fileURLToPath(new URL('./reference-package/evaluation.mjs', import.meta.url));

async function evaluateOn(store) {
  const { stdout } = await promisify(execFile)(process.execPath, [EVALUATION, store], { maxBuffer: 256 << 20 });
  return JSON.parse(stdout);
}

if (nodeSqlite) {
  describe('@deepagents/evals', () => {
    let expected;

    before(async () => {
      expected = await evaluateOn('reference');
    });

    test('evaluates on its own store as it should (or the comparison means nothing)', () => {
      const { results, stored, files } = expected;
      const { totalCases, passCount, failCount } = results['one model'].value;
      assert.deepEqual({ totalCases, passCount, failCount }, { totalCases: 8, passCount: 2, failCount: 6 });
      assert.equal(results.asserted.error.name, 'EvalAssertionError');
      assert.equal(results['two models'].value.length, 2);
      assert.equal(results['a scorer that throws'].error.message, 'no judge');
      assert.equal(stored.runs.length, 12);
      assert.deepEqual(new Set(stored.runs.map(({ status }) => status)), new Set(['completed', 'failed']));
      assert.equal(files.length, 6 * 5 + 4 * 3); // the models' runs are reported by three reporters, the others by four, one of which has two files
    });

    for (const store of ['a file', 'memory', 'a DatabaseSync', 'a better-sqlite3 Database']) {
      describe(`on runstore with ${store}`, () => {
        let actual;

        before(async () => {
          actual = await evaluateOn(store);
        });

        for (const part of ['results', 'printed', 'stored']) {
          test(`has the same ${part}`, () => assert.deepEqual(actual[part], expected[part]));
        }

        test('writes as many report files, and the same in them', () => {
          const names = ({ files }) => files.map(([name]) => name);
          assert.deepEqual(names(actual), names(expected));
          assert.deepEqual(actual.files, expected.files);
        });
      });
    }
  });
}
