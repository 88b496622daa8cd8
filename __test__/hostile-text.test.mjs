// Text that means something to SQL, to a file system, to a terminal or to JavaScript is text like any other: every field
// returns it unchanged, and it has no effect. The expected value is the given one.

import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { RunStore } from 'runstore';
import { onEveryConnection } from './support/conformance.mjs';
import { newPath, openStore, temporaryDirectory } from './support/connections.mjs';
import { newCase, newCases, newRun } from './support/data.mjs';
import { openBetterSqlite3 } from './support/reference-packages.mjs';

const everyCharacter = String.fromCharCode(...Array.from({ length: 0x300 }, (_, code) => code));

const hostile = {
  'a path upwards': '../../../../tmp/owned',
  'an absolute path': '/etc/passwd',
  'the name of a device': 'CON.txt:stream',
  NUL: 'before\0after',
  'line breaks': 'a\nb\r\nc\u2028d',
  'what a terminal obeys': '\x1b[2J\x1b]0;title\x07\x9b31m\x1b]8;;http://x\x1b\\',
  'another direction of writing': '\u202egnp.exe\u2066',
  'the end of a statement': `'); DROP TABLE scores; DELETE FROM cases; --`,
  'a quoted name': `" OR ""="`,
  'a union': `x' UNION SELECT id, id, id FROM suites --`,
  'a parameter': '?1 :name @name $name',
  'what LIKE and GLOB understand': '%_*[a-z]\\',
  'a format': '%s%n%x #{7*7} {{7*7}} {0}',
  markup: '"><script>alert(1)</script><!--',
  'a formula': `=cmd|'/C calc'!A0`,
  'a name of the prototype': '__proto__',
  'a method of every object': 'hasOwnProperty',
  'JSON that goes on': '"],[{"a":',
  'every character up to U+02FF': everyCharacter,
  'a hundred thousand characters': 'x€'.repeat(50_000),
};

/** A text as an own key of an object, also where it is `__proto__`. */
const keyed = (text) => JSON.parse(`{${JSON.stringify(text)}:${JSON.stringify(text)}}`);

onEveryConnection((open) => {
  for (const [what, text] of Object.entries(hostile)) {
    test(`${what} comes back from every field`, async (t) => {
      const store = open(t);
      const suite = await store.createSuite(text);
      const value = keyed(text);
      const run = { id: text, suite_id: suite.id, name: text, model: text, tags: [text] };
      assert.equal(await store.createRun({ ...run, config: value, metadata: value }), text);
      const other = await newRun(store, { suite_id: suite.id });
      await store.saveCases(newCases(other, 2));

      const score = { scorer_name: text, score: 0, reason: text, metadata: value, answer: text };
      const fields = { key: text, benchmark: text, cluster: text, metadata: value };
      const content = { idx: 0, input: value, expected: text, output: text, error: text, ...fields };
      assert.deepEqual(await store.saveResults(text, [{ id: text, ...content, scores: [{ id: text, ...score }] }]), [
        text,
      ]);
      await store.createPrompt(text, text);
      await store.setBaseline(suite.id, text, text);

      assert.equal((await store.findSuiteByName(text)).id, suite.id);
      const { id, suite_id, name, model, tags, config, metadata } = await store.getRun(text);
      assert.deepEqual({ id, suite_id, name, model, tags }, run);
      assert.deepEqual([config, metadata], [value, value]);
      assert.equal(await store.getLatestCompletedRun(suite.id, text), undefined);
      const [row, ...more] = await store.getCases(text);
      assert.deepEqual(more, []);
      const numbers = { latency_ms: null, tokens_in: null, tokens_out: null };
      assert.deepEqual(row, { id: text, run_id: text, ...numbers, ...content });
      assert.deepEqual(await store.getFailingCases(text), [{ ...row, scores: [score] }]);
      assert.deepEqual(Object.entries((await store.getRunSummary(text)).meanScores), [[text, 0]]);
      const { name: promptName, content: promptContent } = await store.getLatestPrompt(text);
      assert.deepEqual([promptName, promptContent], [text, text]);
      assert.equal((await store.getBaseline(suite.id, text)).run_id, text);

      await store.renameRun(text, 'renamed');
      await store.deleteRun(text);
      assert.equal(await store.getRun(text), undefined);
      assert.equal(await store.countCases(other), 2);
      assert.equal({}.polluted, undefined);
    });
  }
});

test('an id that looks like a path creates no file', (t) => {
  const directory = temporaryDirectory(t);
  const store = openStore(t, join(directory, 'a/b/store.db'));
  const runId = newRun(store, { id: '../../escaped' });
  store.saveCases([newCase(runId, { id: '../escaped' })]);
  store.close();
  assert.deepEqual(readdirSync(directory, { recursive: true }).sort(), ['a', 'a/b', 'a/b/store.db']);
});

test('error messages contain no control sequences and no line breaks', (t) => {
  const path = join(temporaryDirectory(t), 'evil\x1b[2J\nfile.db');
  const store = openStore(t, path);
  const runId = newRun(store);
  const id = hostile['what a terminal obeys'] + hostile['line breaks'] + hostile['another direction of writing'];
  const kind = { constructor: { name: id } };
  const refused = [
    () => store.saveCases([newCase(runId, { id }), newCase(runId, { id })]),
    () => store.saveCases([newCase(id)]),
    () => store.createRun({ suite_id: id, name: 'n', model: 'm' }),
    () => store.createSuite(kind),
    () => store.finishRun(runId, id),
    () => new RunStore(dirname(path).concat('/evil\x1b[2J\nfile.db/below')),
  ];
  for (const action of refused) {
    assert.throws(action, ({ code, message }) => {
      assert.match(code, /^ERR_RUNSTORE_/);
      assert.doesNotMatch(message, /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u);
      return true;
    });
  }
});

test('the message of an error does not grow with the id that it quotes, and names the file all the same', (t) => {
  const path = newPath(t);
  const store = openStore(t, path);
  const huge = 'x'.repeat(1_000_000);
  assert.throws(
    () => store.saveCases([newCase(huge)]),
    ({ message }) => {
      assert.ok(message.length < 5000, `${message.length} characters`);
      assert.ok(message.startsWith('saveCases: cases[0]: there is no run') && message.endsWith(`(in ${path})`));
      return true;
    },
  );
});

test('bytes that are not UTF-8, in every text column, are read as U+FFFD', (t) => {
  const path = newPath(t);
  const store = openStore(t, path);
  const runId = newRun(store);
  const scores = [{ scorer_name: 's', score: 0, reason: 'r', answer: 'a' }];
  store.saveResults(runId, [{ ...newCase(undefined, { id: 'c', error: 'e', key: 'k', cluster: 'c' }), scores }]);
  store.createPrompt('p', 'content');
  const db = openBetterSqlite3(path);
  t.after(() => db.close());
  const invalid = `CAST(x'61ff62f0288c' AS TEXT)`;
  db.exec(`UPDATE suites SET name = ${invalid}; UPDATE runs SET name = ${invalid}, model = ${invalid};
    UPDATE cases SET output = ${invalid}, error = ${invalid}, key = ${invalid}, cluster = ${invalid};
    UPDATE scores SET scorer_name = ${invalid}, reason = ${invalid}, answer = ${invalid};
    UPDATE prompts SET content = ${invalid};`);
  // Three pieces that begin no character, as the Encoding Standard counts them: ff, f0, and 8c behind a "(".
  const shown = 'a\ufffdb\ufffd(\ufffd';
  assert.equal(new TextDecoder().decode(Uint8Array.of(0x61, 0xff, 0x62, 0xf0, 0x28, 0x8c)), shown);
  assert.equal(store.listSuites()[0].name, shown);
  assert.deepEqual([store.getRun(runId).name, store.listRuns()[0].model], [shown, shown]);
  const [row] = store.getFailingCases(runId);
  assert.deepEqual([row.output, row.error, row.key, row.cluster], [shown, shown, shown, shown]);
  assert.deepEqual(row.scores, [{ scorer_name: shown, score: 0, reason: shown, answer: shown }]);
  assert.deepEqual(Object.keys(store.getRunSummary(runId).meanScores), [shown]);
  assert.equal(store.listPrompts()[0].content, shown);
});
