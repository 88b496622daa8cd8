// What an id does that no run or suite has: methods of the reference read nothing, as there; others refuse it by name,
// unless their documentation says what they return.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { RunStore } from 'runstore';
import { Archive } from 'runstore/archive';
import { calibrate, compare, gate, judgeAgreement } from 'runstore/comparison';
import {
  archiveRun,
  deleteRunFile,
  exportRun,
  htmlReport,
  listAnnotations,
  readRunFile,
  writeRunFile,
} from 'runstore/report';
import { exportEvalStore } from 'runstore/tinker';
import { onEveryConnection } from './support/conformance.mjs';
import { newRun } from './support/data.mjs';
import { projectDirectory } from './support/reference-packages.mjs';

const ID = 'no-such-id';
const turn = { role: 'user', content: 'hello' };
const result = { benchmark: 'b', score: 1, num_examples: 1, num_correct: 1 };

/** The methods of the reference: they change and return nothing. */
const ofReference = [
  ...[
    'getSuite',
    'renameSuite',
    'deleteSuite',
    'finishRun',
    'getRun',
    'listRuns',
    'getLatestCompletedRun',
    'renameRun',
  ],
  ...['resetRun', 'deleteRun', 'getCases', 'getFailingCases', 'getRunSummary', 'getPrompt', 'deletePrompt'],
];

/** The others that refuse the id, with their other arguments. */
const refusing = {
  updateRun: [{ tags: ['a'] }],
  resumeRun: [],
  saveResults: [[{ idx: 0, input: 'question' }]],
  failedCases: [],
  iterateCases: [],
  countCases: [],
  saveBenchmarkResult: [result],
  listBenchmarks: [],
  finalizeRun: [],
  saveTrajectories: [[{ benchmark: 'b', idx: 0, turns: [turn] }]],
  appendTurns: ['b', 0, [turn]],
  getTrajectories: [],
  iterateTrajectories: [],
  setBaseline: ['a run'],
  listBaselines: [],
  history: [],
  trend: [{ scorer: 'a' }],
  setThresholds: [{ a: { passFloor: 1 } }],
  getScorecard: [],
};

/** Those that return something, as their documentation says, with their other arguments. */
const returning = {
  getRunOwner: { of: [], what: undefined },
  missingCases: { of: [['key']], what: ['key'] },
  getRunReport: { of: [] },
  getBenchmarkResult: { of: ['b'], what: undefined },
  readSummary: { of: [], what: undefined },
  getTrajectory: { of: ['b', 0], what: undefined },
  deleteTrajectory: { of: ['b', 0], what: false },
  getBaseline: { of: [], what: undefined },
  removeBaseline: { of: ['main'], what: false },
  getThresholds: { of: [], what: {} },
};

/** The error that an unknown id leads to. */
const isRefusal = ({ name, code, message }) =>
  name === 'RunStoreError' && /NOT_FOUND|CONSTRAINT/.test(code) && message.includes(`"${ID}"`);

async function collected(rows) {
  if (typeof rows?.[Symbol.asyncIterator] !== 'function') return rows;
  const all = [];
  for await (const row of rows) all.push(row);
  return all;
}

onEveryConnection((open) => {
  for (const [method, args] of Object.entries(refusing)) {
    test(`${method} refuses an unknown id by name`, async (t) => {
      const store = open(t);
      await newRun(store);
      await assert.rejects(async () => collected(await store[method](ID, ...args)), isRefusal);
      const isWrong = { name: 'TypeError', code: 'ERR_RUNSTORE_INVALID_ARGUMENT' };
      await assert.rejects(async () => collected(await store[method](null, ...args)), isWrong);
    });
  }

  for (const [method, { of, what }] of Object.entries(returning)) {
    test(`${method} returns what its documentation says of an unknown id`, async (t) => {
      const found = await open(t)[method](ID, ...of);
      if (method === 'getRunReport') assert.equal(found.totalCases, 0);
      else assert.deepEqual(found, what);
    });
  }

  test('a run without rows is not an unknown one', async (t) => {
    const store = open(t);
    const runId = await newRun(store);
    for (const method of ['failedCases', 'iterateCases', 'listBenchmarks', 'iterateTrajectories']) {
      assert.deepEqual(await collected(await store[method](runId)), [], method);
    }
    assert.equal(await store.countCases(runId), 0);
    assert.deepEqual(await store.getTrajectories(runId), { trajectories: [], cursor: null });
    const { suite_id } = await store.getRun(runId);
    assert.deepEqual([await store.listBaselines(suite_id), await store.history(suite_id)], [[], []]);
    assert.equal((await store.trend(suite_id, { scorer: 'a' })).n_runs, 0);
  });

  test('prune and recoverRuns refuse an unknown suite', async (t) => {
    const store = open(t);
    await assert.rejects(async () => store.prune({ keep: 1, suiteId: ID }), isRefusal);
    await assert.rejects(async () => store.recoverRuns({ suiteId: ID }), isRefusal);
  });
});

test('each method that takes an id first is in one of the lists', () => {
  const declared = readFileSync(join(projectDirectory, 'index.d.ts'), 'utf8');
  const store = declared.slice(declared.indexOf('export class RunStore<'));
  const methods = [...store.matchAll(/^ {2}(\w+)(?:<[^(]*>)?\(\s*(?:runId|suiteId|id)\??: /gm)].map(([, name]) => name);
  const listed = [...ofReference, ...Object.keys(refusing), ...Object.keys(returning)];
  assert.deepEqual([...new Set(methods)].sort(), listed.sort());
});

describe('functions of the other entries', () => {
  let directory;
  let store;
  let runId;

  before(async () => {
    directory = mkdtempSync(join(tmpdir(), 'runstore-unknown-'));
    store = new RunStore(':memory:');
    runId = await newRun(store);
  });

  after(() => {
    store.close();
    rmSync(directory, { recursive: true, force: true });
  });

  const functions = {
    compare: () => compare(store, runId, ID),
    gate: () => gate(store, ID, runId),
    judgeAgreement: () => judgeAgreement(store, ID, { human: 'a', judge: 'b' }),
    calibrate: () => calibrate(store, ID),
    htmlReport: () => htmlReport(store, ID),
    'htmlReport with a baseline': () => htmlReport(store, runId, { baseline: ID }),
    listAnnotations: () => listAnnotations(store, ID),
    writeRunFile: () => writeRunFile(store, [runId, ID], { resultsDir: directory }),
    exportRun: () => exportRun(store, ID, { format: 'csv' }),
    'exportRun with progress': () => exportRun(store, ID, { format: 'csv', onProgress() {} }),
    readRunFile: () => readRunFile(join(directory, `"${ID}"`)),
    deleteRunFile: () => deleteRunFile(ID, directory),
    archiveRun: () => archiveRun(store, ID, join(directory, 'run.zip')),
    exportEvalStore: () => exportEvalStore(store, [ID], join(directory, 'evals')),
    'archive.archiveRuns': async () =>
      (await Archive.open(join(directory, 'archive'))).archiveRuns(store, { suite: ID }),
    'archive.importRun': async () => (await Archive.open(join(directory, 'archive'))).importRun(store, ID),
    'archive.loadRun': async () => (await Archive.open(join(directory, 'archive'))).loadRun(ID),
    'archive.deleteRun': async () => (await Archive.open(join(directory, 'archive'))).deleteRun(ID),
    'archive.iterateRun': async () => collected((await Archive.open(join(directory, 'archive'))).iterateRun(ID)),
  };

  for (const [name, call] of Object.entries(functions)) {
    test(`${name} refuses an unknown id by name`, () =>
      assert.rejects(
        async () => call(),
        (error) => {
          assert.ok(isRefusal(error), `${error.code} ${error.message}`);
          const [said] = name.split(/[ .]/).slice(name.startsWith('archive.') ? 1 : 0);
          assert.match(error.message, new RegExp(`^${said}: (?!${said})`));
          return true;
        },
      ));
  }
});
