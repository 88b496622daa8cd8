import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const { RunStore } = createRequire(import.meta.url)('../../index.js');
const command = fileURLToPath(new URL('../../bin/runstore.js', import.meta.url));

const COLUMNS = 100;
const COMMANDS = [
  ['gate', 'baseline', 'latest', '--margin', '0.05', '--limit', '3'],
  ['cases', 'latest', '--failed', '--limit', '3'],
];

/** Returns the lines of a terminal, with their colours, in which the baseline and a worse run are compared. */
export function recordSession() {
  const directory = mkdtempSync(join(tmpdir(), 'runstore-picture-'));
  try {
    recordRuns(join(directory, '.evals/store.db'));
    return COMMANDS.flatMap((args) => [
      `\u001b[1m$ npx runstore ${args.join(' ')}\u001b[0m`,
      ...call(directory, args),
      '',
    ]);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Ids and times are fixed, because the picture shows them. */
function recordRuns(path) {
  const store = new RunStore(path);
  const { id: suite_id } = store.createSuite('multiplication');
  const evaluate = ({ id, name, startedAt, latency, slips }) => {
    store.createRun({ suite_id, id, name, model: 'gpt-x', startedAt });
    store.saveResults(
      id,
      Array.from({ length: 200 }, (_, idx) => multiply(idx, latency, slips(idx))),
    );
    store.finishRun(id, 'completed', store.getRunSummary(id));
  };
  const main = '3f2a9c1e-5b7d-4e08-9a61-0c4d8f7b2e15';
  evaluate({
    id: main,
    name: 'main',
    startedAt: new Date('2026-11-02T08:00:00Z'),
    latency: 480,
    slips: (idx) => idx % 15 === 4,
  });
  evaluate({
    id: 'b81d0e47-92c6-4f3a-8d25-6e9f1a7c3b04',
    name: 'shorter prompt',
    startedAt: new Date('2026-11-03T09:30:00Z'),
    latency: 390,
    slips: (idx) => idx % 15 === 4 || idx % 7 === 2,
  });
  store.setBaseline(suite_id, main);
  store.close();
}

/** A case whose answer is ten too much when the model slips. */
function multiply(idx, latency, slips) {
  const [a, b] = [11 + (idx % 20), 13 + ((7 * idx) % 61)];
  const [expected, output] = [String(a * b), String(a * b + (slips ? 10 : 0))];
  return {
    idx,
    key: `${a}x${b}`,
    input: `${a} × ${b} = ?`,
    output,
    expected,
    latency_ms: latency + ((37 * idx) % 200),
    scores: { exact: slips ? 0 : 1 },
  };
}

function call(directory, args) {
  const { NO_COLOR, CLICOLOR_FORCE, RUNSTORE_DB, ...env } = process.env;
  const { stdout, stderr, error } = spawnSync(process.execPath, [command, ...args, '--color', 'always'], {
    cwd: directory,
    encoding: 'utf8',
    env: { ...env, COLUMNS: String(COLUMNS) },
  });
  if (error !== undefined || stderr !== '') throw error ?? new Error(stderr);
  return stdout.trimEnd().split('\n');
}
