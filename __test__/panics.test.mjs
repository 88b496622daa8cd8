import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryDirectory } from './support/connections.mjs';
import { projectDirectory } from './support/reference-packages.mjs';

const require = createRequire(import.meta.url);
const { NativeStore, provokePanic } = require('../binding.js');
const { fromNative } = require('../lib/errors.js');
const { RunStore, RunStoreError } = require('../index.js');

// What is published cannot be made to panic on purpose.
const skip = provokePanic === undefined && 'the addon is a release: npm run build:test makes one for tests';

test('a panic in Rust becomes an error, and the process continues', { skip }, () => {
  const caught = thrownBy(provokePanic);
  const error = fromNative(caught);
  assert.ok(error instanceof RunStoreError);
  assert.equal(error.code, 'ERR_RUNSTORE_INTERNAL');
  assert.match(error.message, /provoked/);
  assert.equal(new RunStore(':memory:').createSuite('after').name, 'after');
});

test("a panic on a store's own thread becomes an error, and the thread continues", { skip }, async () => {
  const store = NativeStore.openOnThread(':memory:', false, 5000, false);
  const error = fromNative(await store.provokePanic());
  assert.ok(error instanceof RunStoreError);
  assert.equal(error.code, 'ERR_RUNSTORE_INTERNAL');
  assert.match(error.message, /provoked/);
  assert.equal(JSON.parse(await store.createSuite('after')).name, 'after');
  await store.close();
});

test('a release refuses an addon that can be made to panic on purpose', { skip }, (t) => {
  const refusal = (pattern) => {
    const folder = temporaryDirectory(t);
    const addon = readdirSync(projectDirectory).find((name) => pattern.test(name));
    copyFileSync(join(projectDirectory, addon), join(folder, addon));
    const script = join(projectDirectory, 'scripts/refuse-test-addons.mjs');
    const { status, stderr } = spawnSync(process.execPath, [script, folder], { encoding: 'utf8' });
    return [status, stderr.includes(`${addon} was built for tests`)];
  };
  assert.deepEqual(refusal(/^runstore\..*\.node$/), [1, true]);
  assert.deepEqual(refusal(/^runstore-tools\..*\.node$/), [0, false]);
});

test('every function that crosses from JavaScript catches panics', () => {
  let exported = 0;
  for (const file of [...rustFilesIn('../src/binding/'), ...rustFilesIn('../crates/tools/src/')]) {
    for (const [attribute, options = ''] of readFileSync(file, 'utf8').matchAll(
      /^\s*#\[napi(?:\(([^)]*)\))?\]\s*(?:#\[[^\n]*\n\s*)*(?=pub fn)/gm,
    )) {
      exported++;
      assert.match(options, /catch_unwind/, `${file}: ${attribute.trim()}`);
    }
  }
  assert.ok(exported > 30, `${exported} functions seen`);
});

function rustFilesIn(path) {
  const folder = new URL(path, import.meta.url);
  const names = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.rs'));
  return names.map((name) => new URL(name, folder));
}

function thrownBy(action) {
  try {
    action();
  } catch (error) {
    return error;
  }
}
