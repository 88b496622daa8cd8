// Runs one sequence of operations on both stores and reports the first difference.

import { join } from 'node:path';
import { allow } from './allowed-differences.mjs';
import { faultsOf } from './faults.mjs';
import { materialize } from './materialize.mjs';
import { attempt, differenceOf, kindOfError, show } from './outcome.mjs';
import {
  atTime,
  isBorrowed,
  isOnFile,
  nestTransactions,
  places,
  ReferenceStore,
  Side,
  withGreatNumbers,
} from './sides.mjs';

/** Operations of the caller's on its own handle, beside the store. */
const callerSql = {
  begin: 'BEGIN',
  commit: 'COMMIT',
  rollback: 'ROLLBACK',
  countRows: 'SELECT (SELECT count(*) FROM cases), (SELECT count(*) FROM scores), (SELECT count(*) FROM prompts)',
  readNames:
    'SELECT s.name, r.name, r.status FROM suites s LEFT JOIN runs r ON r.suite_id = s.id ORDER BY s.rowid, r.rowid',
  renameOldestSuite: "UPDATE suites SET name = name || '+' WHERE rowid = (SELECT min(rowid) FROM suites)",
  deleteSomeScores: 'DELETE FROM scores WHERE rowid % 7 = 0',
};

/** Weights of the operations that only some places know. */
export function extraOperations(place) {
  return {
    ...(isBorrowed(place) && {
      begin: 3,
      commit: 3,
      rollback: 1,
      countRows: 2,
      readNames: 2,
      renameOldestSuite: 1,
      deleteSomeScores: 0.5,
    }),
    ...(isOnFile(place) && { exchange: 1.5 }),
  };
}

export class Sequence {
  #reference;
  #candidate;
  #adapted;
  #usesProtoScorer = false;
  #exchanged = false;
  /** Names of the allowed differences that were met, with how often. */
  used = new Map();
  /** How many calls were compared. */
  calls = 0;

  /**
   * @param options.place a key of `places`
   * @param options.directory where files go
   * @param options.Store the class under test
   * @param options.adapted whether the allowed differences apply (not when the reference is compared with itself)
   */
  constructor({ place, directory, Store, adapted = true }) {
    this.place = place;
    this.#adapted = adapted;
    this.#reference = new Side(ReferenceStore, places[place].reference, join(directory, 'reference.db'));
    this.#candidate = new Side(Store, places[place].candidate, join(directory, 'candidate.db'));
  }

  /** Runs the operations and then reads everything. Returns the first difference, `undefined` when there is none. */
  run(operations) {
    this.#reference.ids = { suite: [], run: [], prompt: [] };
    this.#candidate.ids = { suite: [], run: [], prompt: [] };
    try {
      const { error } = attempt(() => this.#open());
      if (error) return { index: -1, operation: { method: 'open', args: [] }, difference: error.stack };
      return this.#runAll(operations) ?? this.#runAll(this.#readsOfEverything());
    } finally {
      this.#reference.discard();
      this.#candidate.discard();
    }
  }

  #open() {
    this.#reference.open();
    this.#candidate.open();
    if (this.#adapted && isBorrowed(this.place)) nestTransactions(this.#reference.handle);
  }

  #runAll(operations) {
    for (const [index, operation] of operations.entries()) {
      const { value: difference, error } = attempt(() => this.#step(operation));
      if (difference || error)
        return { index, operation, difference: difference ?? `the test stopped: ${error.stack}` };
    }
    return undefined;
  }

  #readsOfEverything() {
    const runs = this.#reference.ids.run.map((_, n) => ({ $: 'run', n }));
    return [
      ...(isBorrowed(this.place) ? [{ method: 'commit', args: [] }] : []),
      { method: 'listSuites', args: [] },
      { method: 'listRuns', args: [] },
      { method: 'listPrompts', args: [] },
      ...runs.flatMap((run) => [
        { method: 'getCases', args: [run] },
        { method: 'getFailingCases', args: [run, Infinity] },
        { method: 'getRunSummary', args: [run] },
      ]),
    ];
  }

  #step(operation) {
    if (operation.method === 'exchange') return this.#exchange();
    if (Object.hasOwn(callerSql, operation.method)) return this.#callerStep(operation.method);
    this.calls++;
    const difference = this.#compare(operation);
    if (difference || !isBorrowed(this.place)) return difference;
    return this.#reference.inTransaction === this.#candidate.inTransaction
      ? undefined
      : `${operation.method} ${this.#candidate.inTransaction ? 'left a transaction open' : "ended the caller's transaction"}`;
  }

  #callerStep(method) {
    const open = this.#reference.inTransaction;
    if (method === 'begin' ? open : (method === 'commit' || method === 'rollback') && !open) return undefined;
    const [expected, actual] = [this.#reference, this.#candidate].map((side) =>
      attempt(() => side.query(callerSql[method])),
    );
    return differenceOf([expected.value, expected.error?.message], [actual.value, actual.error?.message], sameText);
  }

  /** Each store goes on with the file that the other one wrote. */
  #exchange() {
    const [reference, candidate] = [this.#reference, this.#candidate];
    if (isBorrowed(this.place)) for (const side of [reference, candidate]) if (side.inTransaction) side.query('COMMIT');
    reference.close();
    candidate.close();
    [reference.path, candidate.path] = [candidate.path, reference.path];
    [reference.ids, candidate.ids] = [candidate.ids, reference.ids];
    this.#open();
    this.#exchanged = true;
    return undefined;
  }

  #compare(operation) {
    const { method } = operation;
    const boom = new Error("the caller's own error");
    const [candidate, reference] = [this.#candidate, this.#reference].map((side) => {
      const trace = [];
      return { side, trace, args: operation.args.map((arg) => materialize(arg, side.ids, { boom, trace })) };
    });
    const from = Date.now();
    const actual = attempt(() => candidate.side.store[method](...candidate.args));
    const until = Date.now();
    const time = stampedTime(method, candidate, actual);
    if (time !== undefined && !(time >= from - 2 && time <= until + 2))
      return `stamped ${show(time)}, not the time of the call, ${from}`;

    const faults = faultsOf(operation);
    if (this.#adapted && faults.refused.length > 0) return this.#expectRefusal(operation, actual, boom, faults);
    const ask = (...call) => reference.side.store[call[0]](...call.slice(1));
    const outcome = attempt(() => atTime(time ?? until, () => ask(method, ...reference.args)));
    if (faults.usesProtoScorer) this.#usesProtoScorer = true;
    const call = {
      method,
      args: candidate.args,
      outcome,
      actual,
      boom,
      faults: faults.count,
      usesProtoScorer: this.#usesProtoScorer,
      exchanged: this.#exchanged,
      reference: { idOf: (id) => this.#translate(id, candidate.side, reference.side) },
      askReference: ask,
      withGreatNumbers: (onRows) => attempt(() => withGreatNumbers(() => ask(method, ...reference.args), onRows)),
    };
    if (this.#adapted) this.#count(allow(call));
    return (
      this.#rememberMade(call) ??
      this.#differenceOfOutcomes(call) ??
      ('error' in actual
        ? undefined
        : differenceOf(reference.trace, candidate.trace, sameText, "what ran of the caller's code"))
    );
  }

  #count(names) {
    for (const name of names) this.used.set(name, (this.used.get(name) ?? 0) + 1);
  }

  #expectRefusal(operation, actual, boom, faults) {
    this.#count(faults.refused);
    if (!('error' in actual)) return `returned ${show(actual.value)}, expected a refusal: ${faults.refused.join(', ')}`;
    const { code } = actual.error;
    if (code === INTERNAL) return `threw ${show(actual.error)}`;
    if (code === 'ERR_RUNSTORE_INVALID_ARGUMENT' && kindOfError(actual.error, boom) === 'argument') return undefined;
    // Beside what is refused there may be another fault in the arguments, and runstore may meet that one first.
    const isOtherFault =
      faults.count > faults.refused.length ||
      (operation.method.startsWith('save') && code === 'ERR_RUNSTORE_CONSTRAINT');
    return isOtherFault
      ? undefined
      : `threw ${show(actual.error)}, expected ERR_RUNSTORE_INVALID_ARGUMENT: ${faults.refused.join(', ')}`;
  }

  #differenceOfOutcomes({ outcome, actual, boom }) {
    if ('error' in outcome !== 'error' in actual) {
      const [did, should] = [actual, outcome].map((it) =>
        'error' in it ? `threw ${show(it.error)}` : `returned ${show(it.value)}`,
      );
      return `${did}; the reference ${should}`;
    }
    if ('error' in outcome) return this.#differenceOfErrors(outcome.error, actual.error, boom);
    return differenceOf(outcome.value, actual.value, (id) => this.#translate(id, this.#reference, this.#candidate));
  }

  #differenceOfErrors(expected, actual, boom) {
    const [should, did] = [expected, actual].map((error) => kindOfError(error, boom));
    if (actual.code === INTERNAL) return `threw ${show(actual)}`;
    if (should !== did) return `threw ${show(actual)} (${did}); the reference threw ${show(expected)} (${should})`;
    // Errors of the JavaScript engine (a cycle, a BigInt, no iterator) have no code and may pass through as they are.
    const isOurs = /^ERR_RUNSTORE_/.test(actual.code);
    if (this.#adapted && did !== 'own' && !isOurs && expected.code)
      return `threw ${show(actual)}, which is no RunStoreError`;
    if (isOurs && CONSTRAINTS.has(expected.errcode) && actual.code !== 'ERR_RUNSTORE_CONSTRAINT') {
      return `threw ${show(actual)}; the reference threw ${show(expected)}`;
    }
    return undefined;
  }

  /** Notes the ids of what was made, which each store chooses for itself. */
  #rememberMade({ method, outcome, actual }) {
    const kind = { createSuite: 'suite', createRun: 'run', createPrompt: 'prompt' }[method];
    if (!kind || 'error' in actual || 'error' in outcome) return undefined;
    const [referenceId, candidateId] = [outcome.value, actual.value].map((made) => made?.id ?? made);
    this.#reference.ids[kind].push(referenceId);
    this.#candidate.ids[kind].push(candidateId);
    return UUID.test(candidateId) ? undefined : `made the id ${show(candidateId)}, which is no UUID v4 or v7`;
  }

  #translate(id, from, to) {
    for (const kind of ['run', 'suite', 'prompt']) {
      const index = from.ids[kind].lastIndexOf(id);
      if (index >= 0) return to.ids[kind][index];
    }
    return id;
  }
}

/** SQLite's codes of a duplicate id and of a reference to nothing. */
const CONSTRAINTS = new Set([1555, 2067, 787]);

/** The code of an error that is a bug, whatever the reference does. */
const INTERNAL = 'ERR_RUNSTORE_INTERNAL';

const sameText = (text) => text;

/** The reference makes v4, runstore v7 where ids are many. */
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[47][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** The time that the candidate took for this call, `undefined` when it took none. */
function stampedTime(method, { side, args }, actual) {
  if ('error' in actual) return undefined;
  if (method === 'createSuite' || method === 'createPrompt') return actual.value?.created_at;
  if (method === 'createRun') return attempt(() => side.store.getRun(actual.value)).value?.started_at;
  if (method === 'finishRun') return attempt(() => side.store.getRun(args[0])).value?.finished_at;
  if (method === 'resetRun') return attempt(() => side.store.getRun(args[0])).value?.started_at;
  return undefined;
}
