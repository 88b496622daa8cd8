/**
 * `npm run bench:permutation`: the paired permutation test beside evalsig's own, which is NumPy's. Both draw the same
 * random numbers, so their p-values have to be equal to the last bit.
 *
 * Installs evalsig and NumPy into .bench/python, which needs python3 with venv.
 */

import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { evalsig } from 'runstore/statistics';
import { writeSection } from './document.mjs';
import { projectDirectory } from './reference-packages.mjs';
import { markdownTable } from './table.mjs';

const VERSIONS = ['evalsig==0.1.2', 'numpy==2.4.6'];
const PAIRS = 10_000;
const RESAMPLES = 10_000;
const ROUNDS = 7;

/** Answers each line with the milliseconds that the test took, and its p-value. */
const PYTHON = `
import json, sys, time
import numpy as np
from evalsig.inference import paired_permutation_test
baseline, candidate = (np.array(run) for run in json.loads(sys.stdin.readline()))
for _ in sys.stdin:
    start = time.perf_counter()
    result = paired_permutation_test(baseline, candidate, n_resamples=${RESAMPLES}, rng=0)
    print(json.dumps([(time.perf_counter() - start) * 1000, float(result.p_value)]), flush=True)
`;

function python() {
  const environment = join(projectDirectory, '.bench/python');
  const program = join(environment, 'bin/python');
  if (!existsSync(program)) {
    execFileSync('python3', ['-m', 'venv', environment], { stdio: 'inherit' });
    execFileSync(program, ['-m', 'pip', 'install', '--quiet', ...VERSIONS], { stdio: 'inherit' });
  }
  return program;
}

/** Scores in tenths, so that there are ties, with a difference of about a hundredth. */
function makeRuns() {
  const baseline = Array.from({ length: PAIRS }, (_, at) => ((at * 7919) % 10) / 10);
  const candidate = Array.from({ length: PAIRS }, (_, at) => ((at * 104729 + 3) % 11) / 10);
  return [baseline, candidate];
}

function startReference(runs) {
  const child = spawn(python(), ['-c', PYTHON], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  child.stdin.write(`${JSON.stringify(runs)}\n`);
  return {
    async measure() {
      child.stdin.write('\n');
      return JSON.parse((await lines.next()).value);
    },
    close: () => child.stdin.end(),
  };
}

function measureOurs([baseline, candidate]) {
  const start = performance.now();
  const { pValue } = evalsig.pairedPermutationTest(baseline, candidate, { resamples: RESAMPLES, seed: 0 });
  return [performance.now() - start, pValue];
}

const median = (values) => values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)];

async function main() {
  const { values } = parseArgs({ options: { write: { type: 'boolean', default: false } } });
  const runs = makeRuns();
  const reference = startReference(runs);
  const rounds = [];
  for (let round = 0; round < ROUNDS; round++) {
    const [theirs, expected] = await reference.measure();
    const [ours, pValue] = measureOurs(runs);
    if (pValue !== expected) throw new Error(`p is ${pValue}, not evalsig's ${expected}`);
    rounds.push({ theirs, ours, ratio: theirs / ours });
  }
  reference.close();
  const of = (name) => median(rounds.map((round) => round[name]));
  const table = markdownTable(
    ['work', 'evalsig 0.1.2, NumPy 2.4.6', 'runstore', '×', 'bar'],
    [
      [
        `paired permutation test, ${PAIRS} pairs, ${RESAMPLES} resamples`,
        `${of('theirs').toFixed(0)} ms`,
        `${of('ours').toFixed(0)} ms`,
        `${of('ratio').toFixed(1)}×`,
        '≥ 3×',
      ],
    ],
  );
  console.log(table);
  if (values.write) writeSection('permutation', table);
  if (of('ratio') < 3) process.exitCode = 1;
}

await main();
