// Arguments that the reference takes in some surprising way and runstore refuses. Each entry quotes its line of the
// measured behaviour (operation or input | what the reference does | what a better store should do).
//
// `refuses(type, value)` says whether a value in the place of an argument or field of this type (see signatures.mjs)
// is refused: a TypeError or RangeError with the code ERR_RUNSTORE_INVALID_ARGUMENT, and nothing is changed.

const TEXT = [
  'text',
  'name',
  'model',
  'scorer',
  'textOrNull',
  'suite',
  'run',
  'prompt',
  'suite!',
  'run!',
  'case!',
  'rowId',
  'status',
];
const isMissing = (value) => value === null || value === undefined;
const isObject = (value) => (typeof value === 'object' && value !== null) || typeof value === 'function';

export const refusals = [
  {
    name: 'a suite_id, run_id or case_id of null',
    quote:
      'unknown run_id / case_id / suite_id | FOREIGN KEY constraint failed | keep; say which id; ' +
      "any id argument … | null → no row | throw TypeError with the argument's name",
    refuses: (type, value) => type.endsWith('!') && value === null,
  },
  {
    name: 'a case or score without an id',
    quote: 'case/score id null or NaN | stored as NULL: duplicates possible, unreachable, not in totalCases | refuse',
    refuses: (type, value) => type === 'rowId' && (value === null || Number.isNaN(value)),
  },
  {
    name: 'a null name',
    quote: 'an object/function/Date as first argument; output … object → TypeError | refuse non-strings',
    refuses: (type, value) => ['text', 'model', 'scorer'].includes(type) && value === null,
  },
  {
    name: 'an object in the place of text',
    quote:
      'an object/function/Date as first argument | taken for named parameters: renameSuite(id, {}) is a silent no-op, ' +
      '`case.id: {}` shifts all other columns | refuse',
    refuses: (type, value) => TEXT.includes(type) && isObject(value),
  },
  {
    name: 'a number, boolean, BigInt or bytes in the place of text',
    quote:
      "output | … 5 → '5.0', 1.5 → '1.5', true → '1', NaN → null, bytes stay bytes; object → TypeError | refuse non-strings",
    refuses: (type, value) => TEXT.includes(type) && !isMissing(value) && typeof value !== 'string',
  },
  {
    name: 'an error or reason that is not text',
    quote: "error, reason | undefined/null → null, '' kept, others like output | as above (refuse non-strings)",
    refuses: (type, value) => type === 'text?' && !isMissing(value) && typeof value !== 'string',
  },
  {
    name: 'listRuns of something that is not text',
    quote: "listRuns(undefined, null, '', 0, NaN) | all runs | keep for undefined/null/''",
    refuses: (type, value) => type === 'suite?' && !isMissing(value) && typeof value !== 'string',
  },
  {
    name: 'a model that is not text',
    quote: "getLatestCompletedRun(s, '' or null) | any model | keep; output … | refuse non-strings",
    refuses: (type, value) => type === 'model?' && !isMissing(value) && typeof value !== 'string',
  },
  {
    name: 'a run finished as anything but completed or failed',
    quote:
      "finishRun status not completed/failed | 'running' accepted (sets finished_at); others CHECK error 275 | refuse 'running'",
    refuses: (type, value) => type === 'status' && value !== undefined && value !== 'completed' && value !== 'failed',
  },
  {
    name: 'a number that is not one',
    quote:
      "idx, latency_ms, tokens_* | … '7' → 7, 'abc' stays text, true → 1, bytes kept … 5n → 5 | floats and null keep; refuse the rest",
    refuses: (type, value) =>
      (type === 'amount' || type === 'position') && !isMissing(value) && typeof value !== 'number',
  },
  {
    name: 'an idx of null or NaN',
    quote: 'idx, latency_ms, tokens_* | … null/NaN: idx → NOT NULL error, the others → null',
    refuses: (type, value) => type === 'position' && (value === null || Number.isNaN(value)),
  },
  {
    name: 'a score that is not a number',
    quote: "score | NaN/null → NOT NULL error; … '0.5' → 0.5; 'abc' stays text; BigInt → float | refuse non-numbers",
    refuses: (type, value) =>
      type === 'score' && value !== undefined && (typeof value !== 'number' || Number.isNaN(value)),
  },
  {
    name: 'a threshold that is not a number',
    quote:
      'threshold null / NaN / text | getFailingCases: [] / [] / text compares greater than every number; ' +
      'getRunSummary: all pass / all fail / coerced | refuse',
    refuses: (type, value) =>
      type === 'threshold?' && value !== undefined && (typeof value !== 'number' || Number.isNaN(value)),
  },
];
