import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onEveryConnection } from './support/conformance.mjs';
import { uuidV7 } from './support/data.mjs';

onEveryConnection((open) => {
  test('createPrompt returns the row of the first version', (t) => {
    const store = open(t);
    const before = Date.now();
    const prompt = store.createPrompt('judge', 'Is it right?');
    assert.deepEqual(Object.keys(prompt), ['id', 'name', 'version', 'content', 'created_at']);
    assert.match(prompt.id, uuidV7);
    assert.deepEqual([prompt.name, prompt.version, prompt.content], ['judge', 1, 'Is it right?']);
    assert.ok(prompt.created_at >= before && prompt.created_at <= Date.now());
    assert.deepEqual(store.getPrompt(prompt.id), prompt);
  });

  test('versions count from 1 for each name, which is compared exactly', (t) => {
    const store = open(t);
    const versions = ['judge', 'judge', 'Judge', 'judge', 'other', ''].map(
      (name) => store.createPrompt(name, 'x').version,
    );
    assert.deepEqual(versions, [1, 2, 1, 3, 1, 1]);
  });

  test('the number of a deleted newest version is used again, that of an older one is not', (t) => {
    const store = open(t);
    const [first, , third] = [1, 2, 3].map(() => store.createPrompt('judge', 'x'));
    store.deletePrompt(third.id);
    assert.equal(store.createPrompt('judge', 'y').version, 3);
    store.deletePrompt(first.id);
    assert.equal(store.createPrompt('judge', 'z').version, 4);
  });

  test('listPrompts sorts by name without regard to the case of ASCII letters, newest version first', (t) => {
    const store = open(t);
    assert.deepEqual(store.listPrompts(), []);
    // What is equal then stays in the order in which it was saved.
    for (const name of ['b', 'A', 'é', 'a', 'É', 'B', 'a', 'A']) store.createPrompt(name, 'x');
    assert.deepEqual(
      store.listPrompts().map(({ name, version }) => name + version),
      ['a2', 'A2', 'A1', 'a1', 'b1', 'B1', 'É1', 'é1'],
    );
  });

  test('getLatestPrompt returns the newest version of exactly this name', (t) => {
    const store = open(t);
    store.createPrompt('judge', 'one');
    const second = store.createPrompt('judge', 'two');
    store.createPrompt('Judge', 'other');
    assert.deepEqual(store.getLatestPrompt('judge'), second);
    assert.equal(store.getLatestPrompt('JUDGE'), undefined);
  });

  test('getPromptVersion returns one version of exactly this name', (t) => {
    const store = open(t);
    const [first, second] = ['one', 'two'].map((content) => store.createPrompt('judge', content));
    assert.deepEqual(store.getPromptVersion('judge', 1), first);
    assert.deepEqual(store.getPromptVersion('judge', 2), second);
    assert.equal(store.getPromptVersion('judge', 3), undefined);
    assert.equal(store.getPromptVersion('other', 1), undefined);
  });

  test('getPromptVersion takes whole numbers from 1', (t) => {
    const store = open(t);
    for (const version of [0, -1, 1.5, Number.NaN]) {
      assert.throws(() => store.getPromptVersion('judge', version), { name: 'RangeError', message: /version/ });
    }
    for (const version of ['1', null, undefined]) {
      assert.throws(() => store.getPromptVersion('judge', version), { name: 'TypeError', message: /version/ });
    }
  });

  test('deletePrompt deletes one version; an unknown id changes nothing', (t) => {
    const store = open(t);
    const [first, second] = ['one', 'two'].map((content) => store.createPrompt('judge', content));
    assert.equal(store.deletePrompt(second.id), undefined);
    for (const id of ['no such id', null]) assert.equal(store.deletePrompt(id), undefined);
    assert.deepEqual(store.listPrompts(), [first]);
    assert.equal(store.getPrompt(second.id), undefined);
    assert.equal(store.getPrompt(null), undefined);
  });

  test('content is kept exactly, and createPrompt returns what is kept', (t) => {
    const store = open(t);
    for (const content of ['', 'a\0b', '€😀\r\n', 'x'.repeat(1_000_000)]) {
      const prompt = store.createPrompt('p', content);
      assert.equal(prompt.content, content);
      assert.equal(store.getPrompt(prompt.id).content, content);
    }
    const prompt = store.createPrompt('a\ud800', 'b\udc00');
    assert.deepEqual([prompt.name, prompt.content], ['a\ufffd', 'b\ufffd']);
    assert.deepEqual(store.getPrompt(prompt.id), prompt);
  });
});
