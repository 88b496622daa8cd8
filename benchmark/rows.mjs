/**
 * The rows of the table and their bars.
 *
 * `bar`: how many times faster than the reference runstore has to be; `atMost`: a bar in milliseconds; neither: no bar.
 * `variant`: measured with partly non-Latin-1 data as well, `variantBar`: the bar for that. `calls`: operations in one round, for short ones.
 */

import * as opening from './workloads/opening.mjs';
import * as reads from './workloads/reads.mjs';
import * as writes from './workloads/writes.mjs';

const QUICK_SIZE = 1000;

const file = { where: 'file' };
const memory = { where: 'memory' };
const single = { size: 1000, calls: 1000, ...file };
const mixed = { variant: true, variantBar: 2 };
/** Sizes at which one round takes many seconds. */
const large = { large: true };

const block = { size: 100_000, atMost: 60, ...large };

const thousands = (size) => (size % 1000 ? String(size) : `${size / 1000}k`);

const ROWS = [
  { title: 'saveCases {n}, file', work: writes.saveCases, size: 10_000, ...file, bar: 1.1, variant: true },
  { title: 'saveCases {n}, file', work: writes.saveCases, size: 100_000, ...file, bar: 1.35, variant: true, ...large },
  { title: 'saveScores {3n}, file', work: writes.saveScores, size: 10_000, ...file, bar: 1.2, variant: true },
  { title: 'saveScores {3n}, file', work: writes.saveScores, size: 100_000, ...file, bar: 2, ...large },
  { title: 'saveCases {n}, memory', work: writes.saveCases, size: 10_000, ...memory, bar: 1.2, variant: true },
  { title: 'saveScores {3n}, memory', work: writes.saveScores, size: 10_000, ...memory, bar: 1.25, variant: true },
  { title: 'saveCases of one, file', work: writes.saveEachCase, ...single, bar: 1, variant: true },
  { title: 'saveScores of one, file', work: writes.saveEachScore, ...single, calls: 3000, bar: 1, variant: true },
  { title: 'createRun, file', work: writes.createRun, ...single, bar: 1 },
  { title: 'getRun, memory', work: reads.getRun, calls: 20_000, bar: 1.4 },
  { title: 'getCases {n}', work: reads.getCases, size: 1000, calls: 10, bar: 2, ...mixed },
  { title: 'getCases {n}', work: reads.getCases, size: 10_000, bar: 2.4, ...mixed },
  { title: 'getCases {n}', work: reads.getCases, size: 100_000, bar: 2.6, ...mixed, ...large },
  { title: 'getFailingCases(0.5) {n}', work: reads.getFailingCases, size: 10_000, bar: 1.8, variant: true },
  { title: 'getFailingCases(Infinity) {n}', work: reads.getScoredCases, size: 10_000, bar: 3.3, variant: true },
  { title: 'getRunSummary {n}', work: reads.getRunSummary, size: 1000, calls: 20, bar: 4 },
  { title: 'getRunSummary {n}', work: reads.getRunSummary, size: 10_000, calls: 3, bar: 6 },
  { title: 'getRunSummary {n}', work: reads.getRunSummary, size: 100_000, bar: 5, ...large },
  { title: 'getRunSummary {n}, one of ten runs', work: reads.getRunSummaryOfTen, size: 10_000, calls: 3 },
  { title: 'open, warm', work: opening.openWarm, calls: 50, bar: 1.3 },
  { title: 'open, fresh process', work: opening.openInFreshProcess, bar: 1 },
  { title: 'compareRuns {n} × 3 scorers', work: reads.compareRuns, size: 10_000, bar: 15 },
  {
    title: 'longest block reading {n} cases',
    work: reads.blockWhileReading,
    size: 100_000,
    atMost: 60,
    variant: true,
    ...large,
  },
  { title: 'longest block, getCases {n}, promises', work: reads.blockOfGetCases, ...block },
  { title: 'longest block, getFailingCases(Infinity) {n}, promises', work: reads.blockOfGetScoredCases, ...block },
  { title: 'longest block, getRunSummary {n}, promises', work: reads.blockOfGetRunSummary, ...block },
  { title: 'longest block, saveCases {n}, promises', work: writes.blockOfSaveCases, ...block },
];

function shrink(row) {
  if (!row.size || row.size <= QUICK_SIZE) return row;
  const size = row.large ? 2 * QUICK_SIZE : QUICK_SIZE;
  return { ...row, size };
}

const isFirstOfItsName = (row, at, rows) => rows.findIndex(({ name }) => name === row.name) === at;

const named = (row) => ({
  ...row,
  name: row.title.replace('{n}', thousands(row.size)).replace('{3n}', thousands(3 * row.size)),
});

/** Returns the rows to measure, each with its `name`. */
export function rowsFor({ quick, only }) {
  return ROWS.map((row) => named(quick ? shrink(row) : row))
    .filter(isFirstOfItsName)
    .filter(({ name }) => only.test(name));
}
