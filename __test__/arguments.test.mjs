// Arguments are checked before anything is done, and the error names the operation and the argument.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RunStoreError } from 'runstore';
import { onEveryConnection } from './support/conformance.mjs';
import { newCase, newRun } from './support/data.mjs';

const notText = [undefined, 1, true, {}, [], Symbol('s'), 1n, new Date(0), () => 'x'];

/** Every argument that is text: method, arguments before it, name, and what it also takes. */
const texts = [
  ['createSuite', [], 'name'],
  ['getOrCreateSuite', [], 'name'],
  ['uniteSuites', [], 'name'],
  ['getSuite', [], 'id', null],
  ['findSuiteByName', [], 'name', null],
  ['renameSuite', [], 'id', null],
  ['renameSuite', ['id'], 'name'],
  ['deleteSuite', [], 'id', null],
  ['finishRun', [], 'runId', null],
  ['getRun', [], 'runId', null],
  ['listRuns', [], 'suiteId', null, undefined],
  ['getLatestCompletedRun', [], 'suiteId', null],
  ['getLatestCompletedRun', ['id'], 'model', null, undefined],
  ['renameRun', [], 'id', null],
  ['renameRun', ['id'], 'name'],
  ['resetRun', [], 'id', null],
  ['deleteRun', [], 'id', null],
  ['saveResults', [], 'runId'],
  ['getCases', [], 'runId', null],
  ['iterateCases', [], 'runId', null],
  ['countCases', [], 'runId', null],
  ['getFailingCases', [], 'runId', null],
  ['getRunSummary', [], 'runId', null],
  ['createPrompt', [], 'name'],
  ['createPrompt', ['name'], 'content'],
  ['getPrompt', [], 'id', null],
  ['getLatestPrompt', [], 'name'],
  ['getPromptVersion', [], 'name'],
  ['deletePrompt', [], 'id', null],
  ['setBaseline', [], 'suiteId'],
  ['setBaseline', ['id'], 'runId'],
  ['setBaseline', ['id', 'id'], 'name', undefined],
  ['getBaseline', [], 'suiteId', null],
  ['getBaseline', ['id'], 'name', undefined],
  ['listBaselines', [], 'suiteId', null],
  ['removeBaseline', [], 'suiteId', null],
  ['removeBaseline', ['id'], 'name'],
  ['history', [], 'suiteId', null],
  ['trend', [], 'suiteId', null],
  ['updateRun', [], 'runId'],
  ['getRunReport', [], 'runId', null],
  ['setThresholds', [], 'suiteId'],
  ['getThresholds', [], 'suiteId', null],
  ['getScorecard', [], 'runId'],
  ['saveBenchmarkResult', [], 'runId'],
  ['getBenchmarkResult', [], 'runId', null],
  ['getBenchmarkResult', ['id'], 'benchmark'],
  ['listBenchmarks', [], 'runId', null],
  ['finalizeRun', [], 'runId'],
  ['readSummary', [], 'runId', null],
  ['saveTrajectories', [], 'runId'],
  ['appendTurns', [], 'runId'],
  ['appendTurns', ['id'], 'benchmark'],
  ['getTrajectories', [], 'runId', null],
  ['getTrajectory', [], 'runId', null],
  ['getTrajectory', ['id'], 'benchmark'],
  ['iterateTrajectories', [], 'runId', null],
  ['missingCases', [], 'runId', null],
  ['failedCases', [], 'runId', null],
  ['resumeRun', [], 'runId'],
  ['getRunOwner', [], 'runId', null],
];

/** What has to stand behind an argument for the call to be right. */
const behind = {
  renameSuite: ['x', 'x'],
  renameRun: ['x', 'x'],
  finishRun: ['x', 'completed'],
  saveResults: ['x', []],
  createPrompt: ['x', 'x'],
  getPromptVersion: ['x', 1],
  setBaseline: ['x', 'x'],
  removeBaseline: ['x', 'x'],
  trend: ['x', { scorer: 'x' }],
  updateRun: ['x', { tags: [] }],
  saveBenchmarkResult: ['x', { benchmark: 'x', score: 1, num_examples: 1, num_correct: 1 }],
  getBenchmarkResult: ['x', 'x'],
  saveTrajectories: ['x', []],
  appendTurns: ['x', 'x', 0, []],
  getTrajectory: ['x', 'x', 0],
  missingCases: ['x', [0]],
};

onEveryConnection((open) => {
  for (const [method, before, name, ...alsoTaken] of texts) {
    test(`${method}: ${name} must be a string`, async (t) => {
      const store = open(t);
      for (const bad of [null, ...notText].filter((value) => !alsoTaken.includes(value))) {
        const args = [...before, bad, ...(behind[method] ?? []).slice(before.length + 1)];
        await assert.rejects(
          async () => store[method](...args),
          (error) => {
            assert.ok(error instanceof TypeError && error instanceof RunStoreError);
            assert.equal(error.code, 'ERR_RUNSTORE_INVALID_ARGUMENT');
            assert.ok(error.message.startsWith(`${method}: ${name} must be a string, not `), error.message);
            return true;
          },
        );
      }
    });
  }

  for (const [field, value, message] of [
    ['suite_id', undefined, /run\.suite_id must be a string, not undefined/],
    ['suite_id', null, /run\.suite_id must be a string, not null/],
    ['name', 1, /run\.name must be a string, not the number 1/],
    ['model', {}, /run\.model must be a string, not an object \(Object\)/],
    ['id', null, /run\.id must be a string, not null/],
    ['config', () => 1, /run\.config must be a JSON value, not a function/],
    ['tags', 'nightly', /run\.tags must be an array of strings, not a string/],
    ['tags', ['a', 1], /run\.tags\[1\] must be a string, not the number 1/],
    ['metadata', Symbol('x'), /run\.metadata must be a JSON value, not a symbol/],
    ['label', 1, /run\.label must be a string, not the number 1/],
    ['benchmarks', 'gsm8k', /run\.benchmarks must be an array of strings, not a string/],
    ['checkpoint', 'step-1', /run\.checkpoint must be an object, not a string/],
    ['checkpoint', {}, /run\.checkpoint must have a name or a path/],
    ['checkpoint', { name: 'a', step: 1 }, /run\.checkpoint\.step is not known; there are name, path/],
    ['git', 'main', /run\.git must be an object, not a string/],
    ['git', { dirty: 1 }, /run\.git\.dirty must be true, false or null, not the number 1/],
    ['startedAt', '2026-01-01', /run\.startedAt must be a Date or milliseconds, not a string/],
  ]) {
    test(`createRun: run.${field} ${typeof value} is refused`, async (t) => {
      const store = open(t);
      const suite_id = (await store.createSuite('s')).id;
      await assert.rejects(async () => store.createRun({ suite_id, name: 'n', model: 'm', [field]: value }), {
        name: 'TypeError',
        message,
      });
      assert.deepEqual(await store.listRuns(), []);
    });
  }

  for (const [field, wanted, values] of [
    ['id', 'a string', [null, 1, {}, Number.NaN]],
    ['run_id', 'a string', [undefined, null, 1]],
    ['idx', 'a number', [undefined, null, Number.NaN, '7', true, 5n, {}]],
    ['input', 'a JSON value', [undefined, () => 1, Symbol('x'), { toJSON: () => undefined }]],
    ['output', 'a string', [undefined, 5, true, {}, Buffer.from('x')]],
    ['expected', 'a JSON value', [() => 1, Symbol('x')]],
    ['latency_ms', 'a number', [undefined, '7', true, 5n]],
    ['tokens_in', 'a number', [undefined, '7', true, 5n]],
    ['tokens_out', 'a number', [undefined, '7', true, 5n]],
    ['error', 'a string', [5, {}, true]],
    ['key', 'a string', [5, {}]],
    ['trial', 'a number', ['1', Number.NaN, 1n]],
    ['benchmark', 'a string', [5]],
    ['cluster', 'a string', [5]],
    ['metadata', 'a JSON value', [() => 1]],
    ['cost_usd', 'a number', ['1', Number.NaN]],
    ['started_at', 'a Date or milliseconds', ['1', {}]],
  ]) {
    test(`saveCases: ${field} must be ${wanted}; a bad one is named by its place, and nothing of the batch is kept`, async (t) => {
      const store = open(t);
      const run_id = await newRun(store);
      for (const value of values) {
        await assert.rejects(
          async () => store.saveCases([newCase(run_id), newCase(run_id, { [field]: value })]),
          (error) => {
            assert.ok(error instanceof TypeError && error instanceof RunStoreError);
            assert.equal(error.code, 'ERR_RUNSTORE_INVALID_ARGUMENT');
            assert.ok(error.message.startsWith(`saveCases: cases[1].${field} must be ${wanted}, not `), error.message);
            return true;
          },
        );
      }
      assert.equal(await store.countCases(run_id), 0);
    });
  }

  for (const [field, value] of [
    ['id', null],
    ['case_id', undefined],
    ['scorer_name', null],
    ['reason', 5],
    ['metadata', () => 1],
    ['answer', 5],
  ]) {
    test(`saveScores: a bad ${field} is refused by its place`, async (t) => {
      const store = open(t);
      const score = { case_id: 'c', scorer_name: 's', score: 1, [field]: value };
      await assert.rejects(async () => store.saveScores([score]), {
        name: 'TypeError',
        message: new RegExp(`^saveScores: scores\\[0\\]\\.${field} must be`),
      });
    });
  }

  test('anything but a list of rows is refused', async (t) => {
    const store = open(t);
    for (const bad of [undefined, null, 5, {}, { length: 1 }, () => []]) {
      await assert.rejects(async () => store.saveCases(bad), {
        name: 'TypeError',
        message: /^saveCases: cases must be an array or another iterable/,
      });
      await assert.rejects(async () => store.saveScores(bad), {
        name: 'TypeError',
        message: /^saveScores: scores must be an array/,
      });
      await assert.rejects(async () => store.saveResults('r', bad), {
        name: 'TypeError',
        message: /^saveResults: results must be an array/,
      });
    }
    for (const bad of [undefined, null, 5, 'text']) {
      await assert.rejects(async () => store.saveCases([bad]), {
        name: 'TypeError',
        message: /^saveCases: cases\[0\] must be an object/,
      });
      await assert.rejects(async () => store.createRun(bad), {
        name: 'TypeError',
        message: /^createRun: run must be an object/,
      });
    }
  });
});
