// Builds a copy of the project and runs single tests of it.

import { figuresOfCargo, figuresOfNode } from './figures.mjs';
import { cargoName, cargoPackage, cargoTarget, isRust } from './list.mjs';
import { run } from './run.mjs';

/** Seconds; the first build makes SQLite. */
const BUILD_TIMEOUT = 1800;

/** The outcome: how many tests ran and failed, and `figures` by test; after a failed build, only `unbuilt`, its log. */
export class Tester {
  #tree;
  /** The edits in the sources of the current addon, as text; '' for none, `undefined` if there is no addon. */
  #addon;

  constructor(tree) {
    this.#tree = tree;
  }

  test(test, { edits, timeout }) {
    return isRust(test) ? this.#cargo(test, timeout) : this.#node(test, edits, timeout);
  }

  async #cargo(test, timeout) {
    const target = cargoTarget(test);
    const which = target === undefined ? ['--lib'] : ['--test', target];
    const args = ['test', '--package', cargoPackage(test), '--no-default-features', ...which];
    const built = await this.#run('cargo', [...args, '--no-run'], BUILD_TIMEOUT);
    if (built.code !== 0) return { unbuilt: built.stderr };
    const names = ['--', '--exact', cargoName(test), '--show-output'];
    return fromCargo(target, await this.#run('cargo', [...args, ...names], timeout, test.env));
  }

  async #node(test, edits, timeout) {
    const unbuilt = await this.#buildAddon(edits);
    if (unbuilt !== undefined) return { unbuilt };
    const pattern = test.name.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
    const reporter = '--test-reporter=./scripts/mutants/report-outcomes.mjs';
    const args = ['--disable-warning=ExperimentalWarning', '--test', reporter, `--test-name-pattern=${pattern}`];
    return fromNode(test, await this.#run(process.execPath, [...args, test.file], timeout, test.env));
  }

  /** Returns the log of a build that failed. */
  async #buildAddon(edits) {
    const wanted = JSON.stringify(edits.filter(({ file }) => file.endsWith('.rs') || file.endsWith('.c')));
    if (this.#addon === wanted) return undefined;
    this.#addon = undefined;
    const args = ['scripts/build.mjs', '--provoke-panics', '--target-dir', this.#tree.targetDirectory];
    const built = await this.#run(process.execPath, args, BUILD_TIMEOUT);
    if (built.code !== 0) return built.stdout + built.stderr;
    this.#addon = wanted;
    return undefined;
  }

  #run(program, args, timeout, env) {
    const { directory, targetDirectory } = this.#tree;
    return run(program, args, { cwd: directory, timeout, env: { ...env, CARGO_TARGET_DIR: targetDirectory } });
  }
}

function fromCargo(target, { code, tookTooLong, stdout, stderr }) {
  const log = stdout + stderr;
  const [, running = 0] = /^running (\d+) tests?$/m.exec(stdout) ?? [];
  const result = /^test result: .*?(\d+) passed; (\d+) failed/m.exec(stdout);
  const figures = figuresOfCargo(target, stdout);
  if (result) return { ran: Number(running), failed: Number(result[2]), figures, log };
  // Neither passed nor failed: it hung, or took the process with it.
  const how = tookTooLong ? 'did not end' : 'crashed';
  return { ran: Number(running), failed: code === 0 ? 0 : Number(running), how, figures, log };
}

function fromNode(test, { code, tookTooLong, stdout, stderr }) {
  const lines = stdout.split('\n').filter((line) => line.startsWith('{'));
  const events = lines.map((line) => JSON.parse(line));
  const count = (...outcomes) => events.filter(({ outcome }) => outcomes.includes(outcome)).length;
  const log = stdout + stderr;
  if (count('unloadable') > 0) return { unbuilt: log };
  const figures = figuresOfNode(test.file, stdout);
  if (tookTooLong) return { ran: 1, failed: 1, how: 'did not end', figures, log };
  if (count('crashed') > 0) return { ran: 1, failed: 1, how: 'crashed', figures, log };
  const [ran, failed] = [count('passed', 'failed'), count('failed')];
  return { ran, failed: failed === 0 && code !== 0 && ran > 0 ? 1 : failed, figures, log };
}
