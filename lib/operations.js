'use strict';

/**
 * The operations of a store, each written once: they check arguments, and define what is requested from the native
 * store and what is made of the result. How it is requested, and whether a value or a promise is returned, depends on
 * the connection: `direct.js` for `RunStore`, `queued.js` for the `RunStore` of `runstore/promises`.
 *
 * An operation with several steps is a generator: see `steps.js`.
 */

const { BATCH_ROWS, DEFAULT_BASELINE, DEFAULT_ON_CONFLICT, ENDED, LARGEST_PAGE } = require('./constants.js');
const check = require('./arguments/check.js');
const { closest, refuseMisspelt, refuseUnknown } = require('./arguments/known-keys.js');
const { Options } = require('./arguments/options.js');
const { askingAgain, collecting } = require('./rows/damage.js');
const { toArray } = require('./rows/to-array.js');
const { lazy } = require('./lazy.js');
const { CONNECTION } = require('./connection/store-access.js');
const { appending, backingUp, chunkOfTrajectories, pagingTrajectories, saving } = require('./steps.js');

const care = lazy(() => require('./arguments/maintenance.js'));
const history = lazy(() => require('./arguments/history.js'));
const pack = lazy(() => require('./rows/pack.js'));
const packer = lazy(() => require('./rows/packer.js'));
const packTrajectories = lazy(() => require('./rows/pack-trajectory.js'));
const resume = lazy(() => require('./arguments/resume.js'));
const rows = lazy(() => require('./rows/unpack.js'));
const runs = lazy(() => require('./arguments/run.js'));
const scorecards = lazy(() => require('./arguments/scorecard.js'));

const FIELDS_OF_NEW_RUN = [
  'id',
  'suite_id',
  'name',
  'model',
  'config',
  'tags',
  'metadata',
  'label',
  'benchmarks',
  'checkpoint',
  'git',
  'startedAt',
];
const FIELDS_OF_RUN_TO_OPEN = ['suite', 'resume', ...FIELDS_OF_NEW_RUN.filter((field) => field !== 'suite_id')];

/** Whether a new run has fields beyond those of `@deepagents/evals`. */
const hasMore = ({ label, benchmarks, checkpoint, git, startedAt }) =>
  (label ?? benchmarks ?? checkpoint ?? git ?? startedAt ?? null) !== null;

/**
 * Returns the fields of a new run except its suite.
 * @returns {OtherArgumentsOf<'createRun'>}
 */
function newRun(operation, run) {
  const of = (field) => `${operation}: run.${field}`;
  return [
    check.text(run.name, of('name')),
    check.text(run.model, of('model')),
    run.config ? check.json(run.config, of('config')) : null,
    run.id === undefined ? null : check.text(run.id, of('id')),
    check.tags(run.tags, of('tags')),
    check.optionalJson(run.metadata, of('metadata')),
    hasMore(run) ? runs().moreOfNewRun(operation, run) : null,
  ];
}

/** Parses a list that was split because one string might be too long. */
const listOf = (pieces) => (pieces.length === 1 ? JSON.parse(pieces[0]) : pieces.flatMap((piece) => JSON.parse(piece)));
const asItIs = (answer) => answer;
const nothing = (_made) => /** @type {any} */ (undefined);
const rowOrUndefined = (row) => (row === null ? undefined : JSON.parse(row));
const runOrUndefined = (columns) => (columns === null ? undefined : rows().run(columns));

/** @import { ArgumentsOf, NativeMethod, OtherArgumentsOf } from './connection/connection.js' */

class Operations {
  #connection;

  constructor(connection) {
    this.#connection = connection;
  }

  get path() {
    return this.#connection.path;
  }

  /** How the other entries reach the native store, also from another copy of this package. */
  get [CONNECTION]() {
    return #connection in this ? this.#connection : undefined;
  }

  /** What `console.log` prints. */
  [Symbol.for('nodejs.util.inspect.custom')](_depth, options) {
    const path = this.path === null ? 'null' : options.stylize(JSON.stringify(this.path), 'string');
    return `RunStore { path: ${path}, ${this.#connection.isClosed ? 'closed' : 'open'} }`;
  }

  createSuite(name) {
    return this.#json('createSuite', check.text(name, 'createSuite: name'));
  }

  getOrCreateSuite(name) {
    return this.#json('getOrCreateSuite', check.text(name, 'getOrCreateSuite: name'));
  }

  uniteSuites(name) {
    return this.#json('uniteSuites', check.text(name, 'uniteSuites: name'));
  }

  getSuite(id) {
    return this.#one('getSuite', check.id(id, 'getSuite: id'));
  }

  findSuiteByName(name) {
    return this.#one('findSuiteByName', check.id(name, 'findSuiteByName: name'));
  }

  listSuites() {
    return this.#json('listSuites');
  }

  renameSuite(id, name) {
    return this.#change('renameSuite', check.id(id, 'renameSuite: id'), check.text(name, 'renameSuite: name'));
  }

  deleteSuite(id) {
    return this.#change('deleteSuite', check.id(id, 'deleteSuite: id'));
  }

  createRun(run) {
    check.object(run, 'createRun: run');
    refuseMisspelt(run, 'createRun: run', FIELDS_OF_NEW_RUN, closest);
    const suiteId = check.text(run.suite_id, 'createRun: run.suite_id');
    return this.#ask(asItIs, 'createRun', suiteId, ...newRun('createRun', run));
  }

  openRun(run) {
    check.object(run, 'openRun: run');
    refuseUnknown(run, 'openRun: run', FIELDS_OF_RUN_TO_OPEN);
    const suite = check.text(run.suite, 'openRun: run.suite');
    const resumed = runs().resume(run.resume, 'openRun: run.resume');
    return this.#json('openRun', suite, resumed, ...newRun('openRun', run));
  }

  finishRun(runId, status, summary) {
    const id = check.id(runId, 'finishRun: runId');
    check.oneOf(status, 'finishRun: status', ENDED);
    return this.#change(
      'finishRun',
      id,
      status === 'completed',
      summary ? check.json(summary, 'finishRun: summary') : null,
    );
  }

  getRun(runId) {
    const id = check.id(runId, 'getRun: runId');
    if (id === null) return this.#none('getRun', undefined);
    return this.#runs(runOrUndefined, 'getRun', 'readableRun', [id], [id, toArray]);
  }

  listRuns(suiteId) {
    const id = check.optionalText(suiteId, 'listRuns: suiteId') || null;
    return this.#runs(listOf, 'listRuns', 'readableRuns', [id]);
  }

  getLatestCompletedRun(suiteId, model) {
    const id = check.id(suiteId, 'getLatestCompletedRun: suiteId');
    const ofModel = check.optionalText(model, 'getLatestCompletedRun: model') || null;
    if (id === null) return this.#none('getLatestCompletedRun', undefined);
    return this.#runs(rowOrUndefined, 'getLatestCompletedRun', 'readableLatestCompletedRun', [id, ofModel]);
  }

  renameRun(id, name) {
    return this.#change('renameRun', check.id(id, 'renameRun: id'), check.text(name, 'renameRun: name'));
  }

  updateRun(runId, changes) {
    const id = check.text(runId, 'updateRun: runId');
    return this.#ask(asItIs, 'updateRun', id, runs().runChanges(changes));
  }

  queryRuns(query = undefined) {
    return this.#runs(JSON.parse, 'queryRuns', 'readablePage', [runs().runQuery(query)]);
  }

  resumeRun(runId, options = undefined) {
    const id = check.text(runId, 'resumeRun: runId');
    return this.#ask(asItIs, 'resumeRun', id, resume().resumeOptions(options));
  }

  getRunOwner(runId) {
    return this.#one('getRunOwner', check.id(runId, 'getRunOwner: runId'));
  }

  resetRun(id) {
    return this.#change('resetRun', check.id(id, 'resetRun: id'));
  }

  deleteRun(id) {
    return this.#change('deleteRun', check.id(id, 'deleteRun: id'));
  }

  saveCases(cases) {
    return this.#save('saveCases', check.iterable(cases, 'saveCases: cases'), pack().packCase);
  }

  saveScores(scores) {
    return this.#save('saveScores', check.iterable(scores, 'saveScores: scores'), pack().packScore);
  }

  saveResults(runId, results, options = undefined) {
    const id = check.text(runId, 'saveResults: runId');
    const items = check.iterable(results, 'saveResults: results');
    const onConflict = options == null ? DEFAULT_ON_CONFLICT : resume().onConflict('saveResults', options);
    const ids = [];
    const keep = (made) => {
      for (const one of made) ids.push(one);
      return ids;
    };
    return this.#save('saveResults', items, pack().packResult, [id, onConflict], keep);
  }

  missingCases(runId, keysOrIdxs) {
    const id = check.id(runId, 'missingCases: runId') ?? '';
    const { method, wanted, packed } = resume().wantedCases(keysOrIdxs);
    this.#connection.assertOpen('missingCases');
    const missing = (places) => Array.from(places, (place) => wanted[place]);
    return this.#connection.ask(missing, method, [id, packed]);
  }

  failedCases(runId) {
    const id = check.text(runId, 'failedCases: runId');
    return this.#collect('failedCases', id, rows().addCases, 'readFailedCases', id);
  }

  getCases(runId) {
    const id = check.id(runId, 'getCases: runId');
    return this.#collect('getCases', id, rows().addCases, 'readCases', id);
  }

  getFailingCases(runId, threshold) {
    const id = check.id(runId, 'getFailingCases: runId');
    const below = check.threshold(threshold, 'getFailingCases: threshold');
    return this.#collect('getFailingCases', id, rows().addCasesWithScores, 'readFailingCases', id, below);
  }

  iterateCases(runId, options = {}) {
    const id = check.text(runId, 'iterateCases: runId');
    const given = new Options('iterateCases', check.object(options, 'iterateCases: options'));
    const size = (value, name) => check.integer(value, name, 1, LARGEST_PAGE);
    const batchSize = given.read('batchSize', size) ?? BATCH_ROWS;
    given.refuseOthers();
    this.#connection.assertOpen('iterateCases');
    return this.#connection.iterate((position) => this.#casesAfter(id, position, batchSize));
  }

  countCases(runId) {
    return this.#ask(asItIs, 'countCases', 'countCases', check.text(runId, 'countCases: runId'));
  }

  getRunSummary(runId, threshold) {
    const id = check.id(runId, 'getRunSummary: runId') ?? '';
    const least = check.threshold(threshold, 'getRunSummary: threshold');
    return this.#ask(rows().summary, 'getRunSummary', id, least);
  }

  getRunReport(runId, thresholdOrOptions) {
    const id = check.id(runId, 'getRunReport: runId') ?? '';
    return this.#json('getRunReport', id, ...runs().reportOptions(thresholdOrOptions));
  }

  saveBenchmarkResult(runId, result) {
    const id = check.text(runId, 'saveBenchmarkResult: runId');
    return this.#ask(asItIs, 'saveBenchmarkResult', id, runs().benchmarkResult(result));
  }

  getBenchmarkResult(runId, benchmark, threshold) {
    const id = check.id(runId, 'getBenchmarkResult: runId');
    const name = check.text(benchmark, 'getBenchmarkResult: benchmark');
    return this.#one('getBenchmarkResult', id, name, check.threshold(threshold, 'getBenchmarkResult: threshold'));
  }

  listBenchmarks(runId) {
    return this.#list('listBenchmarks', check.text(runId, 'listBenchmarks: runId'));
  }

  finalizeRun(runId, options = undefined) {
    const id = check.text(runId, 'finalizeRun: runId');
    return this.#json('finalizeRun', id, ...runs().finalizeOptions(options));
  }

  readSummary(runId) {
    return this.#one('readSummary', check.id(runId, 'readSummary: runId'));
  }

  saveTrajectories(runId, trajectories, options = undefined) {
    const id = check.text(runId, 'saveTrajectories: runId');
    const items = check.iterable(trajectories, 'saveTrajectories: trajectories');
    const onConflict = options == null ? DEFAULT_ON_CONFLICT : resume().onConflict('saveTrajectories', options);
    return this.#save('saveTrajectories', items, packTrajectories().packTrajectory, [id, onConflict]);
  }

  deleteTrajectory(runId, benchmark, idx) {
    const id = check.id(runId, 'deleteTrajectory: runId') ?? '';
    const name = check.text(benchmark, 'deleteTrajectory: benchmark');
    return this.#ask(asItIs, 'deleteTrajectory', id, name, runs().index(idx, 'deleteTrajectory: idx'));
  }

  appendTurns(runId, benchmark, idx, turns, outcome = undefined) {
    const id = check.text(runId, 'appendTurns: runId');
    const name = check.text(benchmark, 'appendTurns: benchmark');
    const at = runs().index(idx, 'appendTurns: idx');
    const items = check.iterable(turns, 'appendTurns: turns');
    const known = outcome == null ? {} : check.object(outcome, 'appendTurns: outcome');
    refuseUnknown(known, 'appendTurns: outcome', packTrajectories().FIELDS_OF_OUTCOME);
    this.#connection.assertOpen('appendTurns');
    return this.#connection.drive(appending(id, name, at, items, known));
  }

  getTrajectories(runId, options = undefined) {
    const id = check.text(runId, 'getTrajectories: runId');
    const { limit, cursor, ...filter } = runs().trajectoryOptions('getTrajectories', options, 'limit');
    this.#connection.assertOpen('getTrajectories');
    return this.#connection.drive(pagingTrajectories(id, filter, cursor, limit));
  }

  getTrajectory(runId, benchmark, idx) {
    const id = check.id(runId, 'getTrajectory: runId');
    const name = check.text(benchmark, 'getTrajectory: benchmark');
    return this.#one('getTrajectory', id, name, runs().index(idx, 'getTrajectory: idx'));
  }

  iterateTrajectories(runId, options = undefined) {
    const id = check.text(runId, 'iterateTrajectories: runId');
    const { limit, cursor: _, ...filter } = runs().trajectoryOptions('iterateTrajectories', options, 'batchSize');
    this.#connection.assertOpen('iterateTrajectories');
    return this.#connection.iterate((position) => {
      this.#connection.assertOpen('iterateTrajectories');
      return this.#connection.drive(chunkOfTrajectories(id, filter, position, limit));
    });
  }

  createPrompt(name, content) {
    const wellFormedName = check.text(name, 'createPrompt: name');
    const wellFormedContent = check.text(content, 'createPrompt: content');
    return this.#json('createPrompt', wellFormedName, wellFormedContent);
  }

  listPrompts() {
    return this.#ask(listOf, 'listPrompts');
  }

  getPrompt(id) {
    return this.#one('getPrompt', check.id(id, 'getPrompt: id'));
  }

  getLatestPrompt(name) {
    return this.#one('getLatestPrompt', check.text(name, 'getLatestPrompt: name'));
  }

  getPromptVersion(name, version) {
    const exact = check.integer(version, 'getPromptVersion: version', 1, Number.MAX_SAFE_INTEGER);
    return this.#one('getPromptVersion', check.text(name, 'getPromptVersion: name'), exact);
  }

  deletePrompt(id) {
    return this.#change('deletePrompt', check.id(id, 'deletePrompt: id'));
  }

  setBaseline(suiteId, runId, name = DEFAULT_BASELINE) {
    const suite = check.text(suiteId, 'setBaseline: suiteId');
    const run = check.text(runId, 'setBaseline: runId');
    return this.#ask(asItIs, 'setBaseline', suite, run, check.text(name, 'setBaseline: name'));
  }

  getBaseline(suiteId, name = DEFAULT_BASELINE) {
    const suite = check.id(suiteId, 'getBaseline: suiteId');
    return this.#one('getBaseline', suite, check.text(name, 'getBaseline: name'));
  }

  listBaselines(suiteId) {
    return this.#list('listBaselines', check.text(suiteId, 'listBaselines: suiteId'));
  }

  removeBaseline(suiteId, name) {
    const suite = check.id(suiteId, 'removeBaseline: suiteId') ?? '';
    return this.#ask(asItIs, 'removeBaseline', suite, check.text(name, 'removeBaseline: name'));
  }

  recordVerdict(report) {
    return this.#ask(asItIs, 'recordVerdict', history().verdict(report));
  }

  listVerdicts(options = undefined) {
    return this.#json('listVerdicts', ...history().verdictFilter(options));
  }

  history(suiteId, options = undefined) {
    const id = check.text(suiteId, 'history: suiteId');
    return this.#list('history', id, history().historyOptions(options));
  }

  trend(suiteId, options) {
    const id = check.text(suiteId, 'trend: suiteId');
    return this.#json('trend', id, history().trendOptions(options));
  }

  setThresholds(suiteId, thresholds) {
    const id = check.text(suiteId, 'setThresholds: suiteId');
    return this.#ask(asItIs, 'setThresholds', id, scorecards().thresholds(thresholds));
  }

  getThresholds(suiteId) {
    return this.#json('getThresholds', check.id(suiteId, 'getThresholds: suiteId') ?? '');
  }

  getScorecard(runId, options = undefined) {
    const id = check.text(runId, 'getScorecard: runId');
    return this.#json('getScorecard', id, scorecards().withSamples(options));
  }

  doctor(options = {}) {
    return this.#json('doctor', ...care().doctor(options));
  }

  backup(path, options = {}) {
    const { target, onProgress } = care().backup(path, options);
    this.#connection.assertOpen('backup');
    return this.#connection.drive(backingUp(target, onProgress));
  }

  prune(options) {
    return this.#json('prune', ...care().prune(options));
  }

  recoverRuns(options = undefined) {
    return this.#json('recoverRuns', ...care().recoverRuns(options));
  }

  vacuum() {
    return this.#json('vacuum');
  }

  /**
   * Returns `build` of the result of a native method, like the methods below.
   * @template {NativeMethod} M
   * @param {(answer: any) => any} build
   * @param {M} method
   * @param {ArgumentsOf<M>} args
   */
  #ask(build, method, ...args) {
    return this.#connection.ask(build, method, args);
  }

  /**
   * @template {NativeMethod} M
   * @param {M} method
   * @param {ArgumentsOf<M>} args
   */
  #json(method, ...args) {
    return this.#connection.ask(JSON.parse, method, args);
  }

  /**
   * Reads runs. A damaged value in one run must not hide the others: `readable` is the method that reads despite
   * damage.
   * @template {NativeMethod} M
   * @template {NativeMethod} R
   * @param {(answer: any) => any} build
   * @param {M} operation
   * @param {R} readable
   * @param {ArgumentsOf<R>} args
   * @param {ArgumentsOf<M> | ArgumentsOf<R>} nativeArgs
   */
  #runs(build, operation, readable, args, nativeArgs = args) {
    const otherwise = (failure) => askingAgain(operation, this.path, failure, readable, args);
    return this.#connection.ask(build, operation, nativeArgs, otherwise);
  }

  /** Returns an empty result without a query. */
  #none(operation, nothing) {
    this.#connection.assertOpen(operation);
    return nothing;
  }

  /**
   * Returns the row with this key, `undefined` when there is none; no row has the id null.
   * @template {NativeMethod} M
   * @param {M} method
   * @param {string | null} key
   * @param {OtherArgumentsOf<M>} args
   */
  #one(method, key, ...args) {
    return key === null ? this.#none(method, undefined) : this.#connection.ask(rowOrUndefined, method, [key, ...args]);
  }

  /**
   * Returns the rows that belong to this id; none belong to null.
   * @template {NativeMethod} M
   * @param {M} method
   * @param {string | null} id
   * @param {OtherArgumentsOf<M>} args
   */
  #list(method, id, ...args) {
    return id === null ? this.#none(method, []) : this.#connection.ask(JSON.parse, method, [id, ...args]);
  }

  /**
   * Changes the row with this id, if it exists.
   * @template {NativeMethod} M
   * @param {M} method
   * @param {string | null} id
   * @param {OtherArgumentsOf<M>} args
   */
  #change(method, id, ...args) {
    return id === null ? this.#none(method, undefined) : this.#connection.ask(asItIs, method, [id, ...args]);
  }

  #save(operation, items, packItem, args = [], keep = nothing) {
    this.#connection.assertOpen(operation);
    if (!this.#connection.isLater && Array.isArray(items) && items.length === 1) {
      return this.#saveOne(operation, items[0], packItem, args, keep);
    }
    return this.#connection.drive(saving(operation, items, packItem, args, keep));
  }

  /** One row needs no batch, and so no steps, which would take as long as packing it. */
  #saveOne(operation, item, packItem, args, keep) {
    const packed = packer().take();
    try {
      packItem(packed, item, 0);
      packed.rows = 1;
      return keep(this.#connection.save({ method: operation, args, packed }));
    } finally {
      packer().giveBack(packed);
    }
  }

  #collect(operation, runId, add, method, ...args) {
    if (runId === null) return this.#none(operation, []);
    this.#connection.assertOpen(operation);
    const addRows = (into, chunk) => add(into, runId, chunk);
    return this.#connection.drive(collecting(operation, this.path, addRows, method, args));
  }

  #casesAfter(runId, position, limit) {
    this.#connection.assertOpen('iterateCases');
    return this.#connection.drive(this.#readingAfter(runId, position, limit));
  }

  *#readingAfter(runId, position, limit) {
    let last = null;
    const add = (into, chunk) => {
      rows().addCases(into, runId, chunk);
      last = chunk[8];
    };
    const [idx, rowid] = position ?? [null, null];
    const found = yield* collecting('iterateCases', this.path, add, 'casesAfter', [runId, idx, rowid, limit]);
    return { rows: found, position: last };
  }
}

// The class of promises takes a signal in the options of every operation, so it has to know which have their own.

/** The operations whose options are a required argument. */
const WITH_REQUIRED_OPTIONS = ['prune', 'trend'];
/** The operations with one more parameter, which is optional and which they check themselves. */
const WITH_OPTIONAL = [
  'appendTurns',
  'backup',
  'doctor',
  'finalizeRun',
  'getBaseline',
  'getScorecard',
  'getTrajectories',
  'history',
  'iterateCases',
  'iterateTrajectories',
  'listVerdicts',
  'queryRuns',
  'recoverRuns',
  'resumeRun',
  'saveResults',
  'saveTrajectories',
  'setBaseline',
];

module.exports = { Operations, WITH_OPTIONAL, WITH_REQUIRED_OPTIONS };
