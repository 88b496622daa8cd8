'use strict';

const { existsSync } = require('node:fs');
const { join } = require('node:path');

/**
 * Loads the native addon, and says what to do when there is none for this machine.
 */

/** The platform packages that are published; each holds the addon for one kind of machine. */
const PUBLISHED = [
  'runstore-linux-x64-gnu',
  'runstore-linux-x64-musl',
  'runstore-linux-arm64-gnu',
  'runstore-linux-arm64-musl',
  'runstore-darwin-x64',
  'runstore-darwin-arm64',
  'runstore-win32-x64-msvc',
  'runstore-win32-arm64-msvc',
];

function load() {
  try {
    return loadDirectly() ?? require('../binding.js');
  } catch (cause) {
    throw new Error(explain(cause), { cause });
  }
}

/**
 * Takes the addon where it nearly always is. The generated loader finds it as well, but takes four times as long; it
 * remains for everything unusual, and for the reasons when there is none.
 */
function loadDirectly() {
  const { platform, arch } = process;
  const abis = { linux: ['-gnu', '-musl'], win32: ['-msvc'] }[platform] ?? [''];
  const targets = abis.map((abi) => `${platform}-${arch}${abi}`);
  const built = targets.map((target) => join(__dirname, `../runstore.${target}.node`)).find(existsSync);
  for (const place of built ? [built] : targets.map((target) => `runstore-${target}`)) {
    try {
      return require(place);
    } catch {
      // The generated loader tells why.
    }
  }
  return undefined;
}

function explain(cause) {
  // The generated loader is in every published package, so a checkout is meant.
  if (/binding\.js'/.test(cause.message)) return 'runstore is not built: run "npm run build" in its checkout.';
  const broken = causesOf(cause).find(({ message }) => !/^(Cannot find module|Unsupported) /.test(message));
  if (broken !== undefined) return `runstore's native addon is there, but cannot be loaded: ${broken.message}`;
  const wanted = platformPackage();
  return PUBLISHED.includes(wanted) ? notInstalled(wanted) : notPublished();
}

function notInstalled(wanted) {
  return (
    `runstore has no native addon for this machine: the package "${wanted}" is not installed. ` +
    'It is an optional dependency of runstore, which npm leaves out when node_modules or the lockfile comes from ' +
    'another platform, or with --omit=optional. Run "npm install --include=optional runstore"; if that does not ' +
    'help, remove node_modules and package-lock.json and run "npm install".'
  );
}

function notPublished() {
  return (
    `runstore has no native addon for ${process.platform} ${process.arch}: there are only ${PUBLISHED.join(', ')}. ` +
    'It can be built from its repository with a Rust toolchain: see https://github.com/runstore/runstore#readme.'
  );
}

/** The generated loader tries several places, and keeps why each failed in a chain behind its own error. */
function causesOf({ cause }) {
  return cause instanceof Error ? [cause, ...causesOf(cause)] : [];
}

function platformPackage() {
  const { platform, arch } = process;
  const abi = { linux: isMusl() ? '-musl' : '-gnu', win32: '-msvc' }[platform] ?? '';
  return `runstore-${platform}-${arch}${abi}`;
}

function isMusl() {
  const { report } = process;
  if (typeof report?.getReport !== 'function') return false;
  // Without this, making the report looks up names in the network.
  report.excludeNetwork = true;
  return report.getReport().header.glibcVersionRuntime === undefined;
}

module.exports = load();
