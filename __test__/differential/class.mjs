// The shape of the class itself, against the reference's.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { RunStore } from 'runstore';
import { methodsOf } from '../support/methods.mjs';
import { ReferenceStore } from './sides.mjs';
import { methods, weights } from './signatures.mjs';

describe('the class RunStore', () => {
  test('has every method of the reference', () => {
    assert.equal(methodsOf(ReferenceStore).length, 23);
    const own = methodsOf(RunStore);
    assert.deepEqual(
      methodsOf(ReferenceStore).filter((name) => !own.includes(name)),
      [],
    );
    assert.equal(RunStore.length, ReferenceStore.length);
  });

  test('is compared in every method of the reference', () => {
    const named = methodsOf(ReferenceStore);
    assert.deepEqual([Object.keys(methods).sort(), Object.keys(weights).sort()], [named, named]);
  });

  test('shows nothing of itself: no own properties, {} as JSON', () => {
    const store = new RunStore(':memory:');
    assert.deepEqual(Reflect.ownKeys(store), []);
    assert.equal(JSON.stringify(store), '{}');
    store.close();
  });

  test('can be extended', () => {
    class Named extends RunStore {
      createSuite(name) {
        return super.createSuite(`my ${name}`);
      }
    }
    const store = new Named(':memory:');
    assert.equal(store.createSuite('suite').name, 'my suite');
    assert.ok(store instanceof RunStore);
    store.close();
  });

  for (const [name, Store] of Object.entries({ reference: ReferenceStore, runstore: RunStore })) {
    test(`throws a TypeError without new and for a detached method (${name})`, () => {
      const store = new Store(':memory:');
      for (const method of methodsOf(ReferenceStore)) {
        const detached = store[method];
        assert.throws(() => detached('a', 'completed'), TypeError, method);
      }
      assert.throws(() => Store(':memory:'), TypeError);
      store.close?.();
    });
  }
});
