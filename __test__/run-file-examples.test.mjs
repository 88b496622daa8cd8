// The runs of the example evaluations are unchanged after the way from a store through a file into another store.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { exportRun, importRunFile, readRunFile, writeRunFile } from '../entries/report.js';
import { newPath, openStore, temporaryDirectory } from './support/connections.mjs';
import { everything } from './support/everything.mjs';
import { isFirstNode } from './support/first-node.mjs';
import { projectDirectory } from './support/reference-packages.mjs';
import { isShort } from './support/scope.mjs';

/** Each runs an example, and returns the path of its store. */
const EXAMPLES = {
  'quickstart.mjs': (t) => {
    const directory = temporaryDirectory(t);
    mkdirSync(join(directory, 'node_modules'));
    symlinkSync(projectDirectory, join(directory, 'node_modules/runstore'), 'junction');
    copyFileSync(join(projectDirectory, 'examples/quickstart.mjs'), join(directory, 'quickstart.mjs'));
    run('quickstart.mjs', [], { cwd: directory });
    return join(directory, '.evals/store.db');
  },
  'tic-tac-toe': (t) => {
    const path = newPath(t);
    run(join(projectDirectory, 'examples/tic-tac-toe/main.mjs'), [path]);
    return path;
  },
  'detect-languages': (t) => {
    const path = newPath(t);
    run(join(projectDirectory, 'examples/detect-languages/main.mjs'), [path]);
    return path;
  },
};

/** The packages of this example are installed with `npm run test:ci`, and by `npm run example`; it takes half a minute. */
const isHere = (name) =>
  name !== 'detect-languages' ||
  (!isShort && existsSync(join(projectDirectory, 'examples/detect-languages/node_modules/franc')));

function run(program, args, options = {}) {
  execFileSync(process.execPath, [program, ...args], { ...options, stdio: ['ignore', 'ignore', 'inherit'] });
}

if (isFirstNode) {
  describe('the runs of an example come back out of their files', () => {
    for (const [name, record] of Object.entries(EXAMPLES)) {
      const skip = isHere(name) ? false : 'its packages are not installed: npm run example';
      test(name, { skip }, (t) => {
        const store = openStore(t, record(t));
        const folder = `${newPath(t)}-results`;
        t.after(() => rmSync(folder, { recursive: true, force: true }));
        const runs = store.listRuns();
        assert.ok(runs.length > 0);
        for (const { id, suite_id } of runs) {
          const { path } = writeRunFile(store, id, { resultsDir: folder });
          const other = openStore(t, ':memory:');
          const [{ counts }] = importRunFile(other, path);
          assert.ok(counts.cases + counts.trajectories > 0);
          assert.deepEqual(everything(other, { id, suite_id }), everything(store, { id, suite_id }));
          assert.equal(exportRun(other, id, { format: 'jsonl' }), exportRun(store, id, { format: 'jsonl' }));
          const { file } = readRunFile(path);
          assert.deepEqual(readRunFile(writeRunFile(other, id, { resultsDir: folder }).path).file, file);
          other.close();
        }
      });
    }
  });
}
