// The binding by itself: it refuses arguments that lib/ never passes.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';

const require = createRequire(import.meta.url);
const { NativeStore } = require('../lib/load.js');
const { fromNative } = require('../lib/errors.js');

test('an unknown onConflict is refused, not treated as the default', () => {
  const store = NativeStore.open(':memory:', false, 5000, false);
  const nothing = [Buffer.alloc(0), new Int32Array(0), new Float64Array(0), 0, 0, false];
  assert.throws(
    () => store.saveResults('run', 'overwrite', ...nothing),
    (error) => {
      const { code, message } = fromNative(error);
      assert.equal(code, 'ERR_RUNSTORE_INVALID_ARGUMENT');
      assert.match(message, /onConflict must be error, replace or ignore, not "overwrite"/);
      return true;
    },
  );
  store.close();
});
