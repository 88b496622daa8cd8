// Everything in which runstore may differ from the reference, and nothing else. Each entry quotes its line of the
// measured behaviour (operation or input | what the reference does | what a better store should do) and turns what
// the reference did into what runstore has to do, so that the difference itself is checked too.
//
// `applies(call)` and `expected(call)` see the call: `method`, `args` (as passed to runstore), `outcome` (the
// reference's), `actual` (runstore's), `askReference(method, ...args)` and more, see Sequence.

import { isDeepStrictEqual } from 'node:util';

import { differenceOf, kindOfError } from './outcome.mjs';

const returned = ({ outcome }) => !('error' in outcome);
const found = (call) => returned(call) && call.outcome.value !== undefined;
const lastOf = (rows, isSame) => rows.filter(isSame).at(-1);

export const allowedDifferences = [
  {
    name: 'plain suites',
    quote: 'getSuite / findSuiteByName | raw driver row: null prototype | plain object of the three keys',
    applies: (call) => ['getSuite', 'findSuiteByName'].includes(call.method) && found(call),
    expected: ({ outcome: { value } }) => ({ value: { id: value.id, name: value.name, created_at: value.created_at } }),
  },
  {
    name: 'newest of the suites of one name and time',
    quote: 'findSuiteByName | greatest created_at; tie → the oldest inserted one | newest inserted would be right',
    applies: (call) => call.method === 'findSuiteByName' && found(call),
    expected({ outcome: { value }, askReference }) {
      const isTied = (suite) => suite.name === value.name && suite.created_at === value.created_at;
      return { value: lastOf(askReference('listSuites'), isTied) };
    },
  },
  {
    name: 'newest of the runs completed that started at one time',
    quote:
      'getLatestCompletedRun | greatest started_at; tie → oldest inserted | as above (newest inserted would be right)',
    applies: (call) => call.method === 'getLatestCompletedRun' && found(call),
    expected({ outcome: { value }, args: [suiteId, model], reference, askReference }) {
      const isTied = (run) =>
        run.started_at === value.started_at && run.status === 'completed' && (!model || run.model === value.model);
      return { value: lastOf(askReference('listRuns', reference.idOf(suiteId)), isTied) };
    },
  },
  {
    name: 'newest suite first among those of one time',
    quote:
      'listSuites | created_at DESC; ties in insertion order (oldest first) | keep (or newest first, by decision); design.md 4: newest first',
    applies: (call) => call.method === 'listSuites' && returned(call),
    expected({ outcome: { value } }) {
      const oldestFirst = value.map((suite, index) => ({ suite, index }));
      oldestFirst.sort((a, b) => b.suite.created_at - a.suite.created_at || b.index - a.index);
      return { value: oldestFirst.map(({ suite }) => suite) };
    },
  },
  {
    name: 'the stored text echoed',
    quote:
      'lone surrogates in plain text fields | stored as U+FFFD, so readable; createSuite/createPrompt echo the original | echo what is stored',
    applies: (call) => ['createSuite', 'createPrompt'].includes(call.method) && found(call),
    expected({ outcome: { value } }) {
      const wellFormed = (text) => (typeof text === 'string' ? text.toWellFormed() : text);
      return { value: Object.fromEntries(Object.entries(value).map(([key, text]) => [key, wellFormed(text)])) };
    },
  },
  {
    name: 'whole numbers from 2^53 read back',
    quote:
      'whole numbers ≥ 2^53 there (also as Number) | stored, then getCases, getFailingCases and getRunSummary of that ' +
      'run throw ERR_OUT_OF_RANGE for ever (poisoned run) | refuse at the write, or read back as Number; ' +
      'sum of latency above 2^53 | getRunSummary throws ERR_OUT_OF_RANGE | return a Number',
    applies: (call) => call.outcome.error?.code === 'ERR_OUT_OF_RANGE',
    expected: ({ withGreatNumbers }) => withGreatNumbers(),
  },
  {
    name: 'a scorer called __proto__',
    quote:
      "scorer named `__proto__` | scores kept, but missing from meanScores; 'constructor', 'toString', '' are fine | own property",
    applies: (call) => call.method === 'getRunSummary' && returned(call) && call.usesProtoScorer,
    expected({ outcome: { value }, withGreatNumbers }) {
      const means = [];
      withGreatNumbers((rows) => {
        for (const row of rows) if (Object.hasOwn(row, 'meanScore')) means.push([row.scorer_name, row.meanScore]);
      });
      return { value: { ...value, meanScores: Object.fromEntries(means) } };
    },
  },
  {
    name: 'order of the scores of a case when the reference reads a file with our index',
    quote:
      'getCases / getFailingCases | idx ASC, ties in insertion order; scores inside a case in insertion order | keep: ' +
      'runstore does, on either file. The reference asks SQLite for no order and gets that of the index it reads, ' +
      'which in a file that runstore made is the covering one of design.md 6',
    applies: (call) =>
      call.method === 'getFailingCases' && call.exchanged && returned(call) && returned({ outcome: call.actual }),
    expected: ({ outcome: { value }, actual }) => ({
      value: value.map((row, at) => withOrderOf(row, actual.value[at]?.scores ?? [])),
    }),
  },
  {
    name: 'which of two faults in a batch is told',
    quote:
      'any error inside saveCases/saveScores (every kind tried) | nothing of the batch left, store usable afterwards | keep; ' +
      'issue 2, point 7: packed writes read up to 512 rows before any of them is saved',
    applies: ({ method, outcome, actual, boom, faults }) => {
      if (!method.startsWith('save') || !('error' in outcome) || !('error' in actual) || faults === 0) return false;
      const [reference, runstore] = [outcome, actual].map(({ error }) => kindOfError(error, boom));
      return reference !== runstore && runstore !== 'store' && (faults > 1 || reference === 'store');
    },
    expected: ({ actual }) => actual,
  },
];

/** The row with its own scores in the order that the other has them in; as it is when they are not the same scores. */
function withOrderOf(row, scores) {
  const left = [...row.scores];
  const ordered = scores.map((score) => {
    const at = left.findIndex((one) => isDeepStrictEqual({ ...one }, { ...score }));
    return at === -1 ? undefined : left.splice(at, 1)[0];
  });
  return left.length === 0 && !ordered.includes(undefined) ? { ...row, scores: ordered } : row;
}

/** What runstore has to do where the reference did `call.outcome`, and the names of the entries that changed it. */
export function allow(call, entries = allowedDifferences) {
  const used = [];
  for (const entry of entries) {
    if (!entry.applies(call)) continue;
    const expected = entry.expected(call);
    if (isChange(call.outcome, expected)) used.push(entry.name);
    call.outcome = expected;
  }
  return used;
}

const isChange = (before, after) =>
  Boolean(differenceOf([before.value, before.error], [after.value, after.error], (id) => id));
