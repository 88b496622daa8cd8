'use strict';

/** The runs of an archive, for the live page. */

/** Runs with more scores than this are not read for the figures of the list. */
const MOST_FOR_FIGURES = 20_000;

class ArchiveSource {
  #archive;

  constructor(archive) {
    this.#archive = archive;
  }

  async list() {
    const runs = new Map();
    for (const entry of await this.#archive.listRuns()) {
      const id = runOf(entry);
      const known = runs.get(id) ?? { ...described(id, entry), items: 0 };
      known.items += entry.n_items;
      runs.set(id, known);
    }
    const newest = [...runs.values()].sort((one, other) => other.startedAt - one.startedAt);
    return newest.map(({ items, ...run }) => ({ ...run, isLarge: items > MOST_FOR_FIGURES }));
  }

  /** Copies a run, also one that evalsig wrote. */
  async copy(store, id) {
    return (await this.#archive.importRun(store, id)).runId;
  }

  close() {
    return this.#archive.close();
  }
}

/** Returns the id of the run of an entry: the id of an entry is that of its run, followed by the scorer. */
function runOf({ run_id, metric_name }) {
  const scorer = `::${metric_name}`;
  return run_id.endsWith(scorer) ? run_id.slice(0, -scorer.length) : run_id;
}

function described(id, { model_id, task_id, ts }) {
  const startedAt = Date.parse(ts);
  return {
    ...{ id, suiteId: task_id, name: id, model: model_id, status: 'completed' },
    ...{ startedAt: Number.isNaN(startedAt) ? 0 : startedAt, finishedAt: null, tags: [], commit: null, branch: null },
  };
}

module.exports = { ArchiveSource };
