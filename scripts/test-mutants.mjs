// Shows that the tests which docs/reliability.md names can fail: removes each protection of tests/mutants.json in a
// copy of the project, and expects its test, which passed before, to fail there.
//
//   node scripts/test-mutants.mjs                 all of them
//   node scripts/test-mutants.mjs --check         only checks that they still fit the sources: seconds
//   node scripts/test-mutants.mjs --only merge    those whose name contains this
//   node scripts/test-mutants.mjs --write         and records the results in tests/reliability.json and the table
//   node scripts/test-mutants.mjs --json          the results as JSON
//   node scripts/test-mutants.mjs --logs          also what the tests and the compiler wrote

import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { projectDirectory } from '../__test__/support/reference-packages.mjs';
import { installReferencePackages } from './install-reference-packages.mjs';
import { writeDocument } from './mutants/document.mjs';
import { misfits, readProtections, readRecord, today, writeRecord } from './mutants/list.mjs';
import { Tester } from './mutants/tester.mjs';
import { Tree } from './mutants/tree.mjs';

const { values } = parseArgs({
  options: {
    check: { type: 'boolean' },
    only: { type: 'string', multiple: true },
    write: { type: 'boolean' },
    json: { type: 'boolean' },
    logs: { type: 'boolean' },
  },
});

/** The possible outcomes; only the first is right. */
const SEEN = 'fails without it';
const WORDS = {
  unbuilt: 'does not compile',
  missing: 'no such test',
  failing: 'fails with it',
  blind: 'PASSES WITHOUT IT',
};

async function main() {
  const chosen = readProtections().filter(({ name }) => values.only?.some((text) => name.includes(text)) ?? true);
  if (chosen.length === 0) return fail(`no protection is called ${values.only}`);
  const stale = chosen.flatMap((one) => misfits(one).map((problem) => `${one.name}: ${problem}`));
  if (stale.length > 0) return fail(stale.join('\n'));
  if (values.check) return tell(`${chosen.length} protections fit the sources`);
  await installReferencePackages();
  const tree = new Tree(resolve(projectDirectory, process.env.CARGO_TARGET_DIR ?? 'target', 'protections'));
  mkdirSync(tree.directory, { recursive: true });
  tree.lock();
  tree.update();
  const tester = new Tester(tree);
  const before = await testAll(chosen, tester);
  const results = [];
  for (const [at, protection] of chosen.entries()) {
    const result = { name: protection.name, ...(await examine(protection, before[at], tree, tester)) };
    results.push(result);
    tell(`${at + 1}/${chosen.length} ${result.name}: ${words(result)}`);
    if (values.logs || result.verdict !== SEEN) tell(result.log ?? '');
  }
  print(results);
  if (values.write) note(results);
  process.exitCode = results.every(({ verdict }) => verdict === SEEN) ? 0 : 1;
}

function fail(message) {
  tell(message);
  process.exitCode = 2;
}

const tell = (line) => process.stderr.write(`${line}\n`);

/** Runs all tests with the protections, in one go, so that little is built. */
async function testAll(protections, tester) {
  const outcomes = [];
  for (const { name, test, timeout } of protections) {
    tell(`${name}, as it is …`);
    outcomes.push(await tester.test(test, { edits: [], timeout: timeout * 2 }));
  }
  return outcomes;
}

/** Checks that a test passed before, and runs it without the protection. */
async function examine({ edits, test, tries, timeout }, before, tree, tester) {
  const started = Date.now();
  const { figures, log } = before;
  if (before.unbuilt !== undefined) return { verdict: WORDS.unbuilt, log: before.unbuilt };
  if (before.ran === 0) return { verdict: WORDS.missing, log };
  if (before.failed > 0) return { verdict: WORDS.failing, log };
  const without = await tree.without(edits, () => repeated(tries, () => tester.test(test, { edits, timeout })));
  const seconds = Math.round((Date.now() - started) / 1000);
  return { ...judged(without), figures, seconds };
}

/** Runs a test until it fails, up to its number of tries. */
async function repeated(tries, test) {
  for (let at = 1; ; at++) {
    const outcome = await test();
    if (outcome.unbuilt !== undefined || outcome.failed > 0 || at === tries) return outcome;
  }
}

function judged({ unbuilt, ran, failed, how, log }) {
  if (unbuilt !== undefined) return { verdict: WORDS.unbuilt, log: unbuilt };
  if (ran === 0) return { verdict: WORDS.missing, log };
  return { verdict: failed > 0 ? SEEN : WORDS.blind, ran, failed, how, log };
}

function words({ verdict, failed, ran, how, seconds }) {
  if (verdict !== SEEN) return verdict;
  return `${verdict} (${how ?? `${failed} of ${ran}`}, ${seconds} s)`;
}

function print(results) {
  if (values.json) return console.log(JSON.stringify(results, (key, value) => (key === 'log' ? undefined : value), 2));
  const width = Math.max(...results.map(({ name }) => name.length));
  for (const result of results) console.log(`${result.name.padEnd(width)}  ${words(result)}`);
  const seen = results.filter(({ verdict }) => verdict === SEEN).length;
  console.log(`${seen} of ${results.length} protections were missed by their tests when they were taken out`);
}

function note(results) {
  const record = readRecord();
  for (const { name, verdict, figures } of results) {
    if (verdict === SEEN) record.withoutProtection[name] = today();
    else delete record.withoutProtection[name];
    Object.assign(record.figures, figures);
  }
  const names = readProtections().map(({ name }) => name);
  for (const name of Object.keys(record.withoutProtection))
    if (!names.includes(name)) delete record.withoutProtection[name];
  writeRecord(record);
  writeDocument();
}

await main();
