/** Starts a bench program again under a Node that can run all subjects, with the collector exposed. */

import { spawnSync } from 'node:child_process';
import { installReferencePackages } from '../scripts/install-reference-packages.mjs';
import { nodeWithSqlite } from './reference-packages.mjs';

/**
 * Returns when this process can measure; otherwise runs the program in one that can and exits with its code.
 *
 * The reference needs node:sqlite. `--expose-gc`: a collection before each measurement, so that no subject pays for the
 * garbage of the one before.
 */
export async function ensureBenchProcess() {
  if (globalThis.gc) return;
  await installReferencePackages();
  const flags = ['--expose-gc', '--no-warnings'];
  const child = spawnSync(nodeWithSqlite(), [...flags, ...process.argv.slice(1)], { stdio: 'inherit' });
  if (child.error) throw child.error;
  process.exit(child.status ?? 1);
}
