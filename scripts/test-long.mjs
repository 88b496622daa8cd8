// Runs the tests of crashes, power cuts and faults for many more rounds than `npm test` does.
//
//   node scripts/test-long.mjs        twenty times as many rounds
//   node scripts/test-long.mjs 100    a hundred times as many

import { spawnSync } from 'node:child_process';
import { projectDirectory } from '../__test__/support/peers.mjs';

const [times = '20'] = process.argv.slice(2);
const tests = ['crashes', 'power_cuts', 'faults'].flatMap((name) => ['--test', name]);
const { status } = spawnSync('cargo', ['test', '--release', '--no-default-features', '--no-fail-fast', ...tests], {
  cwd: projectDirectory,
  env: { ...process.env, RUNSTORE_ROUNDS: times },
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
