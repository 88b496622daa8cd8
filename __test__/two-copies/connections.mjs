// The ways in which one process can use one file: through runstore's own SQLite (`path`), through the SQLite of
// node:sqlite or better-sqlite3 (`foreign`), and through a runstore that borrows a handle of theirs (`borrowed`).

import { RunStore } from 'runstore';
import { nodeSqlite, openBetterSqlite3 } from '../support/reference-packages.mjs';

export const RUN_ID = 'the-run';
const WAIT_MS = 20_000;

/**
 * The foreign copies of SQLite. A test uses one of them at a time beside runstore's: two foreign copies in one process
 * on one file destroy each other's locks whether runstore is there or not, and only their authors can help that.
 */
const openers = {
  'better-sqlite3': (path) => openBetterSqlite3(path, { timeout: WAIT_MS }),
  ...(nodeSqlite && { 'node:sqlite': (path) => new nodeSqlite.DatabaseSync(path, { timeout: WAIT_MS }) }),
};

export const foreignCopies = Object.keys(openers);

/** How one process can use a file, with this foreign copy of SQLite. */
export function connectionsWith(foreign) {
  return {
    path: (path) => storing(new RunStore(path, { busyTimeoutMs: WAIT_MS })),
    foreign: (path) => raw(openers[foreign](path)),
    borrowed: (path) => borrowing(openers[foreign](path)),
  };
}

/** A connection: `write(id)` has saved a case when it returns, `count()` reads how many there are. */
function storing(store, close = () => store.close()) {
  const row = {
    run_id: RUN_ID,
    idx: 0,
    input: 'question',
    output: 'an answer of some length',
    latency_ms: 1,
    tokens_in: 1,
    tokens_out: 1,
  };
  return {
    write: (id) => store.saveCases([{ ...row, id }]),
    count: () => store.countCases(RUN_ID),
    close,
  };
}

function borrowing(handle) {
  const store = new RunStore(handle);
  return storing(store, () => {
    store.close();
    handle.close();
  });
}

function raw(handle) {
  return {
    write: (id) =>
      handle.prepare('INSERT INTO cases (id, run_id, idx, input) VALUES (?, ?, 0, ?)').run(id, RUN_ID, '"question"'),
    count: () => handle.prepare('SELECT count(*) AS count FROM cases WHERE run_id = ?').get(RUN_ID).count,
    close: () => handle.close(),
  };
}

/** Makes a file with one empty run. */
export function makeFile(path) {
  const store = new RunStore(path);
  store.createRun({ id: RUN_ID, suite_id: store.createSuite('stress').id, name: 'stress', model: 'none' });
  store.close();
}

/** Puts a file back into the journal mode that SQLite has by default, as old files are. */
export function changeToRollbackJournal(path) {
  const handle = openBetterSqlite3(path);
  handle.pragma('journal_mode = DELETE');
  handle.close();
}

/** Reads the file when it is no longer in use in this process. */
export function inspectFile(path) {
  const handle = openBetterSqlite3(path);
  try {
    return {
      integrity: handle.pragma('integrity_check', { simple: true }),
      journal: handle.pragma('journal_mode', { simple: true }),
      ids: handle.prepare('SELECT id FROM cases ORDER BY id').pluck().all(),
    };
  } finally {
    handle.close();
  }
}
