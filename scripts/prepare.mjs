// Makes a checkout ready to use: installs the tools where they are missing or out of date, and builds the addon.
//
//   node scripts/prepare.mjs          an optimised build; npm runs it as `prepare` after `npm ci` and `npm install`
//   node scripts/prepare.mjs --debug  before the tests: builds faster, and only where what is built is out of date
//
// RUNSTORE_BUILD=debug makes the first the second. Users of the published package never run it.

import { spawnSync } from 'node:child_process';
import { relative } from 'node:path';
import { checkout, hasCompiledBefore, isBuilt, isInstalled } from './build-state.mjs';

const isDebug = process.argv.includes('--debug') || process.env.RUNSTORE_BUILD === 'debug';

if (!(isEnough() && isBuilt())) {
  requireCargo();
  if (!hasCompiledBefore()) announce();
  // `npm ci` ends by running this script again, which then builds.
  npm(...(toolsAreInstalled() ? ['run', isDebug ? 'build:debug' : 'build:test'] : ['ci', '--no-audit', '--no-fund']));
}

/** Whether any build will do: for the tests, and for a project that installs this checkout by its path. */
function isEnough() {
  return isDebug || isInstalledElsewhere();
}

/** npm runs `prepare` of a checkout that another project links to, from the folder of that project. */
function isInstalledElsewhere() {
  const { npm_lifecycle_event: event, INIT_CWD: from = checkout } = process.env;
  return event === 'prepare' && relative(checkout, from).startsWith('..');
}

function toolsAreInstalled() {
  return process.env.npm_lifecycle_event === 'prepare' || isInstalled();
}

function requireCargo() {
  if (run('cargo', ['--version'], 'ignore').status === 0) return;
  fail('runstore is built from Rust, and there is no cargo here: install Rust from https://rustup.rs and try again.');
}

function announce() {
  console.error(
    'Building runstore: it compiles SQLite and its own Rust code, which takes some minutes on two cores the ' +
      'first time, and seconds afterwards. The names of the crates that cargo compiles follow.',
  );
}

function npm(...args) {
  if (run('npm', args, 'inherit').status !== 0) fail(`"npm ${args.join(' ')}" failed in ${checkout}`);
}

function run(program, args, stdio) {
  const options = { cwd: checkout, stdio: ['ignore', stdio, stdio], shell: process.platform === 'win32' };
  return spawnSync(program, args, options);
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
