// Converts spreadsheets with LibreOffice Calc, without a window.

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { basename, delimiter, join } from 'node:path';

const PLACES = [
  process.env.RUNSTORE_SOFFICE,
  ...(process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'soffice')),
  '/Applications/LibreOffice.app/Contents/MacOS/soffice',
];

/** Path of its program; `undefined` where there is none. */
export const spreadsheetPath = PLACES.find((path) => path && existsSync(path));

/** The settings that its dialog proposes for a file with a byte order mark: commas, quotes, UTF-8. Without a window there is no dialog. */
const AS_PROPOSED = '--infilter=CSV:44,34,76,1';

/** Opens a CSV file as a person who accepts what is proposed, and saves it as a workbook; returns the path of that. */
export function convertToWorkbook(csv, folder) {
  const profile = `-env:UserInstallation=file://${join(folder, 'profile')}`;
  const args = [profile, '--headless', AS_PROPOSED, '--convert-to', 'xlsx', '--outdir', folder, csv];
  execFileSync(spreadsheetPath, args, { stdio: 'ignore', timeout: 120_000 });
  return join(folder, `${basename(csv, '.csv')}.xlsx`);
}
