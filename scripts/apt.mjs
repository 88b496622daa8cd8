// Installs programs of Debian or Ubuntu for tests, where this is possible: on Linux, as root.

import { spawnSync } from 'node:child_process';

/** Installs a package, or says why the tests that need it are skipped: `hint` is what to do instead. */
export function installByApt(name, hint) {
  const canInstall = process.platform === 'linux' && process.getuid?.() === 0 && apt('--version').status === 0;
  if (!canInstall) return console.error(`${name} is not installed; ${hint}`);
  console.error(`Installing ${name}`);
  apt('update');
  const { status, stderr } = apt('install', '--yes', '--no-install-recommends', name);
  if (status !== 0) console.error(`${name} could not be installed, so its tests are skipped:\n${stderr}`);
}

function apt(...args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync('apt-get', args, { env, encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'] });
}
