/** The copy of runstore that is measured: as a release makes it, with its JavaScript in one file. */

import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { projectDirectory } from './reference-packages.mjs';

const PARTS = ['index.js', 'entries', 'lib', 'binding.js', 'package.json'];

/** Makes the copy in `directory` and returns its main module. */
export function packagedModule(directory) {
  const copy = join(directory, 'package');
  rmSync(copy, { recursive: true, force: true });
  mkdirSync(copy, { recursive: true });
  const addons = readdirSync(projectDirectory).filter((name) => name.endsWith('.node'));
  for (const name of [...PARTS, ...addons]) cpSync(join(projectDirectory, name), join(copy, name), { recursive: true });
  execFileSync(process.execPath, [join(projectDirectory, 'scripts/bundle.mjs'), copy], { stdio: 'inherit' });
  return join(copy, 'index.js');
}
