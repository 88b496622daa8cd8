'use strict';

const { isNativeError } = require('node:util').types;
const {
  abortSignal,
  callback,
  isBucket,
  onlyWatch,
  placeOf,
  positive,
  refuseAborted,
  runOf,
  texts,
  watchOf,
} = require('../lib/arguments/archive.js');
const check = require('../lib/arguments/check.js');
const { Options, number, time } = require('../lib/arguments/options.js');
const { exportRows, importRows } = require('../lib/connection/run-steps.js');
const { connectionOf } = require('../lib/connection/store-access.js');
const { DEFAULT_GRACE_MS, DEFAULT_PROJECT, DEFAULT_TIMEOUT_MS } = require('../lib/constants.js');
const { fromNative, storeError, typeError } = require('../lib/errors.js');
const { lazy } = require('../lib/lazy.js');
const { entriesOf, frameJson } = require('../lib/rows/archived.js');

const tools = lazy(() => require('../lib/load-tools.js'));

/** How many runs of scores that come from no store are encoded at the same time. */
const MOST_ENCODED = 4;

/** Lets only {@link Archive.open} call the constructor. */
const OPENED = Symbol('opened');

class Archive {
  #native;

  constructor(native, from) {
    if (from !== OPENED) throw typeError('Archive', 'is opened by Archive.open(url)');
    this.#native = native;
  }

  static async open(url, options = undefined) {
    const place = placeOf(url, 'Archive.open: url');
    const given = new Options('Archive.open', options);
    const project = given.readSet('project', check.text) ?? DEFAULT_PROJECT;
    const guard = given.readSet('guard', check.boolean) ?? true;
    const credentials = given.readSet('credentials', texts) ?? {};
    const timeoutMs = given.readSet('timeoutMs', positive) ?? DEFAULT_TIMEOUT_MS;
    given.refuseOthers();
    const variables = JSON.stringify({ ...(isBucket(place) && process.env), ...credentials });
    return new Archive(
      native(() => tools().openArchive(place, project, guard, variables, timeoutMs)),
      OPENED,
    );
  }

  async writeRun(run) {
    const { frame, source, ts, decision, signal } = runOf(run);
    if (source === undefined) {
      const json = frameJson(frame);
      signal?.throwIfAborted();
      return [JSON.parse(await done(this.#native.writeFrame(json, ts, decision)))];
    }
    const writer = this.#native.writer();
    try {
      await put(writer, source, decision, signal);
      signal?.throwIfAborted();
      return JSON.parse(await done(writer.commit()));
    } finally {
      writer.abort();
    }
  }

  writer() {
    return new ArchiveWriter(this.#native, OPENED);
  }

  async listRuns(options = undefined) {
    const given = new Options('listRuns', options);
    const signal = given.readSet('signal', abortSignal);
    given.refuseOthers();
    return entriesOf(await unlessAborted(signal, () => done(this.#native.runs('{}'))));
  }

  async queryRuns(query = undefined) {
    const given = new Options('queryRuns', query, 'query');
    const names = ['modelId', 'taskId', 'metricName', 'verdict', 'cursor'];
    const found = Object.fromEntries(names.map((name) => [name, given.readSet(name, check.text)]));
    for (const name of ['since', 'until']) found[name] = given.readSet(name, time);
    found.limit = given.readSet('limit', (value, name) => check.integer(value, name, 1, Number.MAX_SAFE_INTEGER));
    found.newestFirst = given.readSet('newestFirst', check.boolean) ?? false;
    const signal = given.readSet('signal', abortSignal);
    given.refuseOthers();
    return entriesOf(await unlessAborted(signal, () => done(this.#native.runs(JSON.stringify(found)))));
  }

  async loadRun(runId, options = undefined) {
    const name = check.text(runId, 'loadRun: runId');
    const given = new Options('loadRun', options);
    const signal = given.readSet('signal', abortSignal);
    given.refuseOthers();
    const items = await unlessAborted(signal, () => done(this.#native.items(name, false)));
    const { run_id, model_id, task_id, metric_name, config_hash } = JSON.parse(items.entry());
    const all = [];
    for (let some = await nextItems(items); some.length > 0; some = await nextItems(items)) {
      signal?.throwIfAborted();
      all.push(...some);
    }
    return { run_id, model_id, task_id, metric_name, config_hash, items: all };
  }

  async *iterateRun(runId, options = undefined) {
    const name = check.text(runId, 'iterateRun: runId');
    const given = new Options('iterateRun', options);
    const signal = given.readSet('signal', abortSignal);
    given.refuseOthers();
    const items = await unlessAborted(signal, () => done(this.#native.items(name, true)));
    for (let some = await nextItems(items); some.length > 0; some = await nextItems(items)) {
      signal?.throwIfAborted();
      yield* some;
    }
  }

  async importRun(store, runId, options = undefined) {
    const name = check.text(runId, 'importRun: runId');
    const given = new Options('importRun', options);
    const keepExisting = given.readSet('keepExisting', check.boolean) ?? false;
    const signal = given.readSet('signal', abortSignal);
    const onProgress = given.readSet('onProgress', callback);
    given.refuseOthers();
    const rows = await unlessAborted(signal, () => done(this.#native.rows(name)));
    const suiteId = await suiteCalled(store, rows.suiteName());
    const how = { suiteId, keepExisting, signal };
    const [imported] = await importRows(store, buffersOf(rows, onProgress), how, 'importRun: store');
    return imported;
  }

  async deleteRun(runId, options = undefined) {
    const name = check.text(runId, 'deleteRun: runId');
    refuseAborted('deleteRun', options);
    return JSON.parse(await done(this.#native.delete(name)));
  }

  async verify(options = undefined) {
    const watch = onlyWatch('verify', options);
    const verifier = await done(this.#native.verifier());
    await eachStep(verifier, verifier.runs(), watch);
    return JSON.parse(await done(verifier.finish()));
  }

  async vacuum(options = undefined) {
    const given = new Options('vacuum', options);
    const notNegative = (value, name) =>
      number(value, name, (one) => one >= 0 && one < Infinity, 'a number of 0 or more');
    const graceMs = given.readSet('graceMs', notNegative) ?? DEFAULT_GRACE_MS;
    const dryRun = given.readSet('dryRun', check.boolean) ?? false;
    const watch = watchOf(given);
    given.refuseOthers();
    watch.signal?.throwIfAborted();
    const vacuum = await done(this.#native.vacuum(graceMs));
    const files = vacuum.files();
    if (!dryRun) await eachStep(vacuum, files.length, watch);
    return files;
  }

  async archiveRuns(store, options = undefined) {
    const given = new Options('archiveRuns', options);
    const query = { suite: given.readSet('suite', check.text), orderBy: 'oldest' };
    for (const name of ['since', 'until']) query[name] = given.readSet(name, time);
    const prune = given.readSet('prune', check.boolean) ?? false;
    const signal = given.readSet('signal', abortSignal);
    const onProgress = given.readSet('onProgress', callback);
    given.refuseOthers();
    const runs = await finishedRuns(store, query);
    if (runs.length === 0) await expectSuite(store, query.suite);
    /** @type {{ runs: string[], unchanged: string[], pruned: string[] }} */
    const archived = { runs: [], unchanged: [], pruned: [] };
    for (const [at, run] of runs.entries()) {
      signal?.throwIfAborted();
      if ((await this.#digestIfHeld(store, run.id)) !== null) archived.unchanged.push(run.id);
      else archived.runs.push(...(await this.writeRun({ store, runId: run.id, signal })));
      if (prune && (await this.#prune(store, run))) archived.pruned.push(run.id);
      onProgress?.({ done: at + 1, total: runs.length });
    }
    return archived;
  }

  /** Returns the digest of a run's rows in the store if the archive has exactly these rows, else `null`. */
  async #digestIfHeld(store, runId) {
    const comparison = this.#native.compare(runId);
    for await (const buffer of exportRows(store, runId, 'archiveRuns: store')) {
      if (!(await done(comparison.put(buffer)))) return null;
    }
    return native(() => comparison.digest());
  }

  /** Deletes an archived run unless it is a baseline; returns whether it was deleted. */
  async #prune(store, { id, suite_id }) {
    const baselines = await store.listBaselines(suite_id);
    if (baselines.some(({ run_id }) => run_id === id)) return false;
    const digest = await this.#digestIfHeld(store, id);
    if (digest === null) {
      throw notPruned(
        'ERR_RUNSTORE_CORRUPT',
        `run ${JSON.stringify(id)} in the archive differs from the one in the store`,
      );
    }
    // Others may have written to the run since its rows were compared.
    const isDeleted = (deleted) => deleted;
    if (await connectionOf(store, 'archiveRuns: store').ask(isDeleted, 'deleteEqualRun', [id, digest])) return true;
    throw notPruned('ERR_RUNSTORE_BUSY', `run ${JSON.stringify(id)} changed while it was archived`);
  }

  async fold(options = undefined) {
    refuseAborted('fold', options);
    await done(this.#native.fold());
  }

  async rebuildManifest(options = undefined) {
    const watch = onlyWatch('rebuildManifest', options);
    const rebuilder = await done(this.#native.rebuilder());
    await eachStep(rebuilder, rebuilder.files(), watch);
    await done(rebuilder.finish());
  }

  async close(options = undefined) {
    refuseAborted('close', options);
    await done(this.#native.close());
  }

  async [Symbol.asyncDispose]() {
    await this.close();
  }
}

/** The error of a run that stays in the store because of what was found. */
function notPruned(code, found) {
  return storeError(code, `archiveRuns: ${found}; it was not deleted`, { operation: 'archiveRuns' });
}

/** Returns the finished runs that match a query. */
async function finishedRuns(store, query) {
  const runs = [];
  let cursor;
  do {
    const page = await store.queryRuns({ ...query, cursor });
    runs.push(...page.runs.filter(({ status }) => status !== 'running'));
    cursor = page.cursor ?? undefined;
  } while (cursor !== undefined);
  return runs;
}

/** Refuses the id or name of a suite that does not exist. */
async function expectSuite(store, suite) {
  if (suite === undefined || (await store.getSuite(suite)) || (await store.findSuiteByName(suite))) return;
  const message = `archiveRuns: there is no suite ${JSON.stringify(suite)}`;
  throw storeError('ERR_RUNSTORE_NOT_FOUND', message, { operation: 'archiveRuns' });
}

/** Writes several runs in one commit. */
class ArchiveWriter {
  #archive;
  #native;
  /** Ends with the run that is being written; rejects once scores that come from no store could not be written. */
  #writing = Promise.resolve();
  /** Scores that are being encoded. */
  #encoding = [];

  constructor(archive, from) {
    if (from !== OPENED) throw typeError('ArchiveWriter', 'is made by archive.writer()');
    this.#archive = archive;
    this.#native = archive.writer();
  }

  async writeRun(run) {
    const { frame, source, ts, decision, signal } = runOf(run);
    const before = this.#writing;
    if (source === undefined) {
      // They are encoded on other threads while the caller prepares the next runs.
      const json = frameJson(frame);
      signal?.throwIfAborted();
      this.#then(this.#addAfter(before, done(this.#archive.stage(json, ts, decision))));
      this.#encoding.push(this.#writing);
      if (this.#encoding.length > MOST_ENCODED) await this.#encoding.shift();
    } else {
      const writing = before.then(() => put(this.#native, source, decision, signal));
      this.#then(before.then(() => writing.catch(() => {})));
      await writing;
    }
  }

  /** Adds scores that are being encoded once the runs before them were added. */
  async #addAfter(before, encoding) {
    // Its error is thrown in its turn.
    encoding.catch(() => {});
    await before.catch(async (error) => {
      await encoding.then((staged) => staged.discard()).catch(() => {});
      throw error;
    });
    const staged = await encoding;
    native(() => this.#native.putStaged(staged));
  }

  /** Lets the next run and the commit wait for a run. */
  #then(writing) {
    this.#writing = writing;
    // Its error is theirs; without a next run or a commit, nobody needs it.
    writing.catch(() => {});
  }

  async commit(options = undefined) {
    refuseAborted('commit', options);
    await this.#writing;
    return JSON.parse(await done(this.#native.commit()));
  }

  abort() {
    this.#native.abort();
  }

  /** Discards what `commit()` has not written, also after an error. Files that are still being encoded are removed with it. */
  async [Symbol.asyncDispose]() {
    this.abort();
    await this.#writing.catch(() => {});
  }
}

/** Runs an operation step by step, until it ends or its callback stops it. */
async function eachStep(work, total, { signal, onProgress }) {
  signal?.throwIfAborted();
  for (let at = await done(work.next()); at !== null; at = await done(work.next())) {
    signal?.throwIfAborted();
    onProgress?.({ done: at, total });
  }
}

/** Awaits what only reads; the signal ends the wait, not the request that is under way. */
async function unlessAborted(signal, read) {
  if (signal === undefined) return read();
  signal.throwIfAborted();
  let stop;
  const aborted = new Promise((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([read(), aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** Awaits work of the second addon. It returns errors as values, because a rejection would lose their code. */
async function done(promise) {
  const answer = await promise;
  if (isNativeError(answer)) throw fromNative(answer);
  return answer;
}

/** Calls a synchronous function of the addon. */
function native(call) {
  try {
    return call();
  } catch (error) {
    throw fromNative(error);
  }
}

/** Passes the rows of a run to a writer. */
async function put(writer, { store, runId }, decision, signal) {
  await done(writer.decide(decision));
  for await (const buffer of exportRows(store, runId, 'writeRun: run.store')) {
    signal?.throwIfAborted();
    await done(writer.put(buffer));
  }
}

/** Returns the next items of an entry. Infinite scores, which JSON cannot represent, come as text. */
async function nextItems(items) {
  const some = JSON.parse(await done(items.next()));
  for (const item of some) item.score = Number(item.score);
  return some;
}

/** Returns the id of the suite of that name; `null` if the store has none, or the name is not asked for. */
async function suiteCalled(store, name) {
  if (name === null) return null;
  return (await store.findSuiteByName(name))?.id ?? null;
}

async function* buffersOf(rows, onProgress) {
  for (let buffer = await done(rows.next()); buffer !== null; buffer = await done(rows.next())) {
    yield buffer;
    if (onProgress === undefined) continue;
    const [read, total] = await done(rows.progress());
    onProgress({ done: read, total });
  }
}

module.exports = { Archive };
