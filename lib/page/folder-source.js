'use strict';

/** The runs of a folder of run files, for the live page. */

/** Runs with more samples than this are not read for the figures of the list. */
const MOST_FOR_FIGURES = 10_000;

class FolderSource {
  #folder;
  #report;

  /** `report` has the functions of `runstore/report`. */
  constructor(folder, report) {
    this.#folder = folder;
    this.#report = report;
  }

  /** A file with several models contains a run for each. Newest first. */
  async list() {
    const files = this.#report.listRunFiles(this.#folder);
    const runs = files.flatMap((file) => namesOf(file).map((id, at) => described(id, file, at)));
    return runs.sort((one, other) => other.startedAt - one.startedAt);
  }

  async copy(store, id) {
    const files = this.#report.listRunFiles(this.#folder);
    const file = files.find((one) => namesOf(one).includes(id));
    if (file === undefined) return id;
    const imported = await this.#report.importRunFile(store, file.path, { keepExisting: true });
    const model = file.pipelineIds[namesOf(file).indexOf(id)];
    for (const { runId } of imported) {
      if (imported.length === 1 || (await store.getRun(runId))?.model === model) return runId;
    }
    return id;
  }

  async close() {}
}

function namesOf({ runId, pipelineIds }) {
  return pipelineIds.length < 2 ? [runId] : pipelineIds.map((model) => `${runId} (${model})`);
}

function described(id, { suiteName, pipelineIds, changedAt, elapsedSeconds, samples, error }, at) {
  const took = (elapsedSeconds ?? 0) * 1000;
  return {
    ...{ id, suiteId: suiteName ?? '', name: id, model: pipelineIds[at] ?? '' },
    ...{ status: error === null ? 'completed' : 'unreadable', startedAt: changedAt - took, finishedAt: changedAt },
    ...{ tags: [], commit: null, branch: null, isLarge: error !== null || samples > MOST_FOR_FIGURES },
  };
}

module.exports = { FolderSource };
