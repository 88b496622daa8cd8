'use strict';

const { existsSync, readFileSync } = require('node:fs');
const { join } = require('node:path');

/**
 * Finds the native addons, and explains what to do when there is none for this machine.
 */

/** The published platform packages; each contains the addon for one kind of machine. */
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

/**
 * Returns the addon with this name: from its usual place, else from `otherwise`. If there is none, the error explains
 * why and what to do.
 */
function loadAddon(name, otherwise) {
  const reasons = [];
  for (const place of placesOf(name)) {
    try {
      return require(place);
    } catch (reason) {
      reasons.push(reason);
    }
  }
  try {
    return otherwise(reasons);
  } catch (cause) {
    throw new Error(explain(cause), { cause });
  }
}

/** Returns the file that is built in a checkout, else those of the platform packages for this machine. */
function placesOf(name) {
  const { platform, arch } = process;
  const abis = { linux: ['-gnu', '-musl'], win32: ['-msvc'] }[platform] ?? [''];
  const targets = abis.map((abi) => `${platform}-${arch}${abi}`);
  const built = targets.map((target) => join(__dirname, `../${name}.${target}.node`)).find(existsSync);
  return built ? [built] : targets.map((target) => `runstore-${target}/${name}.${target}.node`);
}

/** For an addon without a generated loader: throws an error with the reason for each place, as a chain of causes. */
function failWith(reasons) {
  if (existsSync(join(__dirname, '../Cargo.toml'))) throw new Error(NOT_BUILT);
  throw reasons.reduce((cause, { message }) => new Error(message, { cause }), undefined);
}

const NOT_BUILT = 'runstore is not built: run "npm run build" in its checkout.';

function explain(cause) {
  // Every published package contains the generated loader, so this is a checkout.
  if (/binding\.js'/.test(cause.message) || cause.message === NOT_BUILT) return NOT_BUILT;
  const broken = causesOf(cause).find(({ message }) => !/^(Cannot find module|Unsupported) /.test(message));
  if (broken !== undefined) return `runstore's native addon is there, but cannot be loaded: ${broken.message}`;
  const wanted = platformPackage();
  if (!PUBLISHED.includes(wanted)) return notPublished();
  return isRelease() ? notInstalled(wanted) : packedElsewhere();
}

/** Only a release depends on the platform packages; a tarball of a checkout contains the addons of one machine. */
function isRelease() {
  const { optionalDependencies = {} } = JSON.parse(readFileSync(join(__dirname, '../package.json'), 'utf8'));
  return PUBLISHED.some((name) => name in optionalDependencies);
}

function notInstalled(wanted) {
  return [
    `runstore has no native addon for this machine: the package "${wanted}" is not installed.`,
    'It is an optional dependency of runstore. npm leaves it out with --omit=optional, or when node_modules or the lockfile',
    'comes from another platform.',
    'Run "npm install --include=optional runstore". If that does not help, remove node_modules and package-lock.json, and',
    'run "npm install".',
  ].join('\n');
}

function packedElsewhere() {
  return [
    `runstore has no native addon for ${process.platform} ${process.arch}: this copy was made from a checkout on another machine,`,
    'or before it was built.',
    'Run "npm run build" in a checkout on a machine like this one, and install that ("npm install <folder>", or the file',
    'that "npm pack" makes there).',
  ].join('\n');
}

function notPublished() {
  return [
    `runstore has no native addon for ${process.platform} ${process.arch}. There are addons for`,
    `${PUBLISHED.map((name) => name.replace('runstore-', '')).join(', ')}.`,
    'To build one from the repository, with a Rust toolchain: https://github.com/runstore/runstore#readme.',
  ].join('\n');
}

/**
 * The generated loader tries several places, and chains the error of each as causes.
 *
 * @param {{ cause?: unknown }} error
 * @returns {Error[]}
 */
function causesOf({ cause }) {
  return cause instanceof Error ? [cause, ...causesOf(cause)] : [];
}

function platformPackage() {
  const { platform, arch } = process;
  const abi = { linux: isMusl() ? '-musl' : '-gnu', win32: '-msvc' }[platform] ?? '';
  return `runstore-${platform}-${arch}${abi}`;
}

function isMusl() {
  /** @type {any} */
  const { report } = process;
  if (typeof report?.getReport !== 'function') return false;
  // Otherwise creating the report resolves host names over the network.
  report.excludeNetwork = true;
  return report.getReport().header.glibcVersionRuntime === undefined;
}

module.exports = { failWith, loadAddon };
