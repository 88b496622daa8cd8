// Installs the packages that only the tests need (__test__/reference-packages; tinker-cookbook, in Python; with --all the engines and
// services of the archive's tests, and the packages of an example) and, on Node 20, compiles better-sqlite3. Does nothing when
// everything is there already; fails loudly when something cannot be had.
//
//   node scripts/install-reference-packages.mjs [--all]

import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { installEngines } from '../__test__/support/engines.mjs';
import {
  betterSqlite3Of12,
  builtDirectory,
  needsBetterSqlite3Of12,
  nodeWithSqlite,
  openBetterSqlite3,
  packagesDirectory,
  packagesModules,
} from '../__test__/support/reference-packages.mjs';
import { installAzurite } from '../__test__/support/services/azurite.mjs';
import { installTinker } from '../__test__/support/tinker.mjs';
import { checkout, isInstalled } from './build-state.mjs';

const run = promisify(execFile);
const CLEAN_INSTALL = ['ci', '--ignore-scripts', '--no-audit', '--no-fund'];
const EXAMPLE = 'examples/detect-languages';
const stampFile = join(builtDirectory, 'stamp');

/** Installs and builds what is missing. Returns when everything the tests need is there. */
export async function installReferencePackages({ all = false } = {}) {
  await installTinker(log);
  if (all) await Promise.all([installEngines(log), installAzurite(log), installExample()]);
  const stamp = currentStamp();
  if (!existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== stamp) {
    log('installing the packages of __test__/reference-packages');
    await npm(...CLEAN_INSTALL);
    mkdirSync(builtDirectory, { recursive: true });
    writeFileSync(stampFile, stamp);
  }
  // Beside what was built for another Node, which comes back to it.
  if (needsBetterSqlite3Of12 && !existsSync(betterSqlite3Of12)) await buildBetterSqlite3Of12();
  checkThatItLoads();
  nodeWithSqlite();
}

/** Its evaluation is one of those whose runs are written to files and read back. */
async function installExample() {
  if (isInstalled(EXAMPLE)) return;
  log(`installing the packages of ${EXAMPLE}`);
  await npmIn(join(checkout, EXAMPLE), ...CLEAN_INSTALL);
}

function currentStamp() {
  const hash = createHash('sha256');
  for (const file of ['package.json', 'package-lock.json']) {
    hash.update(readFileSync(join(packagesDirectory, file)));
  }
  return `${process.platform} ${process.arch} ${hash.digest('hex')}\n`;
}

/** Takes the author's binary where it can be downloaded, else compiles, in a folder of its own. */
async function buildBetterSqlite3Of12() {
  const workshop = mkdtempSync(join(tmpdir(), 'runstore-better-sqlite3-'));
  const options = { cwd: workshop, maxBuffer: 64 << 20 };
  try {
    cpSync(join(packagesModules, 'better-sqlite3-12'), workshop, { recursive: true });
    if (!(await downloadPrebuilt(options))) {
      log(`compiling better-sqlite3 for Node ${process.version} (a minute or two)`);
      await compile(options);
    }
    cpSync(join(workshop, 'build/Release/better_sqlite3.node'), betterSqlite3Of12);
  } finally {
    rmSync(workshop, { recursive: true, force: true });
  }
}

async function downloadPrebuilt(options) {
  const script = join(packagesModules, 'prebuild-install/bin.js');
  return run(process.execPath, [script], { ...options, timeout: 60_000 }).then(
    () => true,
    () => false,
  );
}

async function compile(options) {
  const nodeGyp = await npm('run', '--silent', 'where-node-gyp');
  const headers = headersOfThisNode();
  const nodedir = headers ? [`--nodedir=${headers}`] : [];
  try {
    await run(process.execPath, [nodeGyp, 'rebuild', '--release', ...nodedir], options);
  } catch (error) {
    throw new Error(
      `better-sqlite3 could not be compiled for Node ${process.version}; the tests need it ` +
        `(a C++ compiler, make and Python are required).\n${String(error.stderr).slice(-4000)}`,
    );
  }
}

/** The folder whose include/node belongs to exactly this Node; without one, node-gyp downloads the headers. */
function headersOfThisNode() {
  const folder = join(dirname(process.execPath), '..');
  const header = join(folder, 'include/node/node_version.h');
  if (!existsSync(header)) return undefined;
  const text = readFileSync(header, 'utf8');
  const part = (name) => new RegExp(`#define NODE_${name}_VERSION (\\d+)`).exec(text)?.[1];
  const version = `v${part('MAJOR')}.${part('MINOR')}.${part('PATCH')}`;
  return version === process.version ? folder : undefined;
}

function checkThatItLoads() {
  const db = openBetterSqlite3(':memory:');
  const { one } = db.prepare('SELECT 1 AS one').get();
  db.close();
  if (one !== 1) throw new Error('better-sqlite3 does not work on this Node');
}

/** Runs npm among these packages and returns what it prints. */
const npm = (...args) => npmIn(packagesDirectory, ...args);

async function npmIn(cwd, ...args) {
  try {
    const { stdout } = await run('npm', args, { cwd, shell: process.platform === 'win32' });
    return stdout.trim();
  } catch (error) {
    throw new Error(`npm ${args[0]} failed in ${cwd}:\n${String(error.stderr).slice(0, 2000)}`);
  }
}

function log(text) {
  process.stderr.write(`tests: ${text}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await installReferencePackages({ all: process.argv.includes('--all') });
}
