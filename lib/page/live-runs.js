'use strict';

/** The list of runs in the live page. */

const { DEFAULT_BASELINE } = require('../constants.js');
const { asking } = require('./asking.js');

/** Maximum number of runs in a response. */
const MOST = 50;
/** Number of runs whose figures are cached. */
const KEPT = 2000;
/** Number of runs in a history. */
const HISTORY = 10;
/** Figures that took long to read stay cached for this many times as long, even if the store is written to. */
const PATIENCE = 10;

/** Reads runs page by page; the figures of each are read separately, and cached until the run changes. */
class LiveRuns {
  #store;
  #reads;
  #figures = new Map();

  /** `reading` reads the figures of runs; while it does, `store` lists runs. `signal` ends the reading. */
  constructor(store, reading = store, signal = /** @type {AbortSignal | undefined} */ (undefined)) {
    this.#store = store;
    this.#reads = asking(reading, signal);
  }

  async suites() {
    const suites = await this.#store.listSuites();
    return suites.map(({ id, name }) => ({ id, name }));
  }

  /** Resolves with a page of runs, newest first, and the baselines of their suites. */
  async page({ search, suite, cursor }) {
    const query = { limit: MOST, search: search || undefined, suite: suite || undefined, cursor: cursor || undefined };
    const { runs, cursor: next } = await this.#store.queryRuns(query);
    const suites = [...new Set(runs.map((run) => run.suite_id))];
    const baselines = await Promise.all(suites.map((id) => this.#store.getBaseline(id, DEFAULT_BASELINE)));
    return {
      runs: runs.map(described),
      cursor: next,
      baselines: Object.fromEntries(suites.map((id, at) => [id, baselines[at]?.run_id ?? null])),
    };
  }

  /** Resolves with a run by any name that the store accepts. */
  async inStore(name) {
    return name;
  }

  /** Resolves with the figures of a run; `version` changes with each write, its last part with those of this server. */
  async figures(id, version) {
    const run = await this.#store.getRun(id);
    return run === undefined ? null : this.#figuresOf(run, version);
  }

  /** Resolves with the last completed runs of a suite, oldest first, in the shape of the core's. */
  async history(suite, version) {
    const { runs } = await this.#store.queryRuns({ suite, status: 'completed', limit: HISTORY });
    const verdicts = await this.#store.listVerdicts({ suiteId: suite });
    const found = [];
    for (const run of runs.reverse()) {
      const { means } = await this.#figuresOf(run, version);
      // Newest first: of several on one run, the last one counts.
      const verdict = verdicts.find(({ candidate_run_id }) => candidate_run_id === run.id);
      const { id: runId, name, model, started_at: startedAt } = run;
      found.push({ runId, name, model, startedAt, decision: verdict?.decision ?? null, means });
    }
    return found;
  }

  #figuresOf({ id, status, finished_at }, version) {
    const own = `${version.split('.').at(-1)} ${status} ${finished_at}`;
    const known = this.#figures.get(id);
    const isNew = known?.own === own && (known.version === version || performance.now() < known.until);
    return isNew ? known.figures : this.#read(id, own, version);
  }

  #read(id, own, version) {
    const began = performance.now();
    const figures = this.#reads('runFigures', id).then(JSON.parse);
    const entry = { own, version, figures, until: Number.POSITIVE_INFINITY };
    this.#figures.set(id, entry);
    figures.then(
      () => {
        const now = performance.now();
        entry.until = now + PATIENCE * (now - began);
      },
      () => this.#figures.delete(id),
    );
    if (this.#figures.size > KEPT) this.#figures.delete(this.#figures.keys().next().value);
    return figures;
  }
}

function described(run) {
  const { id, suite_id, name, model, status, started_at, finished_at, tags, git } = run;
  return {
    ...{ id, suiteId: suite_id, name, model, status, startedAt: started_at, finishedAt: finished_at },
    tags: Array.isArray(tags) ? tags : [],
    commit: git?.commit ?? null,
    branch: git?.branch ?? null,
  };
}

module.exports = { LiveRuns };
