// Installs Chromium for the tests of the page, where there is none. Without a browser those tests are skipped.
//
//   node scripts/install-browser.mjs

import { fileURLToPath } from 'node:url';
import { chromiumPath } from '../__test__/support/browser.mjs';
import { installByApt } from './apt.mjs';

export function installBrowser() {
  if (chromiumPath === undefined) installByApt('chromium', 'install it, or name it in RUNSTORE_CHROMIUM');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) installBrowser();
