// The buffers for packing rows are reused for the next rows, unless a huge row enlarged them.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { projectDirectory } from './support/reference-packages.mjs';

/** Three buffers, each of which may stay as large as 8 MiB. */
const KEPT = 24 * 2 ** 20;

/** Runs code in a process that can collect garbage; `held()` are the bytes in buffers, after a collection. */
function run(code) {
  const all = `
    const { RunStore } = require('runstore');
    const held = () => (gc(), gc(), process.memoryUsage().arrayBuffers);
    const store = new RunStore(':memory:');
    const suite = store.createSuite('s');
    const run = store.createRun({ suite_id: suite.id, name: 'n', model: 'm' });
    store.saveResults(run, [{ idx: 0, input: 0 }]);
    const before = held();
    ${code}`;
  return JSON.parse(execFileSync(process.execPath, ['--expose-gc', '-e', all], { cwd: projectDirectory }));
}

test('after a huge text, its room is given back', () => {
  const grown = run(`
    store.saveResults(run, [{ idx: 1, input: 0, output: 'x'.repeat(64 * 2 ** 20) }]);
    console.log(held() - before);`);
  assert.ok(grown <= KEPT, `${grown} bytes`);
});

test('after a row of very many parts, its room is given back', () => {
  const grown = run(`
    function* scores() {
      for (let n = 0; n < 1_500_000; n++) yield { scorer_name: 'exact', score: n };
      throw new Error('enough');
    }
    try {
      store.saveResults(run, [{ idx: 1, input: 0, scores: scores() }]);
    } catch (error) {
      if (error.message !== 'enough') throw error;
    }
    console.log(held() - before);`);
  assert.ok(grown <= KEPT, `${grown} bytes`);
});

test('the rows of the same call that follow a huge one do not keep its room', () => {
  const grown = run(`
    let grown;
    function* results() {
      yield { idx: 1, input: 0, output: 'x'.repeat(64 * 2 ** 20) };
      yield { idx: 2, input: 0 };
      grown = held() - before;
    }
    store.saveResults(run, results());
    console.log(grown);`);
  assert.ok(grown <= KEPT, `${grown} bytes`);
});
