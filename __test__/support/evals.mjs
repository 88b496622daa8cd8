// EvalStores for tests, created and read by tinker-cookbook itself.

import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { RunStoreError } from 'runstore';
import { projectDirectory } from './reference-packages.mjs';
import { startTinker } from './tinker.mjs';

/** Path of an EvalStore that tinker wrote, and of what tinker reads from it. */
export const fixture = join(projectDirectory, 'tests/fixtures/tinker');
export const none = { count: 0, first: [] };

let tinker;

/** Starts the real EvalStore for the tests of a file. */
export function useTinker() {
  before(() => {
    tinker = startTinker();
  });
  after(() => tinker.close());
}

/** Calls a method of the EvalStore in a folder. */
export const call = (path, method, args, options) => tinker.call(path, method, args, options);

const folders = (path) =>
  existsSync(path)
    ? readdirSync(path, { withFileTypes: true })
        .filter((one) => one.isDirectory())
        .map((one) => one.name)
    : [];
export const byIdx = (rows) => rows.toSorted((a, b) => a.idx - b.idx);

/** Returns everything that the real EvalStore reads from a folder. */
export async function everything(path) {
  const runs = {};
  for (const { run_id } of await call(path, 'list_runs')) {
    const run = { run: await call(path, 'read_run', [run_id]), summary: await call(path, 'read_summary', [run_id]) };
    run.names = await call(path, 'list_benchmarks', [run_id]);
    run.benchmarks = {};
    for (const name of new Set([...run.run.benchmarks, ...folders(join(path, 'runs', run_id))])) {
      const read = (options) => call(path, 'read_trajectories', [run_id, name], options);
      run.benchmarks[name] = {
        result: await call(path, 'read_result', [run_id, name]),
        all: byIdx(await read()),
        correct: byIdx(await read({ correct_only: true })),
        incorrect: byIdx(await read({ incorrect_only: true })),
        errors: byIdx(await read({ errors_only: true })),
      };
    }
    runs[run_id] = run;
  }
  return runs;
}

/** Creates a run with one benchmark in an EvalStore; returns the path of the file of its trajectories. */
export async function evalStore(path, lines, run_id = 'run') {
  await call(path, 'create_run', ['m', ['maze']], { run_id });
  mkdirSync(join(path, 'runs', run_id, 'maze'));
  const file = join(path, 'runs', run_id, 'maze', 'trajectories.jsonl');
  writeFileSync(file, lines);
  return file;
}

/** A line of that file. */
export const line = (idx, data = {}) => JSON.stringify({ idx, benchmark: 'maze', ...data });

/** Returns a check for `assert.throws`: the error has this code, and its message matches. */
export const refused = (code, message) => (error) => {
  assert.ok(error instanceof RunStoreError, String(error));
  assert.equal(error.code, `ERR_RUNSTORE_${code}`, error.message);
  assert.match(error.message, message);
  return true;
};
