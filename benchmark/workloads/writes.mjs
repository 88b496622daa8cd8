/** Saving. The clock includes close() and its checkpoint: work that is put off is still work. */

import { strict as assert } from 'node:assert';
import { assignRun } from '../data.mjs';
import { startRun } from '../fixtures.mjs';
import { clocked } from '../pairing.mjs';
import { longestBlockDuring } from './event-loop.mjs';

/** Opens a fresh store, on a file of its own or in memory, with a run to save into. */
function freshRun(subject, where, scratch) {
  const path = where === 'memory' ? ':memory:' : scratch.path('write.db');
  const { store, close } = subject.open(path);
  return { store, close, path, runId: startRun(store) };
}

/** Returns a trial that opens a fresh store, calls `write(run)` and close() on the clock, and then `check`s the file. */
function writing({ prepare, write, check }) {
  return (subject, row, variant, { fixtures, scratch, checking }) => {
    const rows = fixtures.rows(row.size, variant);
    const before = () => {
      const run = freshRun(subject, row.where, scratch);
      prepare?.(run, rows);
      return run;
    };
    const work = (run) => {
      write(run, rows);
      run.close();
    };
    const after = (_, run) => {
      if (checking && row.where === 'file') checkFile(subject, run, (store) => check(store, run, rows));
      scratch.remove(run.path);
    };
    return { measure: () => clocked({ before, work, after }) / (row.calls ?? 1) };
  };
}

function checkFile(subject, { path }, check) {
  const { store, close } = subject.open(path);
  check(store);
  close();
}

function prepareCases({ runId }, { cases }) {
  assignRun(cases, runId);
}

function prepareScores({ store, runId }, { cases }) {
  assignRun(cases, runId);
  store.saveCases(cases);
}

const hasAllCases = (store, { runId }, { cases }) => assert.equal(store.getCases(runId).length, cases.length);

function hasAllScores(store, { runId }, { scores }) {
  const saved = store.getFailingCases(runId, Infinity).flatMap((row) => row.scores);
  assert.equal(saved.length, scores.length);
}

/** Asks the Rust program for the same work; the file and its schema come from runstore. */
function limitOf(op) {
  return (row, { limit, fixtures, scratch, runstore }) => {
    const lines = fixtures.lines(row.size);
    const measure = async () => {
      const run = freshRun(runstore, 'file', scratch);
      run.close();
      const request = { op, path: run.path, run: run.runId, memory: row.where === 'memory', ...(await lines) };
      const ms = await limit.ask(request);
      scratch.remove(run.path);
      return ms / (row.calls ?? 1);
    };
    return { measure };
  };
}

/** Longest time for which saving keeps the event loop from anything else; runstore's with promises. */
export const blockOfSaveCases = {
  trial(subject, { size }, variant, { fixtures, scratch }) {
    const { cases } = fixtures.rows(size, variant);
    const measure = async () => {
      const run = freshRun(subject, 'file', scratch);
      assignRun(cases, run.runId);
      run.close();
      const { store, close } = (subject.openPromises ?? subject.open)(run.path);
      const longest = await longestBlockDuring(() => store.saveCases(cases));
      await close();
      scratch.remove(run.path);
      return longest;
    };
    return { measure };
  },
};

export const saveCases = {
  trial: writing({
    prepare: prepareCases,
    write: ({ store }, { cases }) => store.saveCases(cases),
    check: hasAllCases,
  }),
  limit: limitOf('saveCases'),
};

export const saveScores = {
  trial: writing({
    prepare: prepareScores,
    write: ({ store }, { scores }) => store.saveScores(scores),
    check: hasAllScores,
  }),
  limit: limitOf('saveScores'),
};

export const saveEachCase = {
  trial: writing({
    prepare: prepareCases,
    write({ store }, { cases }) {
      for (const row of cases) store.saveCases([row]);
    },
    check: hasAllCases,
  }),
  limit: limitOf('saveEachCase'),
};

export const saveEachScore = {
  trial: writing({
    prepare: prepareScores,
    write({ store }, { scores }) {
      for (const row of scores) store.saveScores([row]);
    },
    check: hasAllScores,
  }),
  limit: limitOf('saveEachScore'),
};

export const createRun = {
  trial: writing({
    write({ store, runId }, { cases }) {
      const { suite_id, config } = store.getRun(runId);
      for (const { idx } of cases) store.createRun({ suite_id, name: `run ${idx}`, model: 'model-a', config });
    },
    check: (store, { runId }) => assert.equal(store.getRun(runId).status, 'running'),
  }),
  limit: limitOf('createRun'),
};
