// Projects of users, as docs/runtimes.md says to set them up: each installs its tools from npm and the tarball of this
// checkout, and runs its own command.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { temporaryDirectory } from './support/connections.mjs';
import { isFirstNode } from './support/first-node.mjs';
import { projectDirectory } from './support/reference-packages.mjs';
import { isShort } from './support/scope.mjs';

function run(directory, program, ...args) {
  return execFileSync(program, args, {
    cwd: directory,
    env: { ...process.env, CI: '1', NO_COLOR: '1', NEXT_TELEMETRY_DISABLED: '1' },
    shell: process.platform === 'win32',
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

if (isFirstNode && !isShort) {
  describe('a project works', () => {
    const directory = temporaryDirectory({ after });
    let tarball;

    before(() => {
      const [{ filename }] = Object.values(
        JSON.parse(run(projectDirectory, 'npm', 'pack', '--json', '--ignore-scripts', '--pack-destination', directory)),
      );
      tarball = join(directory, filename);
    });

    /** Copies a project, installs what it needs, and returns its directory. */
    function install(t, name) {
      const project = temporaryDirectory(t);
      cpSync(join(projectDirectory, '__test__/projects', name), project, { recursive: true });
      run(project, 'npm', 'install', '--no-audit', '--no-fund', tarball);
      return project;
    }

    for (const pool of ['threads', 'forks', 'vmThreads', 'vmForks']) {
      test(`whose vitest runs its files at once in ${pool}: all write to one file, under one suite`, (t) => {
        const project = install(t, 'vitest');
        run(project, 'npx', 'vitest', 'run', `--pool=${pool}`);
        assert.deepEqual(JSON.parse(run(project, process.execPath, 'check.mjs')), {
          suites: 1,
          runs: ['france completed 50', 'italy completed 50', 'peru completed 50'],
        });
      });
    }

    test('whose Jest compares what a store returns by toStrictEqual', (t) => {
      run(install(t, 'jest'), 'npx', 'jest');
    });

    test('that webpack bundles, with runstore and its entries as externals', (t) => {
      const project = install(t, 'webpack');
      run(project, 'npx', 'webpack');
      assert.equal(run(project, process.execPath, 'dist/main.js'), 'function webpack\n');
    });

    test('that Rollup bundles, with runstore and its entries as externals', (t) => {
      const project = install(t, 'rollup');
      run(project, 'npx', 'rollup', '-c');
      assert.equal(run(project, process.execPath, 'dist/main.js'), 'function rollup\n');
    });

    test('that Vite builds for Node, with runstore and its entries as externals', (t) => {
      const project = install(t, 'vite');
      run(project, 'npx', 'vite', 'build');
      assert.equal(run(project, process.execPath, 'dist/evaluate.js'), 'function vite\n');
    });

    test('that tsx runs from TypeScript', (t) => {
      assert.equal(run(install(t, 'tsx'), 'npx', 'tsx', 'evaluate.ts'), 'function 1\n');
    });

    test('of Next.js, whose server component opens a store, with runstore in serverExternalPackages', (t) => {
      const project = install(t, 'next');
      run(project, 'npx', 'next', 'build');
      assert.match(readFileSync(join(project, '.next/server/app/index.html'), 'utf8'), /<p>run next is running<\/p>/);
    });
  });
}
