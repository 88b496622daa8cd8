// Builds the page (ui/), and both addons for one kind of machine: runstore.<platform>.node, which every program with a store loads, and
// runstore-tools.<platform>.node, which the command loads.
//
//   node scripts/build.mjs                     fast to build
//   node scripts/build.mjs --release           fast to run; further arguments go to "napi build", as --target does
//   node scripts/build.mjs --provoke-panics    with the functions that a test of panics calls

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

const FOR_TESTS = '--provoke-panics';
const passedOn = process.argv.slice(2).filter((argument) => argument !== FOR_TESTS);
const forTests = process.argv.includes(FOR_TESTS);

/** Each is built on its own: in one build, Cargo would also compile the binding of the first addon into the second. */
const ADDONS = [
  ['--js', 'binding.js', '--dts', 'binding.d.ts', ...(forTests ? ['--features', 'provoke-panics'] : [])],
  [
    ...['--manifest-path', 'crates/tools/Cargo.toml', '--config-path', 'crates/tools/napi.json', '--output-dir', '.'],
    ...['--no-js', '--dts', 'tools-binding.d.ts'],
  ],
];

// First, because the second addon contains the page.
await import('./build-ui.mjs');

for (const own of ADDONS) {
  // Without the command for use without Node, whose linking takes as long as that of its addon.
  const args = ['--no-install', 'napi', 'build', '--platform', ...own, ...passedOn, '--', '--lib'];
  const shell = process.platform === 'win32';
  const { status } = spawnSync('npx', args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], shell });
  if (status !== 0) process.exit(status ?? 1);
}
