'use strict';

const check = require('./lib/check.js');
const { RunStoreError, fromNative, storeError } = require('./lib/errors.js');
const { NativeStore } = require('./lib/load.js');
const native = require('./lib/native.js');
const opening = require('./lib/opening.js');

/** Loaded when it is first needed: a process that opens a store to look something up does not wait for the rest. */
const later = (load) => {
  let loaded;
  return () => (loaded ??= load());
};
const driver = later(() => require('./lib/driver.js'));
const history = later(() => require('./lib/history-arguments.js'));
const iterate = later(() => require('./lib/iterate.js'));
const pack = later(() => require('./lib/pack.js'));
const rows = later(() => require('./lib/rows.js'));

const DEFAULT_BATCH = 512;
const DEFAULT_BASELINE = 'main';

/** Makes an array out of all that Rust passes: cheaper than an array of Node-API's own. */
const gather = (...values) => values;

class RunStore {
  #native;
  #driver = null;
  #path;
  #closed = false;

  static {
    native.expose({
      isStore: (value) => typeof value === 'object' && value !== null && #native in value,
      call: (store, method, args) => store.#run(method, ...args),
    });
  }

  constructor(pathOrDb, options = undefined) {
    const { readOnly, busyTimeoutMs, durability } = opening.readOptions(options);
    if (pathOrDb !== null && typeof pathOrDb === 'object' && driver().isHandle(pathOrDb)) {
      const { Driver, placeOf } = driver();
      opening.refuseOptions(options);
      this.#path = placeOf(pathOrDb);
      this.#driver = new Driver(pathOrDb);
      this.#native = this.#calling(() => NativeStore.onHandle(this.#driver, this.#path ?? 'the handle given'));
    } else {
      this.#path = opening.pathOf(pathOrDb);
      this.#native = this.#calling(() => NativeStore.open(this.#path, readOnly, busyTimeoutMs, durability === 'full'));
    }
  }

  get path() {
    return this.#path;
  }

  createSuite(name) {
    return JSON.parse(this.#run('createSuite', check.text(name, 'createSuite: name')));
  }

  getSuite(id) {
    return this.#one('getSuite', check.id(id, 'getSuite: id'));
  }

  findSuiteByName(name) {
    return this.#one('findSuiteByName', check.id(name, 'findSuiteByName: name'));
  }

  listSuites() {
    return JSON.parse(this.#run('listSuites'));
  }

  renameSuite(id, name) {
    this.#change('renameSuite', check.id(id, 'renameSuite: id'), check.text(name, 'renameSuite: name'));
  }

  deleteSuite(id) {
    this.#change('deleteSuite', check.id(id, 'deleteSuite: id'));
  }

  createRun(run) {
    check.object(run, 'createRun: run');
    const suiteId = check.text(run.suite_id, 'createRun: run.suite_id');
    const name = check.text(run.name, 'createRun: run.name');
    const model = check.text(run.model, 'createRun: run.model');
    const config = run.config ? check.json(run.config, 'createRun: run.config') : null;
    const id = run.id === undefined ? null : check.text(run.id, 'createRun: run.id');
    const tags = check.tags(run.tags, 'createRun: run.tags');
    const metadata = check.optionalJson(run.metadata, 'createRun: run.metadata');
    return this.#run('createRun', suiteId, name, model, config, id, tags, metadata);
  }

  finishRun(runId, status, summary) {
    const id = check.id(runId, 'finishRun: runId');
    check.oneOf(status, 'finishRun: status', ['completed', 'failed']);
    this.#change('finishRun', id, status === 'completed', summary ? check.json(summary, 'finishRun: summary') : null);
  }

  getRun(runId) {
    const id = check.id(runId, 'getRun: runId');
    if (id === null) return void this.#assertOpen('getRun');
    const columns = this.#run('getRun', id, gather);
    if (columns === null) return undefined;
    try {
      return rows().run(columns);
    } catch (failure) {
      throw this.#explain('getRun', failure, id);
    }
  }

  listRuns(suiteId) {
    return JSON.parse(this.#run('listRuns', check.optionalText(suiteId, 'listRuns: suiteId') || null));
  }

  getLatestCompletedRun(suiteId, model) {
    const id = check.id(suiteId, 'getLatestCompletedRun: suiteId');
    const ofModel = check.optionalText(model, 'getLatestCompletedRun: model') || null;
    return this.#one('getLatestCompletedRun', id, ofModel);
  }

  renameRun(id, name) {
    this.#change('renameRun', check.id(id, 'renameRun: id'), check.text(name, 'renameRun: name'));
  }

  resetRun(id) {
    this.#change('resetRun', check.id(id, 'resetRun: id'));
  }

  deleteRun(id) {
    this.#change('deleteRun', check.id(id, 'deleteRun: id'));
  }

  saveCases(cases) {
    this.#save('saveCases', check.iterable(cases, 'saveCases: cases'), pack().packCase, (packed) => {
      this.#run('saveCases', packed.text, packed.lengths, packed.numbers, packed.rows, packed.firstRow, packed.inBatch);
    });
  }

  saveScores(scores) {
    this.#save('saveScores', check.iterable(scores, 'saveScores: scores'), pack().packScore, (packed) => {
      this.#run(
        'saveScores',
        packed.text,
        packed.lengths,
        packed.numbers,
        packed.rows,
        packed.firstRow,
        packed.inBatch,
      );
    });
  }

  saveResults(runId, results) {
    const id = check.text(runId, 'saveResults: runId');
    const ids = [];
    this.#save('saveResults', check.iterable(results, 'saveResults: results'), pack().packResult, (packed) => {
      const { text, lengths, numbers, rows, firstRow, inBatch } = packed;
      for (const made of this.#run('saveResults', id, text, lengths, numbers, rows, firstRow, inBatch)) ids.push(made);
    });
    return ids;
  }

  getCases(runId) {
    const id = check.id(runId, 'getCases: runId');
    return this.#collect('getCases', id, rows().addCases, (each) => this.#run('readCases', id, each, gather));
  }

  getFailingCases(runId, threshold) {
    const id = check.id(runId, 'getFailingCases: runId');
    const below = check.threshold(threshold, 'getFailingCases: threshold');
    return this.#collect('getFailingCases', id, rows().addCasesWithScores, (each) => {
      this.#run('readFailingCases', id, below, each, gather);
    });
  }

  iterateCases(runId, options = {}) {
    const id = check.id(runId, 'iterateCases: runId');
    const { batchSize = DEFAULT_BATCH } = check.object(options, 'iterateCases: options');
    check.integer(batchSize, 'iterateCases: options.batchSize', 1, 10_000);
    this.#assertOpen('iterateCases');
    const { CaseIterable } = iterate();
    return new CaseIterable((position) => this.#casesAfter(id, position, batchSize));
  }

  countCases(runId) {
    const id = check.id(runId, 'countCases: runId');
    if (id !== null) return this.#run('countCases', id);
    this.#assertOpen('countCases');
    return 0;
  }

  getRunSummary(runId, threshold) {
    const id = check.id(runId, 'getRunSummary: runId') ?? '';
    const least = check.threshold(threshold, 'getRunSummary: threshold');
    return rows().summary(this.#run('getRunSummary', id, least));
  }

  createPrompt(name, content) {
    const wellFormedName = check.text(name, 'createPrompt: name');
    const wellFormedContent = check.text(content, 'createPrompt: content');
    return JSON.parse(this.#run('createPrompt', wellFormedName, wellFormedContent));
  }

  listPrompts() {
    return JSON.parse(this.#run('listPrompts'));
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
    this.#change('deletePrompt', check.id(id, 'deletePrompt: id'));
  }

  setBaseline(suiteId, runId, name = DEFAULT_BASELINE) {
    const suite = check.text(suiteId, 'setBaseline: suiteId');
    const run = check.text(runId, 'setBaseline: runId');
    this.#run('setBaseline', suite, run, check.text(name, 'setBaseline: name'));
  }

  getBaseline(suiteId, name = DEFAULT_BASELINE) {
    const suite = check.id(suiteId, 'getBaseline: suiteId');
    return this.#one('getBaseline', suite, check.text(name, 'getBaseline: name'));
  }

  listBaselines(suiteId) {
    return this.#list('listBaselines', check.id(suiteId, 'listBaselines: suiteId'));
  }

  removeBaseline(suiteId, name) {
    const suite = check.id(suiteId, 'removeBaseline: suiteId') ?? '';
    return this.#run('removeBaseline', suite, check.text(name, 'removeBaseline: name'));
  }

  recordVerdict(report) {
    return this.#run('recordVerdict', history().verdict(report));
  }

  listVerdicts(options = undefined) {
    return JSON.parse(this.#run('listVerdicts', ...history().verdictFilter(options)));
  }

  history(suiteId, options = undefined) {
    const id = check.id(suiteId, 'history: suiteId');
    return this.#list('history', id, history().historyOptions(options));
  }

  trend(suiteId, options) {
    const id = check.id(suiteId, 'trend: suiteId') ?? '';
    return JSON.parse(this.#run('trend', id, history().trendOptions(options)));
  }

  close() {
    if (this.#closed) return;
    this.#run('close');
    this.#closed = true;
  }

  [Symbol.dispose]() {
    this.close();
  }

  /** Calls a native method; all of them are called here, those of the other entries as well. */
  #run(method, ...args) {
    try {
      return this.#native[method](...args);
    } catch (error) {
      throw this.#translated(error);
    }
  }

  #calling(action) {
    try {
      return action();
    } catch (error) {
      throw this.#translated(error);
    }
  }

  /** An exception of the caller's own code, met in its handle, comes out as it is. */
  #translated(error) {
    if (error?.code !== 'ERR_RUNSTORE_HOST' || this.#driver === null) return fromNative(error);
    const { failure } = this.#driver;
    this.#driver.failure = undefined;
    return failure;
  }

  #assertOpen(operation) {
    if (this.#closed) throw new RunStoreError('ERR_RUNSTORE_CLOSED', `${operation}: the store is closed`);
  }

  /** The row that was looked for, `undefined` when there is none; no row has the id null. */
  #one(method, key, ...args) {
    if (key === null) return void this.#assertOpen(method);
    const row = this.#run(method, key, ...args);
    return row === null ? undefined : JSON.parse(row);
  }

  /** The rows that belong to this id; to null, none do. */
  #list(method, id, ...args) {
    return id === null ? (this.#assertOpen(method) ?? []) : JSON.parse(this.#run(method, id, ...args));
  }

  /** Changes the row of this id, if there is one. */
  #change(method, id, ...args) {
    if (id === null) return this.#assertOpen(method);
    this.#run(method, id, ...args);
  }

  /** Packs items and hands them over in batches, all in one transaction. */
  #save(operation, items, packItem, handOver) {
    this.#assertOpen(operation);
    const packed = pack().take();
    try {
      let row = 0;
      for (const item of items) {
        packItem(packed, item, row++);
        packed.rows++;
        if (!packed.isFull) continue;
        if (!packed.inBatch) this.#run('beginBatch', operation);
        packed.inBatch = true;
        handOver(packed);
        packed.next();
      }
      if (packed.rows > 0) handOver(packed);
      if (packed.inBatch) {
        packed.inBatch = false;
        this.#run('commitBatch', operation);
      }
    } catch (error) {
      if (packed.inBatch) this.#run('rollbackBatch');
      throw error;
    } finally {
      pack().giveBack(packed);
    }
  }

  /** Reads rows chunk by chunk. An exception does not cross the native code; it waits until that has returned. */
  #collect(operation, runId, add, read) {
    const collected = [];
    if (runId === null) return this.#assertOpen(operation) ?? collected;
    let failure = null;
    read((chunk) => {
      if (failure !== null) return;
      try {
        add(collected, runId, chunk);
      } catch (error) {
        failure = error;
      }
    });
    if (failure !== null) throw this.#explain(operation, failure, runId);
    return collected;
  }

  #casesAfter(runId, position, limit) {
    let last = null;
    const [idx, rowid] = position ?? [null, null];
    const collected = this.#collect(
      'iterateCases',
      runId,
      (into, id, chunk) => {
        rows().addCases(into, id, chunk);
        last = chunk[8];
      },
      (each) => this.#run('casesAfter', runId, idx, rowid, limit, each, gather),
    );
    return { rows: collected, position: last };
  }

  /** Names the row whose JSON could not be parsed; of inputs and expected values, it has to be looked for. */
  #explain(operation, failure, runId) {
    if (!(failure instanceof rows().BadJson)) return failure;
    const place = `(in ${this.#path ?? 'the handle given'})`;
    const damaged = failure.what ?? this.#damagedText(runId) ?? `a case of run "${runId}"`;
    const { cause } = failure;
    return storeError('ERR_RUNSTORE_CORRUPT', `${operation}: ${damaged} is not JSON ${place}`, { cause });
  }

  #damagedText(runId) {
    for (const [id, input, expected] of this.#run('caseTexts', runId)) {
      if (!rows().isJson(input)) return `input of case "${id}"`;
      if (!rows().isJson(expected)) return `expected of case "${id}"`;
    }
    return undefined;
  }
}

module.exports = { RunStore, RunStoreError };
