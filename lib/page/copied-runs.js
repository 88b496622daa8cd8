'use strict';

/**
 * Runs that are only read: of an archive, or of a folder of run files. A run that is viewed is copied into a store in memory,
 * so that the live page is the same as over any store. The least recently viewed run is deleted from there.
 */

const { LiveRuns } = require('./live-runs.js');
const { PromiseCache } = require('./promise-cache.js');

/** Runs in memory at once. */
const MOST = 8;
/** How long a listing counts as current: a search asks for it at each character. */
const FRESH_MS = 3000;
const PAGE_SIZE = 50;

class CopiedRuns {
  #store;
  #source;
  #figures;
  #listed = Promise.resolve([]);
  #listedAt = Number.NEGATIVE_INFINITY;
  /** By the id in the list: promises of the ids in memory. */
  #copied = new PromiseCache(MOST, (copied) => this.#forget(copied));

  /**
   * @param store A store in memory.
   * @param source What is shown: `list()` resolves with descriptions of runs, newest first, and `copy(store, id)` copies one.
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

  /** Resolves with a page of runs; its cursor is a place in the list. */
  async page({ search, suite, cursor }) {
    const wanted = (search ?? '').toLowerCase();
    const fits = ({ id, name, model, suiteId }) =>
      (!suite || suiteId === suite) && [id, name, model].some((text) => text.toLowerCase().includes(wanted));
    const runs = (await this.#list()).filter(fits);
    const from = Number(cursor) || 0;
    const to = from + PAGE_SIZE;
    return { runs: runs.slice(from, to), cursor: to < runs.length ? String(to) : null, baselines: {} };
  }

  /** Resolves with the figures of a run, `null` where it would take long to read it for them. */
  async figures(id, version) {
    const listed = (await this.#list()).find((run) => run.id === id);
    if (listed?.isLarge !== false) return null;
    return this.#figures.figures(await this.inStore(id), version);
  }

  /** Copies a run into memory; resolves with its id there. It is called by its id in the list, by that in memory, or "latest". */
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

  /** Deletes a run that made room for another. It is gone already where its copying failed. */
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
