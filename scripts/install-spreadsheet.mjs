// Installs LibreOffice Calc for the tests of CSV, where there is none. Without it those tests are skipped.
//
//   node scripts/install-spreadsheet.mjs

import { fileURLToPath } from 'node:url';
import { spreadsheetPath } from '../__test__/support/spreadsheet.mjs';
import { installByApt } from './apt.mjs';

export function installSpreadsheet() {
  if (spreadsheetPath === undefined) installByApt('libreoffice-calc', 'install it, or name it in RUNSTORE_SOFFICE');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) installSpreadsheet();
