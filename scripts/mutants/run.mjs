// Runs a program in a process group of its own, so that it and its children can be ended: after a time limit, and with this process.

import { spawn } from 'node:child_process';

const running = new Set();

function end(child) {
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has just ended by itself.
  }
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.once(signal, () => {
    for (const child of running) end(child);
    process.kill(process.pid, signal);
  });
}

/** Resolves with its exit code (`null` where a signal ended it), what it wrote, and whether it took too long. */
export function run(program, args, { cwd, env, timeout }) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    running.add(child);
    const output = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr']) {
      child[stream].setEncoding('utf8').on('data', (text) => {
        output[stream] += text;
      });
    }
    let tookTooLong = false;
    const timer = setTimeout(() => {
      tookTooLong = true;
      end(child);
    }, timeout * 1000);
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(timer);
      running.delete(child);
      resolve({ code, tookTooLong, ...output });
    });
  });
}
