// The real EvalStore of tinker-cookbook, in a Python environment of its own.

import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { projectDirectory } from './reference-packages.mjs';

const VERSION = '0.6.1';
/** The folder of the installation, relative to the project. */
export const tinkerFolder = `.bench/tinker-cookbook-${VERSION}`;
const environment = join(projectDirectory, tinkerFolder);
/** Path of the Python that has tinker-cookbook. */
export const tinkerPython = join(
  environment,
  ...(process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python']),
);
const installed = join(environment, 'installed');
const bridge = fileURLToPath(new URL('tinker.py', import.meta.url));

const run = promisify(execFile);

/** Installs tinker-cookbook, without its dependencies, if it is missing. */
export async function installTinker(log) {
  if (existsSync(installed)) return;
  log(`installing tinker-cookbook ${VERSION} from PyPI`);
  const python3 = process.platform === 'win32' ? 'python' : 'python3';
  await run(python3, ['-m', 'venv', '--clear', environment]);
  await run(tinkerPython, ['-m', 'pip', 'install', '--quiet', '--no-deps', `tinker-cookbook==${VERSION}`]);
  await run(tinkerPython, ['-c', 'open(__import__("sys").argv[1], "w").close()', installed]);
}

/** Starts a Python that calls the EvalStore; it ends when it is closed. */
export function startTinker() {
  if (!existsSync(installed))
    throw new Error('tinker-cookbook is not installed: run node scripts/install-reference-packages.mjs');
  const child = spawn(tinkerPython, [bridge], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async (request) => {
    child.stdin.write(`${JSON.stringify(request)}\n`);
    const { value: line, done } = await lines.next();
    if (done) throw new Error('Python ended');
    return JSON.parse(line);
  };
  const told = ({ error, message, value }) => {
    if (error !== undefined) throw Object.assign(new Error(message), { name: error });
    return value;
  };
  return {
    ask,
    /** Calls a method of the EvalStore in a folder. */
    call: async (path, method, args = [], options = {}) => told(await ask({ path, method, args, options })),
    /** Names of its public methods. */
    methods: async () => told(await ask({ dir: true })),
    close: () => child.stdin.end(),
  };
}
