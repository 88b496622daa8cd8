// Other programs that read an archive, in a Python environment of their own: the real evalsig, delta-rs, Polars, DuckDB, ClickHouse and
// Spark; and moto, the S3 that tests start.

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { projectDirectory } from './reference-packages.mjs';

const PACKAGES = [
  'evalsig==0.1.2',
  'deltalake==1.6.6',
  'polars==2.1.0',
  'duckdb==1.5.5',
  'duckdb-extension-delta==1.5.5',
  'chdb==4.4.0',
  'pyspark==4.3.0',
  'moto[server,s3]==5.2.5',
];

const environment = join(projectDirectory, '.bench/engines-2');
const python = join(environment, ...(process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python']));
const installed = join(environment, 'installed');
const bridge = fileURLToPath(new URL('engines.py', import.meta.url));

const run = promisify(execFile);

/** Installs these programs if they are missing: some 2 GB, so only for `npm run test:ci`. */
export async function installEngines(log) {
  if (existsSync(installed)) return;
  log(`installing ${PACKAGES.join(', ')} from PyPI`);
  const python3 = process.platform === 'win32' ? 'python' : 'python3';
  await run(python3, ['-m', 'venv', '--clear', environment]);
  await run(python, ['-m', 'pip', 'install', '--quiet', ...PACKAGES]);
  await run(python, ['-c', 'open(__import__("sys").argv[1], "w").close()', installed]);
}

/** Path of the Python that has these programs. */
export function enginesPython() {
  if (!existsSync(installed))
    throw new Error('the engines are not installed: run node scripts/install-reference-packages.mjs --all');
  return python;
}

/** Calls a function of engines.py by name, and returns its result. */
export async function engines(name, ...args) {
  const { stdout } = await run(enginesPython(), [bridge, name, ...args.map((one) => JSON.stringify(one))], {
    maxBuffer: 64 << 20,
  });
  return JSON.parse(stdout);
}
