// Makes a checkout ready to use: installs the tools where they are missing or out of date, and builds the addon.
// npm runs it as `prepare` after `npm ci`, and before `npm test`. Users of the published package never do.

import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

requireCargo();
// `npm ci` ends by running this script again, which then builds.
npm(...(toolsAreInstalled() ? ['run', 'build:test'] : ['ci']));

function requireCargo() {
  if (run('cargo', ['--version'], 'ignore').status === 0) return;
  fail('runstore is built from Rust, and there is no cargo here: install Rust from https://rustup.rs and try again.');
}

// npm writes .package-lock.json last: without it an installation was interrupted.
function toolsAreInstalled() {
  if (process.env.npm_lifecycle_event === 'prepare') return true;
  return modified('node_modules/.package-lock.json') >= modified('package-lock.json');
}

function modified(path) {
  return statSync(new URL(path, new URL('..', import.meta.url)), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function npm(...args) {
  if (run('npm', args, 'inherit').status !== 0) fail(`"npm ${args.join(' ')}" failed in ${root}`);
}

function run(program, args, stdio) {
  return spawnSync(program, args, { cwd: root, stdio: ['ignore', stdio, stdio], shell: process.platform === 'win32' });
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
