'use strict';

/** Opens the source of a live page: a store, or read-only runs. */

const { RunStore } = require('../entries/promises.js');
const { lazy } = require('./lazy.js');
const { CopiedRuns } = require('./page/copied-runs.js');

const archives = lazy(() => ({ ...require('../entries/archive.js'), ...require('./page/archive-source.js') }));
const folders = lazy(() => ({ report: require('../entries/report.js'), ...require('./page/folder-source.js') }));

/**
 * Resolves with the `store` from which pages are made, further connections for long reads (`forFigures`, `forPages`; undefined
 * if there is only one), the list of `runs` (undefined for the store itself), the reason why writing is refused (`readOnly`),
 * and a function to `close` everything.
 */
async function openSource({ path, archive, project, resultsDir }) {
  if (path !== undefined) {
    // Each has its own thread, so that long reads do not delay short ones.
    const stores = [];
    for (let at = 0; at < 3; at++) stores.push(await RunStore.open(path));
    const [store, forFigures, forPages] = stores;
    return { store, forFigures, forPages, close: () => Promise.all(stores.map((one) => one.close())) };
  }
  const [source, readOnly] =
    archive === undefined
      ? [folderSource(resultsDir), 'run files are only read; import them into a store to write']
      : [await archiveSource(archive, project), 'an archive is only read; pull its runs into a store to write'];
  const store = await RunStore.open(':memory:');
  const close = () => Promise.all([store.close(), source.close()]);
  return { store, runs: new CopiedRuns(store, source), readOnly, close };
}

function folderSource(folder) {
  const { FolderSource, report } = folders();
  return new FolderSource(folder, report);
}

async function archiveSource(url, project) {
  const { Archive, ArchiveSource } = archives();
  return new ArchiveSource(await Archive.open(url, { project }));
}

module.exports = { openSource };
