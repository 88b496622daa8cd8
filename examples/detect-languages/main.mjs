import { RunStore } from 'runstore';
import { loadCases } from './dataset.mjs';
import { evaluate } from './evaluate.mjs';
import { models } from './models.mjs';
import { printReport } from './report.mjs';
import { createScorers } from './scorers.mjs';
import { count, createProgress } from './terminal.mjs';

const SUITE = 'detect languages';

// Without a path: .evals/store.db under the current directory, made when it is not there.
const store = new RunStore(process.argv[2]);
try {
  const suite = store.getOrCreateSuite(SUITE);
  const cases = loadCases(models);
  const scorers = createScorers(cases);
  console.log('Which language is this article of the Universal Declaration of Human Rights in?');
  console.log(`${count(cases.length)} cases, ${models.length} models, on ${store.path}`);

  const runIds = [];
  for (const model of models) {
    const progress = createProgress(model.name, cases.length);
    runIds.push(await evaluate({ store, suite, model, cases, scorers, onProgress: progress.update }));
    progress.clear();
  }

  printReport(store, runIds);
  const modelOf = (runId) => store.getRun(runId).model;
  console.log(`
The suite “${SUITE}” has ${store.listRuns(suite.id).length} runs now, in
${store.path}

Next
  node bin/runstore.js compare latest:${modelOf(runIds[0])} latest:${modelOf(runIds[1])}
  node bin/runstore.js gate latest:${modelOf(runIds[0])} latest:${modelOf(runIds[1])} --margin 0.02
  run it again for two more runs, or open the file with any SQLite tool
  examples/detect-languages/evaluate.mjs   how the runs were recorded
  examples/detect-languages/report.mjs     how this was read from the store
  docs/api.md                              all that a store can do`);
} finally {
  store.close();
}
