'use strict';

/**
 * Read-only runs, from an archive or a folder of run files. A run that is viewed is copied into a store in memory, so
 * that the live page works as it does on any store. The least recently viewed run is deleted there.
 */

const { LiveRuns } = require('./live-runs.js');
const { PromiseCache } = require('./promise-cache.js');

/** Maximum number of runs in memory. */
const MOST = 8;
/** How long a listing counts as current: the search field requests one per typed character. */
const FRESH_MS = 3000;
const PAGE_SIZE = 50;

class CopiedRuns {
  #store;
  #source;
  #figures;
  /** @type {Promise<any[]>} */
  #listed = Promise.resolve([]);
  #listedAt = Number.NEGATIVE_INFINITY;
  /** Promises of the ids in memory, by the ids in the list. */
  #copied = new PromiseCache(MOST, { evicted: (copied) => this.#forget(copied) });

  /**
   * @param store A store in memory.
   * @param source The source: `list()` resolves with descriptions of runs, newest first; `copy(store, id)` copies one.
   */
  constructor(store, source) {
    this.#store = store;
    this.#source = source;
    this.#figures = new LiveRuns(store);
  }

  async suites() {
    const names = new Set((await this.#list()).map(({ suiteId }) => suiteId));
    return [...names].map((name) => ({ id: name, name }));
  }

  /** Resolves with a page of runs; its cursor is an index into the list. */
  async page({ search, suite, cursor }) {
    const wanted = (search ?? '').toLowerCase();
    const fits = ({ id, name, model, suiteId }) =>
      (!suite || suiteId === suite) && [id, name, model].some((text) => text.toLowerCase().includes(wanted));
    const runs = (await this.#list()).filter(fits);
    const from = Number(cursor) || 0;
    const to = from + PAGE_SIZE;
    return { runs: runs.slice(from, to), cursor: to < runs.length ? String(to) : null, baselines: {} };
  }

  /** Resolves with the figures of a run; `null` if reading the run for them would take long. */
  async figures(id, version) {
    const listed = (await this.#list()).find((run) => run.id === id);
    if (listed?.isLarge !== false) return null;
    return this.#figures.figures(await this.inStore(id), version);
  }

  /** Resolves with the copied runs of a suite; `suite` is its id in memory. */
  history(suite, version) {
    return this.#figures.history(suite, version);
  }

  /**
   * Copies a run into memory; resolves with its id there. `name` is its id in the list, its id in memory, or "latest".
   */
  async inStore(name) {
    const id = await this.#called(name);
    return this.#copied.get(id, () => this.#source.copy(this.#store, id));
  }

  async #called(name) {
    if (name === 'latest') return (await this.#list())[0]?.id ?? name;
    for (const [id, copied] of this.#copied.entries()) {
      if ((await copied.catch(() => null)) === name) return id;
    }
    return name;
  }

  /** Deletes a run to make room for another. If copying it failed, there is nothing to delete. */
  async #forget(copied) {
    await copied.then((known) => this.#store.deleteRun(known)).catch(() => {});
  }

  #list() {
    if (performance.now() - this.#listedAt > FRESH_MS) {
      this.#listedAt = performance.now();
      this.#listed = this.#source.list();
      this.#listed.catch(() => {
        this.#listedAt = Number.NEGATIVE_INFINITY;
      });
    }
    return this.#listed;
  }
}

module.exports = { CopiedRuns };
