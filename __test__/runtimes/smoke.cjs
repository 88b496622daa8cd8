// What a user does in the first minutes, in any runtime. Returns what came of it as plain data.

const { existsSync } = require('node:fs');

exports.smoke = async ({ RunStore, RunStoreError }, path) => ({
  memory: useStore(new RunStore(':memory:')),
  file: useFile(RunStore, path),
  iterated: await iterate(new RunStore(path)),
  refused: refusal(RunStore, RunStoreError),
  borrowed: borrow(RunStore),
});

function useStore(store) {
  const suite = store.createSuite('capitals');
  const run = store.createRun({ suite_id: suite.id, name: 'first', model: 'm', config: { t: 0 } });
  store.saveResults(run, [
    {
      idx: 0,
      input: 'France',
      output: 'Paris',
      expected: 'Paris',
      latency_ms: 210,
      scores: [{ scorer_name: 'exact', score: 1 }],
    },
    {
      idx: 1,
      input: { of: 'Peru' },
      output: 'Cuzco ✗',
      latency_ms: 90,
      scores: [{ scorer_name: 'exact', score: 0, reason: 'no' }],
    },
  ]);
  store.finishRun(run, 'completed', store.getRunSummary(run));
  const { summary, config, status } = store.getRun(run);
  const failing = store.getFailingCases(run).map(({ input, output, scores }) => ({ input, output, scores }));
  store.close();
  return { summary, config, status, failing };
}

function useFile(RunStore, path) {
  const written = useStore(new RunStore(path));
  const store = new RunStore(path);
  const [run] = store.listRuns();
  const read = store.getRun(run.id).summary.totalCases;
  const left = [path, `${path}-wal`].map((file) => existsSync(file));
  store.close();
  return { written: written.summary.totalCases, read, left, wal: existsSync(`${path}-wal`) };
}

async function iterate(store) {
  const seen = [];
  const [run] = store.listRuns();
  for (const { idx } of store.iterateCases(run.id)) seen.push(idx);
  for await (const { input } of store.iterateCases(run.id, { batchSize: 1 })) seen.push(input);
  store.close();
  return seen;
}

function refusal(RunStore, RunStoreError) {
  const store = new RunStore(':memory:');
  try {
    store.createSuite(5);
    return 'accepted';
  } catch (error) {
    return [error instanceof TypeError, error instanceof RunStoreError, error.code];
  } finally {
    store.close();
  }
}

/** A store on the runtime's own node:sqlite. */
function borrow(RunStore) {
  const { DatabaseSync } = require('node:sqlite');
  const handle = new DatabaseSync(':memory:');
  const store = new RunStore(handle);
  handle.exec('BEGIN');
  const { id } = store.createSuite('rolled back');
  store.saveCases([]);
  handle.exec('ROLLBACK');
  const gone = store.getSuite(id) === undefined;
  const kept = store.createSuite('kept').name;
  const rows = handle.prepare('SELECT name FROM suites').all().length;
  store.close();
  handle.close();
  return { gone, kept, rows };
}
