// The values that a case may have, and how they are read back. Expected values are those of JSON.stringify and JSON.parse.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onEveryConnection } from './support/conformance.mjs';
import { newCase, newRun } from './support/data.mjs';

/** Saves one case for each set of fields and returns the rows. */
async function roundTrip(store, fields) {
  const run_id = await newRun(store);
  await store.saveCases(fields.map((set, idx) => newCase(run_id, { idx, ...set })));
  return store.getCases(run_id);
}

const ownProto = JSON.parse('{"__proto__":{"polluted":true},"a":1}');

const jsonValues = {
  null: null,
  false: false,
  zero: 0,
  'the empty string': '',
  'an empty array': [],
  'an empty object': {},
  'a nested object': { a: [1, { b: [null, true, 'x'] }] },
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  'minus zero': { zero: -0 },
  'an own key __proto__': ownProto,
  'integer-like keys': { b: 1, 10: 'ten', 9: 'nine', a: 2 },
  'fields that are undefined, functions or symbols': { a: undefined, b: () => 1, c: Symbol('c'), d: 4 },
  'an array with holes': new Array(3),
  'a date': { at: new Date(1e12) },
  'boxed values': [Object(5), Object('five'), Object(false)],
  'a toJSON that looks at its key': { answer: { toJSON: (key) => `key ${key}` } },
  'lone surrogates': { '\ud800': '\udfff' },
  NUL: 'a\0b',
  'Latin-1': 'é ÿ',
  'characters above Latin-1': '€ 漢字',
  'characters of two code units': '😀',
  'what looks like JSON': '],["',
  'the largest integer that is safe': Number.MAX_SAFE_INTEGER,
  'an integer that is not safe': 2 ** 60,
  'a very small number': 5e-324,
};

onEveryConnection((open) => {
  test('input is any JSON value and is read back unchanged', async (t) => {
    const rows = await roundTrip(
      open(t),
      Object.values(jsonValues).map((input) => ({ input })),
    );
    Object.entries(jsonValues).forEach(([name, value], at) => {
      assert.equal(JSON.stringify(rows[at].input), JSON.stringify(JSON.parse(JSON.stringify(value))), name);
    });
  });

  test('expected is any JSON value, with null for nothing', async (t) => {
    const rows = await roundTrip(
      open(t),
      Object.values(jsonValues).map((expected) => ({ expected })),
    );
    Object.entries(jsonValues).forEach(([name, value], at) => {
      assert.equal(JSON.stringify(rows[at].expected), JSON.stringify(JSON.parse(JSON.stringify(value))), name);
    });
    assert.equal((await roundTrip(open(t), [{ expected: undefined }]))[0].expected, null);
  });

  test('a key __proto__ is an own key and changes no prototype', async (t) => {
    const [{ input }] = await roundTrip(open(t), [{ input: ownProto }]);
    assert.deepEqual(Object.keys(input), ['__proto__', 'a']);
    assert.equal(Object.getPrototypeOf(input), Object.prototype);
    assert.equal({}.polluted, undefined);
  });

  test('values with and without characters above Latin-1 do not change places', async (t) => {
    const fields = Array.from({ length: 700 }, (_, idx) => ({
      input: idx % 3 === 0 ? `€${idx}` : `é${idx}`,
      expected: idx % 7 === 0 ? [`漢${idx}`] : idx % 2 === 0 ? undefined : idx,
    }));
    const rows = await roundTrip(open(t), fields);
    assert.deepEqual(
      rows.map(({ input, expected }) => ({ input, expected })),
      fields.map(({ input, expected = null }) => ({ input, expected })),
    );
  });

  test('JSON nested a thousand deep works', async (t) => {
    let deep = 'bottom';
    for (let level = 0; level < 1000; level++) deep = [deep];
    assert.deepEqual((await roundTrip(open(t), [{ input: deep }]))[0].input, deep);
  });

  test('texts are kept exactly, and a lone surrogate becomes U+FFFD', async (t) => {
    const texts = ['', 'a\0b', '\ufeffx', 'a\r\nb', 'e\u0301', 'é', '€', '😀', '\u2028', '\x7f', '\u{10ffff}'];
    const rows = await roundTrip(
      open(t),
      texts.map((text) => ({ output: text, error: text })),
    );
    assert.deepEqual(
      rows.map(({ output, error }) => [output, error]),
      texts.map((text) => [text, text]),
    );
    assert.equal((await roundTrip(open(t), [{ output: 'a\ud800b\udc00' }]))[0].output, 'a\ufffdb\ufffd');
  });

  test('numbers are kept as they are', async (t) => {
    const numbers = [0, 1, -1, 0.1, 1.5, -2.25, 2 ** 31, 2 ** 53, 2 ** 60, 1e300, 5e-324, Infinity, -Infinity];
    const rows = await roundTrip(
      open(t),
      numbers.map((number) => ({ idx: number, latency_ms: number, tokens_in: number, tokens_out: number })),
    );
    const ascending = numbers.toSorted((a, b) => a - b);
    assert.deepEqual(
      rows.map(({ idx, latency_ms, tokens_in, tokens_out }) => [idx, latency_ms, tokens_in, tokens_out]),
      ascending.map((number) => [number, number, number, number]),
    );
  });

  test('minus zero becomes zero', async (t) => {
    const [{ idx, latency_ms }] = await roundTrip(open(t), [{ idx: -0, latency_ms: -0 }]);
    assert.ok(Object.is(idx, 0) && Object.is(latency_ms, 0));
  });

  test('latency and tokens may be null or NaN, which is null', async (t) => {
    for (const nothing of [null, Number.NaN]) {
      const [row] = await roundTrip(open(t), [{ latency_ms: nothing, tokens_in: nothing, tokens_out: nothing }]);
      assert.deepEqual([row.latency_ms, row.tokens_in, row.tokens_out], [null, null, null]);
    }
  });
});
