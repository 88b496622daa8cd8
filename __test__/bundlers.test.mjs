// A bundled program of a user, as docs/runtimes.md says to bundle it.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryDirectory } from './support/connections.mjs';
import { isFirstNode } from './support/first-node.mjs';
import { projectDirectory } from './support/reference-packages.mjs';
import { isShort } from './support/scope.mjs';

const PROGRAM = `import { RunStore } from 'runstore';
import { gate } from 'runstore/comparison';

const store: RunStore<string> = new RunStore(':memory:');
const { id } = store.createSuite('capitals');
console.log(typeof gate, store.listSuites()[0].id === id);
`;

if (isFirstNode && !isShort) {
  for (const format of ['cjs', 'esm']) {
    test(`a program that esbuild has bundled as ${format}, with runstore as external, works`, async (t) => {
      const { build } = await import('esbuild');
      const project = temporaryDirectory(t);
      mkdirSync(join(project, 'node_modules'));
      symlinkSync(projectDirectory, join(project, 'node_modules/runstore'), 'junction');
      writeFileSync(join(project, 'program.ts'), PROGRAM);
      const outfile = join(project, format === 'cjs' ? 'bundle.cjs' : 'bundle.mjs');
      const entryPoints = [join(project, 'program.ts')];
      await build({ entryPoints, outfile, format, bundle: true, platform: 'node', external: ['runstore'] });
      assert.equal(execFileSync(process.execPath, [outfile], { encoding: 'utf8' }), 'function true\n');
    });
  }
}
