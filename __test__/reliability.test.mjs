// docs/reliability.md, and the protections that `npm run test:mutants` takes out: that they can still be found.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { generate } from '../scripts/mutants/document.mjs';
import { edited, isRust, readProtections, readRecord } from '../scripts/mutants/list.mjs';
import { isFirstNode } from './support/first-node.mjs';
import { projectDirectory } from './support/peers.mjs';

const read = (file) => readFileSync(join(projectDirectory, file), 'utf8');

if (isFirstNode) {
  const protections = readProtections();

  test('each protection is named once', () => {
    const names = protections.map(({ name }) => name);
    assert.deepEqual(
      names.filter((name, at) => names.indexOf(name) !== at),
      [],
    );
    assert.ok(names.length > 50, `${names.length} protections`);
  });

  for (const { name, edits, test: kept } of protections) {
    test(`${name} can be taken out: each text to change is there exactly once, and its change is one`, () => {
      const texts = new Map(edits.map(({ file }) => [file, read(file)]));
      for (const edit of edits) {
        const before = texts.get(edit.file);
        texts.set(edit.file, edited(before, edit));
        assert.notEqual(texts.get(edit.file), before);
      }
      assert.ok(texts.size > 0);
    });

    test(`${name}: its test is there`, () => {
      assert.ok(existsSync(join(projectDirectory, kept.file)), kept.file);
      const [last] = kept.name.split('::').slice(-1);
      const declared = isRust(kept) ? `fn ${last}(` : kept.name;
      assert.ok(read(kept.file).includes(declared), `${kept.file} has no ${declared}`);
    });
  }

  test('docs/reliability.md has a row for each, and nothing else', () => {
    const document = read('docs/reliability.md');
    assert.equal(generate(document, protections, readRecord()), document, 'run "npm run docs"');
  });
}
