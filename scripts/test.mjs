// Runs all tests, after the build, and ends with one line: N passed, N failed.
//
//   node scripts/test.mjs                      everything
//   node scripts/test.mjs --only node20        one part: node20, node24, rust (may be given several times)
//   node scripts/test.mjs two-copies           test files whose name contains this (or one of several), on each Node
//
// A part in which no test ran counts as failed, unless files were chosen. On a Node that has node:sqlite itself, node20
// and node24 are one.

import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { nodeSqlite, nodeWithSqlite, projectDirectory } from '../__test__/support/peers.mjs';
import { installPeers } from './install-peers.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { only: { type: 'string', multiple: true } },
});

const parts = {
  node20: () => (nodeSqlite ? undefined : testOnNode(process.execPath)),
  node24: () => testOnNode(nodeWithSqlite()),
  rust: async () => add(await cargoTest('--workspace'), await cargoTest('--no-default-features')),
};

async function main() {
  const chosen = values.only ?? (positionals.length > 0 ? ['node20', 'node24'] : Object.keys(parts));
  const unknown = chosen.filter((name) => !Object.hasOwn(parts, name));
  if (unknown.length > 0) return fail(`no part is called ${unknown}: there are ${Object.keys(parts).join(', ')}`);
  if (chosen.some((name) => name.startsWith('node'))) await installPeers();
  let total = { passed: 0, failed: 0 };
  for (const name of chosen) total = add(total, await runPart(name));
  console.log(`${total.passed} passed, ${total.failed} failed`);
  process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
}

function fail(message) {
  console.error(message);
  process.exitCode = 2;
}

async function runPart(name) {
  const start = Date.now();
  const counts = await parts[name]();
  if (counts === undefined) return { passed: 0, failed: 0 };
  if (counts.passed + counts.failed === 0 && positionals.length === 0) {
    console.log(`\n${name}: no test ran`);
    counts.failed = 1;
  }
  const skipped = counts.skipped ? `, ${counts.skipped} skipped` : '';
  console.log(
    `\n${name}: ${counts.passed} passed, ${counts.failed} failed${skipped} (${((Date.now() - start) / 1000).toFixed(1)} s)\n`,
  );
  return counts;
}

async function testOnNode(node) {
  const files = readdirSync(join(projectDirectory, '__test__'))
    .filter((file) => file.endsWith('.test.mjs') && isChosen(file))
    .map((file) => `__test__/${file}`);
  if (files.length === 0) return { passed: 0, failed: 0 };
  const directory = mkdtempSync(join(tmpdir(), 'runstore-test-'));
  const counted = join(directory, 'counts.json');
  try {
    const reporters = [
      ['--test-reporter=spec', '--test-reporter-destination=stdout'],
      ['--test-reporter=./scripts/count-tests.mjs', `--test-reporter-destination=${counted}`],
    ].flat();
    const { code } = await run(node, ['--disable-warning=ExperimentalWarning', '--test', ...reporters, ...files]);
    return withExitCode(JSON.parse(readFileSync(counted, 'utf8') || '{"passed":0,"failed":0}'), code);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

const isChosen = (file) => positionals.length === 0 || positionals.some((text) => file.includes(text));

async function cargoTest(...flags) {
  const { code, output } = await run('cargo', ['test', '--no-fail-fast', ...flags]);
  const results = [...output.matchAll(/^test result: .*?(\d+) passed; (\d+) failed/gm)];
  const counts = results.map(([, passed, failed]) => ({ passed: Number(passed), failed: Number(failed) }));
  const total = counts.reduce(add, { passed: 0, failed: 0 });
  if (total.passed + total.failed === 0) console.log(`${['cargo test', ...flags].join(' ')}: no test ran`);
  return withExitCode(total, total.passed > 0 ? code : 1);
}

/** A program that failed without naming a failed test (it did not compile, it crashed) has failed all the same. */
const withExitCode = (counts, code) => (code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts);

const add = (a, b) => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
  skipped: (a.skipped ?? 0) + (b.skipped ?? 0),
});

/** Runs a program, shows what it prints on stdout and returns it. */
function run(program, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: projectDirectory, stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      output += text;
      process.stdout.write(text);
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });
}

await main();
