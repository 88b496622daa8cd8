// The built package on Bun and Deno (both from npm), and on Node in the same way: in a user's project, by import and by
// require.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { bunBinary, denoBinary, nodeWithSqlite, projectDirectory } from './support/reference-packages.mjs';

const PROGRAMS = fileURLToPath(new URL('./runtimes/', import.meta.url));

const runtimes = {
  Bun: () => [bunBinary()],
  Deno: () => [denoBinary(), 'run', '--allow-all', '--no-lock'],
  Node: () => [nodeWithSqlite(), '--disable-warning=ExperimentalWarning'],
};

/** The symbols of an addon for Linux are listed by binutils, which come with a C compiler. */
const canListSymbols = process.platform === 'linux' && spawnSync('nm', ['--version']).status === 0;

const failingScore = { scorer_name: 'exact', score: 0, reason: 'no' };

const expected = {
  memory: {
    summary: {
      totalCases: 2,
      passCount: 1,
      failCount: 1,
      meanScores: { exact: 0.5 },
      totalLatencyMs: 300,
      totalTokensIn: 0,
      totalTokensOut: 0,
    },
    config: { t: 0 },
    status: 'completed',
    failing: [{ input: { of: 'Peru' }, output: 'Cuzco ✗', scores: [failingScore] }],
  },
  file: { written: 2, read: 2, left: [true, true], wal: false },
  iterated: [0, 1, 'France', { of: 'Peru' }],
  refused: [true, true, 'ERR_RUNSTORE_INVALID_ARGUMENT'],
  borrowed: { gone: true, kept: 'kept', rows: 1 },
};

test('the addons need nothing of Node but the Node-API, so that they also load in Electron', {
  skip: !canListSymbols,
}, () => {
  const addons = readdirSync(projectDirectory).filter((name) => name.endsWith('.node'));
  assert.deepEqual([...new Set(addons.map((name) => name.split('.')[0]))].sort(), ['runstore', 'runstore-tools']);
  for (const addon of addons) {
    const listed = spawnSync('nm', ['-D', '--undefined-only', join(projectDirectory, addon)], { encoding: 'utf8' });
    const symbols = listed.stdout.split('\n').map((line) => line.trim().split(/\s+/).at(-1));
    assert.ok(symbols.length > 10);
    assert.deepEqual(
      symbols.filter((symbol) => /v8|^uv_|node/.test(symbol) && !/^napi_/.test(symbol)),
      [],
      addon,
    );
  }
});

for (const [runtime, command] of Object.entries(runtimes)) {
  describe(`on ${runtime}`, () => {
    let project;

    before(() => {
      project = mkdtempSync(join(tmpdir(), 'runstore-runtimes-'));
      writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'user', dependencies: { runstore: '*' } }));
      mkdirSync(join(project, 'node_modules'));
      symlinkSync(projectDirectory, join(project, 'node_modules/runstore'), 'junction');
      cpSync(PROGRAMS, project, { recursive: true });
    });

    after(() => rmSync(project, { recursive: true, force: true }));

    for (const program of ['import.mjs', 'require.cjs']) {
      test(`a program works that uses the package as in ${program}`, () => {
        const [binary, ...args] = command();
        const { status, stdout, stderr } = spawnSync(binary, [...args, program], {
          cwd: project,
          encoding: 'utf8',
          timeout: 60_000,
        });
        assert.equal(status, 0, stderr);
        assert.deepEqual(JSON.parse(stdout), expected);
      });
    }
  });
}
