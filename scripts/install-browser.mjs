// Installs Chromium for the tests of the page, where there is none and Debian's or Ubuntu's can be had: on Linux, as root.
// Elsewhere it says what to do; without a browser those tests are skipped.
//
//   node scripts/install-browser.mjs

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { chromiumPath } from '../__test__/support/browser.mjs';

export function installBrowser() {
  if (chromiumPath !== undefined) return;
  const canInstall = process.platform === 'linux' && process.getuid?.() === 0 && apt('--version').status === 0;
  if (!canInstall) return console.error('browser: there is no Chromium; install it, or name it in RUNSTORE_CHROMIUM');
  console.error('browser: installing Chromium');
  apt('update');
  const { status, stderr } = apt('install', '--yes', '--no-install-recommends', 'chromium');
  if (status !== 0)
    console.error(`browser: it could not be installed, so the tests in a browser are skipped:\n${stderr}`);
}

function apt(...args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync('apt-get', args, { env, encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'] });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) installBrowser();
