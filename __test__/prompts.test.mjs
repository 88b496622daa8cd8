import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onEveryConnection } from './support/conformance.mjs';
import { uuidV7 } from './support/data.mjs';

onEveryConnection((open) => {
  test('createPrompt returns the row of the first version', async (t) => {
    const store = open(t);
    const before = Date.now();
    const prompt = await store.createPrompt('judge', 'Is it right?');
    assert.deepEqual(Object.keys(prompt), ['id', 'name', 'version', 'content', 'created_at']);
    assert.match(prompt.id, uuidV7);
    assert.deepEqual([prompt.name, prompt.version, prompt.content], ['judge', 1, 'Is it right?']);
    assert.ok(prompt.created_at >= before && prompt.created_at <= Date.now());
    assert.deepEqual(await store.getPrompt(prompt.id), prompt);
  });

  test('versions count from 1 for each name, which is compared exactly', async (t) => {
    const store = open(t);
    const versions = await Promise.all(
      ['judge', 'judge', 'Judge', 'judge', 'other', ''].map(
        async (name) => (await store.createPrompt(name, 'x')).version,
      ),
    );
    assert.deepEqual(versions, [1, 2, 1, 3, 1, 1]);
  });

  test('the number of a deleted newest version is used again, that of an older one is not', async (t) => {
    const store = open(t);
    const [first, , third] = await Promise.all([1, 2, 3].map(() => store.createPrompt('judge', 'x')));
    await store.deletePrompt(third.id);
    assert.equal((await store.createPrompt('judge', 'y')).version, 3);
    await store.deletePrompt(first.id);
    assert.equal((await store.createPrompt('judge', 'z')).version, 4);
  });

  test('listPrompts sorts by name without regard to the case of ASCII letters, newest version first', async (t) => {
    const store = open(t);
    assert.deepEqual(await store.listPrompts(), []);
    // What is equal then stays in the order in which it was saved.
    for (const name of ['b', 'A', 'é', 'a', 'É', 'B', 'a', 'A']) await store.createPrompt(name, 'x');
    assert.deepEqual(
      (await store.listPrompts()).map(({ name, version }) => name + version),
      ['a2', 'A2', 'A1', 'a1', 'b1', 'B1', 'É1', 'é1'],
    );
  });

  test('getLatestPrompt returns the newest version of exactly this name', async (t) => {
    const store = open(t);
    await store.createPrompt('judge', 'one');
    const second = await store.createPrompt('judge', 'two');
    await store.createPrompt('Judge', 'other');
    assert.deepEqual(await store.getLatestPrompt('judge'), second);
    assert.equal(await store.getLatestPrompt('JUDGE'), undefined);
  });

  test('getPromptVersion returns one version of exactly this name', async (t) => {
    const store = open(t);
    const [first, second] = await Promise.all(['one', 'two'].map((content) => store.createPrompt('judge', content)));
    assert.deepEqual(await store.getPromptVersion('judge', 1), first);
    assert.deepEqual(await store.getPromptVersion('judge', 2), second);
    assert.equal(await store.getPromptVersion('judge', 3), undefined);
    assert.equal(await store.getPromptVersion('other', 1), undefined);
  });

  test('getPromptVersion takes whole numbers from 1', async (t) => {
    const store = open(t);
    for (const version of [0, -1, 1.5, Number.NaN]) {
      await assert.rejects(async () => store.getPromptVersion('judge', version), {
        name: 'RangeError',
        message: /version/,
      });
    }
    for (const version of ['1', null, undefined]) {
      await assert.rejects(async () => store.getPromptVersion('judge', version), {
        name: 'TypeError',
        message: /version/,
      });
    }
  });

  test('deletePrompt deletes one version; an unknown id changes nothing', async (t) => {
    const store = open(t);
    const [first, second] = await Promise.all(['one', 'two'].map((content) => store.createPrompt('judge', content)));
    assert.equal(await store.deletePrompt(second.id), undefined);
    for (const id of ['no such id', null]) assert.equal(await store.deletePrompt(id), undefined);
    assert.deepEqual(await store.listPrompts(), [first]);
    assert.equal(await store.getPrompt(second.id), undefined);
    assert.equal(await store.getPrompt(null), undefined);
  });

  test('content is kept exactly, and createPrompt returns what is kept', async (t) => {
    const store = open(t);
    for (const content of ['', 'a\0b', '€😀\r\n', 'x'.repeat(1_000_000)]) {
      const prompt = await store.createPrompt('p', content);
      assert.equal(prompt.content, content);
      assert.equal((await store.getPrompt(prompt.id)).content, content);
    }
    const prompt = await store.createPrompt('a\ud800', 'b\udc00');
    assert.deepEqual([prompt.name, prompt.content], ['a\ufffd', 'b\ufffd']);
    assert.deepEqual(await store.getPrompt(prompt.id), prompt);
  });
});
