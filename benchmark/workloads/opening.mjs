/** Opening an existing file, up to and including the first answer, so that a lazy open gains nothing. */

import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { clocked } from '../pairing.mjs';
import { packageFile } from '../reference-packages.mjs';

const SIZE = 1000;

export const openWarm = {
  trial(subject, { calls }, variant, { fixtures }) {
    const { path } = fixtures.file(subject.name, SIZE, variant);
    const work = () => {
      for (let call = 0; call < calls; call++) {
        const { store, close } = subject.open(path);
        assert.equal(store.listSuites().length, 1);
        close();
      }
    };
    return { measure: () => clocked({ work }) / calls };
  },
  limit: (row, { limit, fixtures }) => {
    const { path } = fixtures.file('runstore', SIZE, 'plain');
    return { measure: () => limit.ask({ op: 'open', path, calls: row.calls }) };
  },
};

const child = fileURLToPath(new URL('open-child.mjs', import.meta.url));

/** Import of the module, open and first answer, on the clock of a process that has done nothing else. */
export const openInFreshProcess = {
  trial(subject, _, variant, { fixtures, options }) {
    const { path } = fixtures.file(subject.name, SIZE, variant);
    const module = {
      reference: packageFile('@deepagents/evals/dist/store/index.js'),
      'better-sqlite3': packageFile('better-sqlite3/lib/index.js'),
      runstore: options.module,
    }[subject.name];
    const program = ['--no-warnings', child, subject.name, module, path];
    return { measure: () => Number(execFileSync(process.execPath, program)) };
  },
};
