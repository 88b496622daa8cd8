// Runs the tests of a built checkout. The last line of its output is: N passed, N failed.
//
//   npm test                      the tests for each change: minutes
//   npm run test:ci               everything
//   npm test -- suites            test files whose name contains "suites"
//   npm test -- --only rust       one part of it (may be given several times)

import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { nodeSqlite, nodeWithSqlite } from '../__test__/support/reference-packages.mjs';
import { installBrowser } from './install-browser.mjs';
import { installReferencePackages } from './install-reference-packages.mjs';
import { installSpreadsheet } from './install-spreadsheet.mjs';
import { testWithCargo } from './tests/cargo.mjs';
import { add, inWords, none, seconds } from './tests/counts.mjs';
import { testOnNode } from './tests/node.mjs';

const { values, positionals: texts } = parseArgs({
  allowPositionals: true,
  options: { all: { type: 'boolean', default: false }, only: { type: 'string', multiple: true } },
});

const targetDirectory = process.env.CARGO_TARGET_DIR ?? 'target';
const cores = availableParallelism();
/** The seed of properties in Rust: fixed, so that a commit always passes or always fails. `npm run test:long` uses others. */
process.env.PROPTEST_RNG_SEED ??= '20261121';
const env = { RUNSTORE_TESTS: values.all ? 'all' : 'short' };
/** Half of the cores while Rust tests run, then all. */
const onNode = (part, node) =>
  testOnNode(part, node, { texts, env, atOnce: Math.ceil(cores / 2), more: Math.floor(cores / 2), when: rustEnded });

/** In a folder of its own: two lockfiles in one folder overwrite what the other has compiled. */
const REPLAY = [
  ['--manifest-path', 'fuzz/Cargo.toml', '--target-dir', join(targetDirectory, 'fuzz'), '--locked'],
  ['--no-default-features', '--test', 'corpus'],
].flat();

/** They check the statistics by simulation, and take as long as all other Rust tests together. */
const SIMULATIONS = 'simulations';

const short = {
  node: () => onNode('node', process.execPath),
  rust: () => testWithCargo('rust', ['--workspace'], { without: values.all ? [] : [SIMULATIONS] }),
};
const everything = {
  ...short,
  // If your Node has node:sqlite, it is the only one.
  node24: () => (nodeSqlite ? none : onNode('node24', nodeWithSqlite())),
  'rust-core': () => testWithCargo('rust-core', ['--package', 'runstore', '--no-default-features'], { docs: false }),
  fuzz: () => testWithCargo('fuzz', REPLAY, { docs: false }),
};
const parts = values.all ? everything : short;

/** The selected parts; those of Node and those of Rust run side by side. */
function lanes() {
  const chosen = values.only ?? (texts.length > 0 ? Object.keys(parts).filter(isOfNode) : Object.keys(parts));
  return [chosen.filter(isOfNode), chosen.filter((name) => !isOfNode(name))];
}

const isOfNode = (name) => name.startsWith('node');

let endRust;
const rustEnded = new Promise((resolve) => {
  endRust = resolve;
});

async function main() {
  const unknown = (values.only ?? []).filter((name) => !Object.hasOwn(parts, name));
  if (unknown.length > 0) return fail(`no part is called ${unknown}: there are ${Object.keys(parts).join(', ')}`);
  announce();
  if (lanes().flat().some(isOfNode)) await installReferencePackages({ all: values.all });
  if (values.all) {
    installBrowser();
    installSpreadsheet();
  }
  const [ofNode, ofRust] = lanes();
  const results = (await Promise.all([runInTurn(ofNode), runInTurn(ofRust).finally(endRust)])).flat();
  console.log();
  for (const { name, counts, took } of results) console.log(`${name}: ${inWords(counts)} (${seconds(took)})`);
  const { passed, failed } = results.map(({ counts }) => counts).reduce(add, none);
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
}

function announce() {
  if (values.all || values.only !== undefined || texts.length > 0) return;
  console.log(
    `The short run: Node ${process.versions.node}; stores in memory, on a file, on one handle and through promises; ` +
      'the Rust tests with default features, without the simulations.\n' +
      'It takes under five minutes on two cores. `npm run test:ci` tests everything else as well.\n',
  );
}

function fail(message) {
  console.error(message);
  process.exitCode = 2;
}

async function runInTurn(names) {
  const results = [];
  for (const name of names) {
    const started = Date.now();
    const counts = await parts[name]();
    results.push({ name, counts, took: Date.now() - started });
  }
  return results;
}

await main();
