// JavaScript can cut a text in the middle of a character, and writes the remaining half as an escape that other readers of
// JSON refuse. Rust reads such a text everywhere, with U+FFFD in place of the half.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { test } from 'node:test';
import { compare } from 'runstore/comparison';
import { onEveryConnection } from './support/conformance.mjs';
import { newCase, newRun } from './support/data.mjs';
import { projectDirectory } from './support/reference-packages.mjs';

const cut = '\ud83d';
const shown = '\ufffd';

const result = (idx, score, data) => ({ ...newCase(undefined, { idx, ...data }), scores: { exact: score } });

onEveryConnection((open) => {
  test('inputs with half a character are told apart, whatever the order of their keys', async (t) => {
    const store = open(t);
    const [before, after] = [await newRun(store), await newRun(store)];
    const inputs = [
      { text: cut, n: 1 },
      { text: '\ud83e', n: 1 },
      { text: shown, n: 1 },
    ];
    const turned = ({ text, n }) => ({ n, text });
    await store.saveResults(
      before,
      inputs.map((input, idx) => result(idx, 0, { input })),
    );
    await store.saveResults(
      after,
      inputs.map((input, idx) => result(2 - idx, 1, { input: turned(input) })),
    );
    assert.equal((await store.getRunReport(before)).exampleCount, 3);
    assert.equal((await compare(store, before, after)).coverage.both, 3);
  });

  test('values with half a character slice, and are found', async (t) => {
    const store = open(t);
    const suiteId = (await store.createSuite('suite')).id;
    const text = `smile ${cut}`;
    const data = { metadata: { tags: [text], kind: text }, input: { kind: text } };
    const runs = [];
    for (const score of [0, 1]) {
      runs.push(await newRun(store, { suite_id: suiteId, tags: [text] }));
      await store.saveResults(runs.at(-1), [result(0, score, data)]);
    }
    for (const sliceBy of ['metadata.kind', 'input.kind', 'metadata.tags']) {
      const { slices } = await compare(store, ...runs, { sliceBy });
      assert.deepEqual(
        slices.map(({ value }) => value),
        [`smile ${shown}`],
      );
    }
    assert.deepEqual(Object.keys((await store.getRunReport(runs[0])).tags), [`smile ${shown}`]);
    assert.equal((await store.queryRuns({ tag: text })).runs.length, 2);
    assert.equal((await store.queryRuns({ search: cut })).runs.length, 0);
  });

  test('metrics with half a character in their names are averaged', async (t) => {
    const store = open(t);
    const id = await newRun(store);
    await store.saveTrajectories(id, [
      { benchmark: 'b', idx: 0, reward: 1, turns: [], metrics: { [cut]: 1, steps: 3 } },
      { benchmark: 'b', idx: 1, reward: 0, turns: [], metrics: { steps: 5 } },
    ]);
    assert.deepEqual((await store.getBenchmarkResult(id, 'b')).metrics, { [shown]: 1, steps: 4 });
  });
});

test('stored JSON is read by src/json.rs alone', () => {
  const folders = ['src', 'crates'].flatMap((folder) =>
    readdirSync(join(projectDirectory, folder), { recursive: true }).map((file) => posix.join(folder, file)),
  );
  // The fields of tinker's files are read from JSON that was made whole before.
  // The scores of a frame keep their metadata as it is written.
  const isExempt = /^src\/json\.rs$|tinker\/fields\.rs$|tools\/src\/frame\.rs$/;
  const sources = folders.filter((file) => /^(src|crates\/[^/]+\/src)\/.*\.rs$/.test(file) && !isExempt.test(file));
  // Whether a text is JSON at all, and parts that are not decoded, need no such reader.
  const isHarmless = /IgnoredAny|RawValue>|RawValue>?>? =|whole\(/;
  const reading = sources.filter((file) =>
    readFileSync(join(projectDirectory, file), 'utf8')
      .split('\n')
      .some((line) => /serde_json::from_(str|slice|reader)/.test(line) && !isHarmless.test(line)),
  );
  assert.deepEqual(reading, []);
});
