// Runs the tests of writers, crashes, power cuts, faults and hostile input for many more rounds than `npm test` does, and
// prints what they did.
//
//   node scripts/test-long.mjs                        twenty times as many rounds
//   node scripts/test-long.mjs 100                    a hundred times as many
//   node scripts/test-long.mjs 100 --only power_cuts  of one part (may be given several times)
//   node scripts/test-long.mjs --write                and records the figures in tests/reliability.json and the table

import { parseArgs } from 'node:util';
import { projectDirectory } from '../__test__/support/reference-packages.mjs';
import { installReferencePackages } from './install-reference-packages.mjs';
import { writeDocument } from './mutants/document.mjs';
import { figuresOfCargo, figuresOfNode } from './mutants/figures.mjs';
import { readRecord, today, writeRecord } from './mutants/list.mjs';
import { run } from './mutants/run.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { only: { type: 'string', multiple: true }, write: { type: 'boolean' } },
});
const [times = '20'] = positionals;

const RUST = ['writers', 'migration_failures', 'crashes', 'power_cuts', 'faults', 'operations'];
const NODE = ['processes', 'writers', 'two-copies', 'hostile-files', 'packing-properties'];

/** Seconds; long enough for any number of rounds. */
const TIMEOUT = 24 * 60 * 60;

// Properties have a variable of their own, whose default is 256.
const env = { RUNSTORE_ROUNDS: times, PROPTEST_CASES: String(256 * Number(times)) };

async function main() {
  const parts = [...RUST.map((name) => [name, testRust]), ...NODE.map((name) => [`${name}.test.mjs`, testNode])];
  const chosen = parts.filter(([name]) => values.only?.includes(name.replace('.test.mjs', '')) ?? true);
  if (chosen.length === 0) return fail(`no part is called ${values.only}`);
  if (!(Number(times) > 0 && Number.isInteger(Number(times)))) return fail(`${times} is not a number of times`);
  if (chosen.some(([, test]) => test === testNode)) await prepareNode();
  let figures = {};
  for (const [name, test] of chosen) figures = { ...figures, ...(await timed(name, () => test(name))) };
  for (const [test, found] of Object.entries(figures)) console.log(`${test}: ${found}`);
  if (values.write && process.exitCode === undefined) note(figures);
}

function fail(message) {
  console.error(message);
  process.exitCode = 1;
}

async function prepareNode() {
  await installReferencePackages();
  const { code, stdout, stderr } = await runHere('npm', ['run', 'build']);
  if (code !== 0) throw new Error(`the addon cannot be built: ${stdout}${stderr}`);
}

async function timed(name, test) {
  const start = Date.now();
  console.error(`${name}, ${times} times as many rounds as usual …`);
  const { code, stdout, stderr, figures } = await test();
  const seconds = ((Date.now() - start) / 1000).toFixed(0);
  console.error(`${name}: ${code === 0 ? 'passed' : 'FAILED'} (${seconds} s)`);
  if (code !== 0) fail(stdout + stderr);
  return figures;
}

async function testRust(target) {
  const args = ['test', '--profile', 'long', '--no-default-features', '--no-fail-fast', '--test', target];
  const ended = await runHere('cargo', [...args, '--', '--show-output']);
  return { ...ended, figures: figuresOfCargo(target, ended.stdout) };
}

async function testNode(name) {
  const file = `__test__/${name}`;
  const reporter = '--test-reporter=./scripts/mutants/report-outcomes.mjs';
  const ended = await runHere(process.execPath, ['--disable-warning=ExperimentalWarning', '--test', reporter, file]);
  return { ...ended, figures: figuresOfNode(file, ended.stdout) };
}

const runHere = (program, args) => run(program, args, { cwd: projectDirectory, env, timeout: TIMEOUT });

function note(figures) {
  const record = readRecord();
  for (const [test, found] of Object.entries(figures)) {
    record.longFigures[test] = `${found} (${times} times the usual rounds, ${today()})`;
  }
  writeRecord(record);
  writeDocument();
}

await main();
