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

  /** Copies a run as a store has archived it; of a run that evalsig wrote, copies the scores. */
  async copy(store, id) {
    const entries = await this.#archive.listRuns();
    const entry = entries.find((one) => runOf(one) === id);
    if (entry === undefined || entry.run_id !== id) return (await this.#archive.importRun(store, id)).runId;
    return scoresAsRun(store, await this.#archive.loadRun(id), entry);
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

async function scoresAsRun(store, { items }, { run_id, model_id, task_id, metric_name, ts }) {
  const suite = (await store.findSuiteByName(task_id)) ?? (await store.createSuite(task_id));
  const startedAt = Date.parse(ts);
  const run = await store.createRun({
    ...{ suite_id: suite.id, name: run_id, model: model_id },
    ...(Number.isNaN(startedAt) ? {} : { startedAt }),
  });
  const results = items.filter(({ score }) => !Number.isNaN(score));
  await store.saveResults(
    run,
    results.map(({ item_id, score, cluster_id, epoch, metadata }, idx) => ({
      ...{ idx, key: item_id, input: item_id, trial: epoch },
      ...(cluster_id === null ? {} : { cluster: cluster_id }),
      ...(metadata === null ? {} : { metadata }),
      scores: [{ scorer_name: metric_name, score }],
    })),
  );
  await store.finishRun(run, 'completed');
  return run;
}

module.exports = { ArchiveSource };
