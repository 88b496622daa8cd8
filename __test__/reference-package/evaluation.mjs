// A whole evaluation with @deepagents/evals on a given store: everything that the package offers, without any clock,
// network or chance. It prints all that was reported, shown and stored as JSON, with ids replaced by numbers. A
// program of its own, as it changes clock, chance and console.
//
//   node evaluation.mjs <a key of stores.mjs>

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { importPackage } from '../support/reference-packages.mjs';
import { nameIds } from './ids.mjs';
import { recordOutput } from './output.mjs';
import { stores } from './stores.mjs';

const evals = await importPackage('@deepagents/evals');

const capitals = {
  France: 'Paris',
  Spain: 'Madrid',
  Italy: 'Rome',
  Japan: 'Tokyo',
  Peru: 'Lima',
  Chile: 'Santiago',
  Kenya: 'Nairobi',
  India: 'New Delhi',
};
const questions = Object.entries(capitals).map(([country, expected], index) => ({
  input: `Capital of ${country}?`,
  expected,
  ms: 10 + index,
}));

/** Tasks that run at the same time would see each other's latencies. */
const withoutLatency = evals.dataset(questions.map((question) => ({ ...question, ms: 0 })));

/** What the JSON reporter is doing to its file; the package does not wait for it, so we do. */
const reporting = [];

function patient(reporter) {
  const noting = (method) => (data) => reporting.push(reporter[method](data));
  return { ...reporter, onRunStart: noting('onRunStart'), onCaseEnd: noting('onCaseEnd') };
}

/** The model's clock: performance.now() stands still but for the time that a task takes. */
const clock = { now: 0 };

/** A model that knows most capitals, and fails in each way that a model can. */
async function answer({ input, expected, ms }, variant = { name: 'small' }) {
  await Promise.all(reporting);
  clock.now += ms;
  if (input.includes('Spain')) throw new Error('rate limit', { cause: new Error('429') });
  if (input.includes('Italy')) throw 'no route to host'; // a string, as some clients throw
  if (input.includes('Peru')) return { output: '' };
  if (input.includes('Chile'))
    return {
      output: variant.name === 'large' ? 'Santiago' : 'Valparaíso\0"; --',
      usage: { inputTokens: 7, outputTokens: 3 },
    };
  if (input.includes('Kenya')) return new Promise(() => {});
  const isSure = variant.name === 'large' || input.includes('India') || input.includes('France');
  return { output: isSure ? expected : `It is ${expected}.`, usage: { inputTokens: 12, outputTokens: 4 } };
}

const scorers = {
  exact: evals.exactMatch,
  contains: evals.includes,
  close: evals.levenshtein,
  both: evals.all(evals.exactMatch, evals.includes),
  weighted: evals.weighted({
    a: { scorer: evals.includes, weight: 3 },
    b: { scorer: evals.regex(/^\w+$/), weight: 1 },
  }),
  10: async () => ({ score: 0.5, reason: 'always half' }),
  unbounded: async ({ output }) => ({ score: output.length, reason: undefined, metadata: { length: output.length } }),
};

async function main(kind) {
  const directory = mkdtempSync(join(tmpdir(), 'runstore-evals-'));
  const { store, close } = stores[kind](join(directory, 'store.db'));
  const reports = join(directory, 'reports');
  mkdirSync(reports);
  const output = recordOutput();
  performance.now = () => clock.now;
  Math.random = () => 0.25;
  const results = await evaluateEverything(store, reports);
  const printed = output.stop();
  const stored = readStore(store);
  const files = readdirSync(reports).map((file) => [file, readFileSync(join(reports, file), 'utf8')]);
  close();
  rmSync(directory, { recursive: true, force: true });
  const ids = stored.runs.map(({ id }) => id);
  process.stdout.write(JSON.stringify(nameIds({ results, printed, stored, files }, ids)));
}

async function evaluateEverything(store, outputDir) {
  const reporters = [
    patient(evals.jsonReporter({ outputDir, pretty: true })),
    evals.csvReporter({ outputDir }),
    evals.markdownReporter({ outputDir }),
    evals.htmlReporter({ outputDir }),
    evals.consoleReporter({ verbosity: 'verbose' }),
  ];
  const common = {
    name: 'capitals',
    dataset: evals.dataset(questions),
    scorers,
    reporters,
    store,
    timeout: 100,
    maxConcurrency: 1,
  };
  const single = { ...common, model: 'small', task: (item) => answer(item) };
  // Models run at the same time, which reporters that keep a file or a progress bar for one run cannot do.
  const each = {
    ...common,
    dataset: withoutLatency,
    reporters: reporters.slice(1, 4),
    task: answer,
    models: [{ name: 'small' }, { name: 'large' }],
  };
  const results = {};
  const step = async (title, run) => {
    results[title] = await settle(run);
    await Promise.all(reporting);
    await wait(3); // runs start at different milliseconds
  };

  await step('one model', () => evals.evaluate(single));
  await step('the same again, only what failed', () => evals.evaluate(single).failed());
  await step('some of the cases', () => evals.evaluate(single).cases('1,3-4'));
  await step('a sample', () => evals.evaluate(single).sample(3));
  await step('asserted', () => evals.evaluate({ ...single, threshold: 0.9 }).assert());
  await step('two models', () => evals.evaluate(each));
  await step('two models, only what failed', () => evals.evaluate(each).failed());
  await step('several at once', () =>
    evals.evaluate({ ...single, dataset: withoutLatency, name: 'at once', maxConcurrency: 4 }),
  );
  await step('the engine', () => runEngine(store));
  await step('a scorer that throws', () =>
    evals.runEval({
      ...single,
      dataset: evals.dataset(questions.slice(0, 1)),
      scorers: { broken: () => Promise.reject(new Error('no judge')) },
    }),
  );
  await step('comparisons', async () => compareAll(store));
  return results;
}

/** runEval as an own harness uses it: its own run, trials, batches, events. */
async function runEngine(store) {
  const emitter = new evals.EvalEmitter();
  const events = [];
  for (const name of ['run:start', 'case:start', 'case:scored', 'case:error', 'run:end'])
    emitter.on(name, (data) => events.push([name, data]));
  const suite = store.findSuiteByName('capitals');
  const runId = store.createRun({ suite_id: suite.id, name: 'by hand', model: 'large', config: { temperature: 0 } });
  const summary = await evals.runEval({
    name: 'by hand',
    model: 'large',
    dataset: evals.dataset(questions).filter(({ input }) => !input.includes('Kenya')),
    task: (item) => answer(item, { name: 'large' }),
    scorers,
    store,
    emitter,
    runId,
    trials: 3,
    batchSize: 3,
    maxConcurrency: 1,
  });
  return { summary, events };
}

function compareAll(store) {
  const runs = store.listRuns();
  return runs.map((run) =>
    evals.compareRuns(store, runs[0].id, run.id, { tolerance: 0.05, regressionThreshold: 0.01 }),
  );
}

const settle = async (run) => {
  try {
    return { value: await run() };
  } catch (error) {
    return { error: { name: error.name, message: error.message, summary: error.summary } };
  }
};

function readStore(store) {
  const untimed = ({ started_at, finished_at, ...run }) => ({ ...run, finished: finished_at >= started_at });
  const runs = store.listRuns();
  return {
    suites: store.listSuites().map(({ id, name }) => ({ id, name })),
    runs: runs.map(untimed),
    cases: runs.map(({ id }) => store.getCases(id)),
    scores: runs.map(({ id }) => store.getFailingCases(id, Infinity)),
    summaries: runs.map(({ id }) => store.getRunSummary(id)),
  };
}

await main(process.argv[2]);
