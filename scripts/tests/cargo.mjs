// Builds Rust tests and runs them, program by program.

import { execFileSync } from 'node:child_process';
import { dirname } from 'node:path';
import { add, none, printProgram, seconds } from './counts.mjs';
import { run } from './run.mjs';

/**
 * Builds the tests that `flags` select, runs them, but for the programs in `without`, and prints a line for each program.
 * Returns the counts of all.
 */
export async function testWithCargo(part, flags, { docs = true, without = [] } = {}) {
  const started = Date.now();
  const options = [...flags, `--target=${hostTarget()}`];
  const build = ['test', '--no-run', '--message-format=json-render-diagnostics', ...options];
  const { code, stdout } = await run('cargo', build);
  console.log(`  ${part} built (${seconds(Date.now() - started)})`);
  if (code !== 0) return { ...none, failed: 1 };
  let total = none;
  for (const program of testPrograms(stdout).filter(({ name }) => !without.includes(name))) {
    total = add(total, await testOne(part, program.name, program.executable, [], program.directory));
  }
  if (docs) total = add(total, await testOne(part, 'examples of doc comments', 'cargo', ['test', '--doc', ...options]));
  if (total.passed + total.failed > 0) return total;
  console.log(`✖ ${part}: no test ran`);
  return { ...total, failed: 1 };
}

/** `napi build` names the target as well: what it and the tests need goes to one folder, and is compiled once. */
function hostTarget() {
  return /^host: (.*)$/m.exec(execFileSync('rustc', ['-vV'], { encoding: 'utf8' }))[1];
}

/** The programs that cargo says it has built: unit tests by the name of their crate, others by their own. */
function testPrograms(output) {
  return output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line))
    .filter(({ reason, profile, executable }) => reason === 'compiler-artifact' && profile.test && executable)
    .map(({ target, executable, manifest_path: manifest }) => ({
      name: target.kind.includes('test') ? target.name : `${target.name} (unit tests of its ${target.kind[0]})`,
      executable,
      directory: dirname(manifest),
    }));
}

async function testOne(part, name, program, args, cwd = undefined) {
  const started = Date.now();
  const { code, stdout, stderr } = await run(program, args, { ...(cwd && { cwd }), quiet: true });
  const counts = { ...countsIn(stdout), milliseconds: Date.now() - started };
  // A program that crashed, or did not compile, has no failed test to name.
  if (code !== 0 && counts.failed === 0) counts.failed = 1;
  if (counts.passed + counts.failed + counts.skipped > 0) printProgram(part, name, counts);
  if (code !== 0) console.log(stdout.replace(/^test .* \.\.\. ok\n/gm, '') + stderr);
  return counts;
}

function countsIn(output) {
  const results = output.matchAll(/^test result: .*?(\d+) passed; (\d+) failed; (\d+) ignored/gm);
  return [...results]
    .map(([, passed, failed, skipped]) => [passed, failed, skipped].map(Number))
    .map(([passed, failed, skipped]) => ({ passed, failed, skipped, milliseconds: 0 }))
    .reduce(add, none);
}
