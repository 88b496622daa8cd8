// The cache of the runs that the live page has read.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PromiseCache } from '../lib/page/promise-cache.js';

/** A function that resolves with what it was made for, and counts its calls. */
function making(value) {
  const make = () => {
    make.calls++;
    return Promise.resolve(value);
  };
  make.calls = 0;
  return make;
}

test('a value is made once, and by the same promise for all who ask', async () => {
  const cache = new PromiseCache(2);
  const make = making('a');
  const [one, other] = [cache.get('a', make), cache.get('a', make)];
  assert.equal(one, other);
  assert.equal(await one, 'a');
  assert.equal(make.calls, 1);
});

test('the least recently used value is evicted, and said to be', async () => {
  const evicted = [];
  const cache = new PromiseCache(2, { evicted: (value) => evicted.push(value) });
  const a = cache.get('a', making('a'));
  const b = cache.get('b', making('b'));
  cache.get('a', making('unused'));
  cache.get('c', making('c'));
  assert.deepEqual(evicted, [b]);
  assert.equal(cache.get('a', making('unused')), a);
  assert.deepEqual(
    cache.entries().map(([key]) => key),
    ['c', 'a'],
  );
});

test('what could not be made is made again', async () => {
  const cache = new PromiseCache(2);
  await assert.rejects(
    cache.get('a', () => Promise.reject(new Error('busy'))),
    /busy/,
  );
  assert.equal(await cache.get('a', making('a')), 'a');
});

test('heavy values leave room for fewer others, and the last one stays whatever it weighs', async () => {
  const evicted = [];
  const cache = new PromiseCache(10, { evicted: (value) => evicted.push(value), weigh: ({ length }) => length });
  const long = cache.get('long', making('123456'));
  await long;
  const longer = cache.get('longer', making('12345678901'));
  await longer;
  await Promise.resolve();
  assert.deepEqual(evicted, [long]);
  assert.deepEqual(cache.entries(), [['longer', longer]]);
});
