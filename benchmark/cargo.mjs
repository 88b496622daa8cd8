/** The Rust programs of benches/. */

import { spawnSync } from 'node:child_process';
import { projectDirectory } from './peers.mjs';

/** The options under which `npm run build` compiles, so that SQLite is compiled only once. */
function buildArguments(name) {
  const { stdout } = spawnSync('rustc', ['-vV'], { encoding: 'utf8' });
  const host = /^host: (.*)$/m.exec(stdout)[1];
  return ['build', '--release', '--target', host, '--bench', name, '--message-format=json-render-diagnostics'];
}

/** Builds one of the programs; returns its path. */
export function buildProgram(name) {
  const cargo = spawnSync('cargo', buildArguments(name), {
    cwd: projectDirectory,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (cargo.status !== 0) throw new Error(`benches/${name} could not be built`);
  const messages = cargo.stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  return messages.find(({ target, executable }) => executable && target.name === name).executable;
}
