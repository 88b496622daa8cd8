// Runs a program in a process group of its own, so that all of it can be ended.

import { spawn } from 'node:child_process';

/** Resolves with its exit code (`null` where a signal ended it), what it wrote, and whether it took too long. */
export function run(program, args, { cwd, env, timeout }) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const output = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr']) {
      child[stream].setEncoding('utf8').on('data', (text) => {
        output[stream] += text;
      });
    }
    let tookTooLong = false;
    const timer = setTimeout(() => {
      tookTooLong = true;
      process.kill(-child.pid, 'SIGKILL');
    }, timeout * 1000);
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code, tookTooLong, ...output });
    });
  });
}
