// Programs of others that read an archive: the real evalsig, delta-rs, Polars and DuckDB, in a Python of their own.

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { projectDirectory } from './peers.mjs';

const PACKAGES = [
  'evalsig==0.1.2',
  'deltalake==1.6.6',
  'polars==2.1.0',
  'duckdb==1.5.5',
  'duckdb-extension-delta==1.5.5',
];

const environment = join(projectDirectory, '.bench/engines-1');
const python = join(environment, ...(process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python']));
const installed = join(environment, 'installed');
const bridge = fileURLToPath(new URL('engines.py', import.meta.url));

const run = promisify(execFile);

/** Installs them where they are missing: some 900 MB, so only where all tests run. */
export async function installEngines(log) {
  if (existsSync(installed)) return;
  log(`installing ${PACKAGES.join(', ')} from PyPI`);
  const python3 = process.platform === 'win32' ? 'python' : 'python3';
  await run(python3, ['-m', 'venv', '--clear', environment]);
  await run(python, ['-m', 'pip', 'install', '--quiet', ...PACKAGES]);
  await run(python, ['-c', 'open(__import__("sys").argv[1], "w").close()', installed]);
}

/** Asks them; `request` is the name of a function of engines.py and its arguments. */
export async function engines(name, ...args) {
  if (!existsSync(installed)) throw new Error('the engines are not here: run node scripts/install-peers.mjs --all');
  const { stdout } = await run(python, [bridge, name, ...args.map((one) => JSON.stringify(one))], {
    maxBuffer: 64 << 20,
  });
  return JSON.parse(stdout);
}
