/** The Rust programs of benches/. */

import { spawnSync } from 'node:child_process';
import { projectDirectory } from './reference-packages.mjs';

/** The options under which `npm run build` compiles, so that SQLite is compiled only once; or those of another profile. */
function buildArguments(name, profile) {
  const more = ['--bench', name, '--message-format=json-render-diagnostics'];
  if (profile) return ['build', '--profile', profile, '--no-default-features', ...more];
  const { stdout } = spawnSync('rustc', ['-vV'], { encoding: 'utf8' });
  const host = /^host: (.*)$/m.exec(stdout)[1];
  return ['build', '--release', '--target', host, ...more];
}

/** Builds one of the programs, as for a release or under a profile of Cargo.toml; returns its path. */
export function buildProgram(name, profile = undefined) {
  const cargo = spawnSync('cargo', buildArguments(name, profile), {
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
