'use strict';

/**
 * Loads the native addon, and says what to do when there is none for this machine.
 */

function platformPackage() {
  const { platform, arch } = process;
  const musl = platform === 'linux' && !process.report?.getReport?.().header?.glibcVersionRuntime;
  const abi = { linux: musl ? '-musl' : '-gnu', win32: '-msvc' }[platform] ?? '';
  return `runstore-${platform}-${arch}${abi}`;
}

function load() {
  try {
    return require('../binding.js');
  } catch (cause) {
    const missing = platformPackage();
    throw new Error(
      `runstore has no native addon for this machine: the package "${missing}" is not installed. ` +
        `It is an optional dependency of runstore; npm leaves it out when the lockfile was made on another platform ` +
        `or with --omit=optional. Run "npm install --include=optional runstore" ` +
        `(or remove node_modules and package-lock.json and run "npm install"). In a checkout of runstore, run "npm run build".`,
      { cause },
    );
  }
}

module.exports = load();
