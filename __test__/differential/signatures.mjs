// What each documented method takes: the generator makes arguments by it, the allowed differences judge by it.

/** Types of the arguments of the methods; a `?` marks one that may be left out, a `!` an id that has to be there. */
export const methods = {
  createSuite: ['text'],
  getSuite: ['suite'],
  findSuiteByName: ['name'],
  listSuites: [],
  renameSuite: ['suite', 'text'],
  deleteSuite: ['suite'],
  createRun: ['newRun'],
  finishRun: ['run', 'status', 'json?'],
  getRun: ['run'],
  listRuns: ['suite?'],
  getLatestCompletedRun: ['suite', 'model?'],
  renameRun: ['run', 'text'],
  resetRun: ['run'],
  deleteRun: ['run'],
  saveCases: ['cases'],
  saveScores: ['scores'],
  getCases: ['run'],
  getFailingCases: ['run', 'threshold?'],
  getRunSummary: ['run', 'threshold?'],
  createPrompt: ['text', 'text'],
  listPrompts: [],
  getPrompt: ['prompt'],
  deletePrompt: ['prompt'],
};

/** Types of the fields of the objects that are passed in. */
export const fields = {
  newRun: { suite_id: 'suite!', name: 'text', model: 'model', config: 'json?' },
  cases: {
    id: 'rowId',
    run_id: 'run!',
    idx: 'position',
    input: 'json',
    output: 'textOrNull',
    expected: 'json?',
    latency_ms: 'amount',
    tokens_in: 'amount',
    tokens_out: 'amount',
    error: 'text?',
  },
  scores: { id: 'rowId', case_id: 'case!', scorer_name: 'scorer', score: 'score', reason: 'text?' },
};

/** How often each method is called, relative to the others. */
export const weights = {
  createSuite: 4,
  getSuite: 3,
  findSuiteByName: 4,
  listSuites: 3,
  renameSuite: 2,
  deleteSuite: 0.7,
  createRun: 8,
  finishRun: 6,
  getRun: 5,
  listRuns: 4,
  getLatestCompletedRun: 5,
  renameRun: 2,
  resetRun: 1.5,
  deleteRun: 1,
  saveCases: 15,
  saveScores: 16,
  getCases: 8,
  getFailingCases: 8,
  getRunSummary: 8,
  createPrompt: 5,
  listPrompts: 2,
  getPrompt: 2,
  deletePrompt: 2.5,
};
