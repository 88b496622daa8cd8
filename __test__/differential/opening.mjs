// What the constructor is given, against the reference: both open or both refuse, and the same files lie there.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { RunStore } from 'runstore';
import { attempt, kindOfError } from './outcome.mjs';
import { openStore, ReferenceStore } from './sides.mjs';

const NOT_A_DATABASE = 'this is not a database, but it is long enough to be taken for a header of one';

const opens = {
  'nothing, which means .evals/store.db': [],
  undefined: [undefined],
  null: [null],
  ':memory:': [':memory:'],
  'a file name': ['store.db'],
  'a path whose folders do not exist': ['a/b/c/store.db'],
  'a path that ends in a slash, which names a file': ['folder/'],
  'a name with spaces and signs': ['ü ?#%20&.db'],
  'a file: URI': ['file:uri.db'],
  'a file: URI in memory': ['file:uri?mode=memory'],
};

const refused = {
  'a number': [5],
  'an object': [{}],
  'a URL': [new URL('file:///tmp/a.db')],
  'a Buffer': [Buffer.from('a.db')],
  true: [true],
  'a path with a NUL': ['a\0b'],
  'a folder': ['a folder'],
  'a path below a file': ['not a database/store.db'],
  'a file that is no database': ['not a database'],
};

describe('the constructor', () => {
  const home = process.cwd();
  const { RUNSTORE_DB } = process.env;
  let directory;

  beforeEach(() => {
    // runstore reads it where no path is given.
    delete process.env.RUNSTORE_DB;
    directory = mkdtempSync(join(tmpdir(), 'runstore-opening-'));
  });

  afterEach(() => {
    process.chdir(home);
    if (RUNSTORE_DB !== undefined) process.env.RUNSTORE_DB = RUNSTORE_DB;
    rmSync(directory, { recursive: true, force: true });
  });

  /** Opens a store in a folder of its own and makes a suite. */
  function openIn(name, Store, args) {
    const folder = join(directory, name);
    mkdirSync(join(folder, 'a folder'), { recursive: true });
    writeFileSync(join(folder, 'not a database'), NOT_A_DATABASE);
    process.chdir(folder);
    const outcome = attempt(() => {
      const { store, handle } = openStore(Store, ...args);
      assert.equal(store.createSuite('opened').name, 'opened');
      store.close?.();
      handle?.close();
    });
    assert.equal(readFileSync('not a database', 'utf8'), NOT_A_DATABASE);
    return {
      error: outcome.error,
      kind: outcome.error && kindOfError(outcome.error),
      files: readdirSync('.', { recursive: true }).sort(),
    };
  }

  for (const [title, args] of Object.entries(opens)) {
    test(`opens ${title}`, () => {
      const expected = openIn('reference', ReferenceStore, args);
      const actual = openIn('runstore', RunStore, args);
      assert.equal(expected.error, undefined);
      assert.equal(actual.error, undefined);
      assert.deepEqual(actual.files, expected.files);
    });
  }

  for (const [title, args] of Object.entries(refused)) {
    test(`refuses ${title}`, () => {
      const expected = openIn('reference', ReferenceStore, args);
      const actual = openIn('runstore', RunStore, args);
      assert.ok(expected.error);
      assert.equal(actual.kind, expected.kind, actual.error?.stack);
      assert.match(actual.error.code, /^ERR_RUNSTORE_/);
      assert.deepEqual(actual.files, expected.files);
    });
  }

  test('refuses an empty path, which the reference takes for a file that is gone when the store is closed', () => {
    const expected = openIn('reference', ReferenceStore, ['']);
    const actual = openIn('runstore', RunStore, ['']);
    assert.equal(expected.error, undefined);
    assert.equal(actual.error.code, 'ERR_RUNSTORE_INVALID_ARGUMENT');
    assert.deepEqual(actual.files, expected.files);
  });
});
