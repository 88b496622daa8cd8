// Runs test files of __test__ on a Node, each in a process of its own.

import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { projectDirectory } from '../../__test__/support/reference-packages.mjs';
import { add, none, printProgram } from './counts.mjs';
import { run } from './run.mjs';

/**
 * Runs the files whose name contains one of `texts` (all without any), `atOnce` of them at the same time, and `more` from the
 * moment that `when` is resolved. Prints a line for each as it ends. Returns the counts of all.
 */
export async function testOnNode(part, node, { texts, atOnce, more, when, env }) {
  const waiting = filesNamed(texts);
  let total = none;
  const work = async () => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      const counts = await testFile(part, node, file, env);
      total = add(total, counts);
    }
  };
  const workers = Array.from({ length: atOnce }, work);
  when.then(() => workers.push(...Array.from({ length: more }, work)));
  // This waits for workers that are added meanwhile as well.
  for (const worker of workers) await worker;
  return total;
}

function filesNamed(texts) {
  return readdirSync(join(projectDirectory, '__test__'))
    .filter((file) => file.endsWith('.test.mjs'))
    .filter((file) => texts.length === 0 || texts.some((text) => file.includes(text)))
    .map((file) => `__test__/${file}`);
}

const FLAGS = [
  '--disable-warning=ExperimentalWarning',
  '--test-reporter=./scripts/tests/report-counts.mjs',
  '--test-reporter-destination=stdout',
];

async function testFile(part, node, file, env) {
  const started = Date.now();
  const options = { env: { ...process.env, ...env }, quiet: true };
  const { code, stdout, stderr } = await run(node, [...FLAGS, file], options);
  const { failures = [], ...reported } = lastLineOf(stdout);
  const counts = { ...none, ...reported, milliseconds: Date.now() - started };
  // A file that could not be loaded, or crashed, has no failed test to name.
  if (code !== 0 && counts.failed === 0) counts.failed = 1;
  if (counts.passed + counts.failed + counts.skipped > 0) printProgram(part, basename(file, '.test.mjs'), counts);
  if (counts.failed > 0) console.log([...failures, stderr].join('\n').replace(/^/gm, '    '));
  return counts;
}

/** The output of the reporter; empty if the process ended before it wrote any. */
function lastLineOf(text) {
  const line = text.trimEnd().split('\n').at(-1);
  return line.startsWith('{"passed"') ? JSON.parse(line) : {};
}
