/** One of the writers of `npm run bench:writers`: subject, path, start, seconds, module. Prints what it measured. */

import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { uuidV7 } from '../random.mjs';
import { importPackage } from '../reference-packages.mjs';

const [subject, path, startAt, seconds, module] = process.argv.slice(2);
const CASES = 10;
const pause = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

let retries = 0;

/** What a caller of the reference writes around each call. */
function again(action) {
  for (;;) {
    try {
      return action();
    } catch (error) {
      if (!/locked|UNIQUE constraint failed: prompts/.test(error.message)) throw error;
      retries++;
      pause(1 + Math.random());
    }
  }
}

async function open() {
  if (subject === 'runstore') return { store: new (createRequire(module)(module).RunStore)(path), call: (f) => f() };
  const { RunStore } = await importPackage('@deepagents/evals/store');
  return { store: again(() => new RunStore(path)), call: again };
}

const { store, call } = await open();
const suite_id = call(() => store.createSuite('writers')).id;
const times = [];
let rows = 0;

/** One call, measured from outside. */
function timed(count, action) {
  const start = performance.now();
  const value = call(action);
  times.push(performance.now() - start);
  rows += count;
  return value;
}

function round(at) {
  const run_id = timed(1, () => store.createRun({ suite_id, name: `run ${at}`, model: 'model' }));
  for (let batch = 0; batch < 5; batch++) {
    const cases = Array.from({ length: CASES }, (_, idx) => ({
      id: uuidV7(),
      run_id,
      idx: batch * CASES + idx,
      input: { question: `question ${idx}`, context: 'some words of context '.repeat(5) },
      output: 'an answer of some length '.repeat(10),
      expected: 'answer',
      latency_ms: 120,
      tokens_in: 100,
      tokens_out: 50,
    }));
    timed(CASES, () => store.saveCases(cases));
    const scores = cases.map(({ id }) => ({
      id: uuidV7(),
      case_id: id,
      scorer_name: 'exact',
      score: 1,
      reason: 'equal',
    }));
    timed(CASES, () => store.saveScores(scores));
  }
  timed(1, () => store.createPrompt('judge', randomUUID()));
  timed(0, () => store.finishRun(run_id, 'completed'));
}

pause(Number(startAt) - Date.now());
const end = Date.now() + Number(seconds) * 1000;
for (let at = 0; Date.now() < end; at++) round(at);

times.sort((a, b) => a - b);
const quantile = (p) => times[Math.min(times.length - 1, Math.floor(times.length * p))];
const measured = { calls: times.length, rows, p50: quantile(0.5), p99: quantile(0.99), longest: times.at(-1), retries };
process.stdout.write(JSON.stringify(measured));
