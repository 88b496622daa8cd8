'use strict';

/** The list of runs in the live page. */

const { DEFAULT_BASELINE } = require('../constants.js');
const { askStore } = require('../connection/store-access.js');

/** Maximum number of runs in a response. */
const MOST = 50;
/** Number of runs whose figures are cached. */
const KEPT = 2000;

/** Reads runs page by page; the figures of each are read separately, and cached until the run changes. */
class LiveRuns {
  #store;
  #figures = new Map();

  constructor(store) {
    this.#store = store;
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

  /** Resolves with the figures of a run; `version` changes with each write. */
  async figures(id, version) {
    const run = await this.#store.getRun(id);
    if (run === undefined) return null;
    // A finished run changes only when its cases are annotated, which changes the version of this server.
    const key = `${version} ${run.status} ${run.finished_at}`;
    const known = this.#figures.get(id);
    if (known?.key === key) return known.figures;
    const figures = askStore(this.#store, 'viewer: store', (ask) => ask(JSON.parse, 'runFigures', 'viewer', id));
    this.#figures.set(id, { key, figures });
    figures.catch(() => this.#figures.delete(id));
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
