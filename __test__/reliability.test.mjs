// docs/reliability.md, and the protections in its table. `npm run test:mutants` removes each protection, and expects its test to fail.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { generate } from '../scripts/mutants/document.mjs';
import { readProtections, readRecord } from '../scripts/mutants/list.mjs';
import { isFirstNode } from './support/first-node.mjs';
import { projectDirectory } from './support/reference-packages.mjs';

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

  test('docs/reliability.md has a row for each, and nothing else', () => {
    const document = read('docs/reliability.md');
    assert.equal(generate(document, protections, readRecord()), document, 'run "npm run docs"');
  });
}
