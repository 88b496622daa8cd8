// Starts other processes that use a store.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { projectDirectory } from './reference-packages.mjs';

/**
 * Starts a process in which `store` is open on the file, and `say(text)` writes a line for `said`.
 * Returns what it says, and how it ends.
 */
export function start(t, path, program) {
  const source = `
    const { RunStore } = require('runstore');
    const store = new RunStore(process.argv[1], { busyTimeoutMs: 60_000 });
    const say = (text) => require('node:fs').writeSync(1, text + '\\n');
    ${program}`;
  const child = spawn(process.execPath, ['-e', source, path], { cwd: projectDirectory });
  t.after(() => child.kill('SIGKILL'));
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    errors += text;
  });
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal, errors, output }));
  return {
    child,
    ended,
    output: () => output,
    async said(text) {
      while (!output.includes(text)) {
        await Promise.race([once(child.stdout, 'data'), ended.then((end) => assert.fail(end.errors || 'it ended'))]);
      }
    },
  };
}
