import { spawn } from 'node:child_process';
import { projectDirectory } from '../../__test__/support/reference-packages.mjs';

/**
 * Runs a program to its end and returns its exit code and what it wrote. What it writes to stderr is shown at once unless
 * it is `quiet`.
 */
export function run(program, args, { quiet = false, ...options } = {}) {
  return new Promise((resolve, reject) => {
    const stdio = ['ignore', 'pipe', quiet ? 'pipe' : 'inherit'];
    const child = spawn(program, args, { cwd: projectDirectory, ...options, stdio });
    const written = { stdout: '', stderr: '' };
    for (const name of Object.keys(written)) {
      child[name]?.setEncoding('utf8').on('data', (text) => {
        written[name] += text;
      });
    }
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, ...written }));
  });
}
