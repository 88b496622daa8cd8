// Runs calls of the command one after the other in this process, each in an empty directory. After what each wrote to stderr, it
// writes a line there: its exit code after a NUL.
//
//   node commands-in-turn.mjs DIRECTORY CALLS    CALLS is JSON: a list of words for each call

import { mkdirSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const { runCli } = createRequire(import.meta.url)('../../lib/load-tools.js');
const [, , directory, calls] = process.argv;
for (const [at, words] of JSON.parse(calls).entries()) {
  const own = join(directory, String(at));
  mkdirSync(own);
  process.chdir(own);
  const status = runCli(words);
  writeSync(2, `\0${status}\n`);
}
