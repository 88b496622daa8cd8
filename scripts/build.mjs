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

/** Each is built on its own: together, Cargo would give the core of the second the binding of the first. */
const ADDONS = [
  ['--js', 'binding.js', '--dts', 'binding.d.ts', ...(forTests ? ['--features', 'provoke-panics'] : [])],
  [
    ...['--manifest-path', 'crates/tools/Cargo.toml', '--config-path', 'crates/tools/napi.json', '--output-dir', '.'],
    ...['--no-js', '--dts', 'tools-binding.d.ts'],
  ],
];

// First, because the second addon takes the page in.
await import('./build-ui.mjs');

for (const own of ADDONS) {
  // Not the command without Node as well, which is linked for as long as its addon.
  const args = ['--no-install', 'napi', 'build', '--platform', ...own, ...passedOn, '--', '--lib'];
  const shell = process.platform === 'win32';
  const { status } = spawnSync('npx', args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], shell });
  if (status !== 0) process.exit(status ?? 1);
}
