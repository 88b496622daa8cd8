/** Measures one row of the table. */

import { pair, speedup } from './pairing.mjs';
import { median } from './statistics.mjs';

const ROUNDS = { usual: { least: 7, most: 21 }, large: { least: 5, most: 11 }, quick: { least: 2, most: 2 } };
const WARM_UP_SIZE = 2000;

function roundsFor(row, options) {
  if (options.rounds) return { least: options.rounds, most: options.rounds };
  if (options.quick) return ROUNDS.quick;
  return row.large ? ROUNDS.large : ROUNDS.usual;
}

function trialsOf(row, variant, context) {
  const subjects = context.subjects.filter((subject) => row.work.isAvailable?.(subject) ?? true);
  const compared = variant === 'plain' ? subjects : subjects.filter(({ name }) => name !== 'better-sqlite3');
  const trials = compared.map((subject) => ({
    name: subject.name,
    ...row.work.trial(subject, row, variant, context),
  }));
  if (variant === 'plain' && context.limit && row.work.limit) {
    trials.push({ name: 'limit', ...row.work.limit(row, context) });
  }
  return trials;
}

async function paired(row, variant, context, rounds, isDecided) {
  const trials = trialsOf(row, variant, context);
  // Trials that write hold their rows themselves.
  context.fixtures.forgetRows();
  try {
    return await pair(trials, rounds, isDecided);
  } finally {
    for (const trial of trials) await trial.finish?.();
  }
}

/** One round with few rows that does not count: compiles the code, and checks that everything was really done. */
async function warmUp(row, variant, context) {
  const small = row.size ? { ...row, size: Math.min(row.size, WARM_UP_SIZE) } : row;
  await paired(small, variant, { ...context, checking: true }, { least: 1, most: 1 }, () => true);
}

const outside = (bar, [low, high]) => bar < low || bar > high;

/** Returns whether the rounds so far say clearly on which side of its bar the row is. */
function isDecidedFor(row) {
  if (!row.bar) return () => true;
  return (times) => outside(row.bar, speedup(times, 'reference', 'runstore').interval);
}

function isMet(row, times) {
  if (row.atMost) return median(times.runstore) <= row.atMost;
  return !row.bar || speedup(times, 'reference', 'runstore').median >= row.bar;
}

/** Returns whether the row can be measured: everything is there that it compares. */
export function isMeasurable(row, subjects) {
  return subjects.every((subject) => row.work.isAvailable?.(subject) ?? true);
}

/** Returns the times of all rounds, the ratios and whether the bar is met. */
export async function measureRow(row, context) {
  const rounds = roundsFor(row, context.options);
  await warmUp(row, 'plain', context);
  const times = await paired(row, 'plain', context, rounds, isDecidedFor(row));
  const result = {
    name: row.name,
    bar: row.bar,
    atMost: row.atMost,
    variantBar: row.variantBar,
    isMet: isMet(row, times),
    rounds: times.runstore.length,
    medians: Object.fromEntries(Object.entries(times).map(([name, values]) => [name, median(values)])),
    overReference: speedup(times, 'reference', 'runstore'),
    overBetterSqlite3: speedup(times, 'better-sqlite3', 'runstore'),
    ofLimit: speedup(times, 'limit', 'runstore'),
    times,
  };
  if (row.variant && context.options.variant) {
    result.variant = await measureVariant(row, context, rounds);
    result.isMet &&= !(result.variant.overReference.median < row.variantBar);
  }
  return result;
}

/** The same with data that is partly not Latin-1: reference and runstore only, and as few rounds as allowed. */
async function measureVariant(row, context, { least }) {
  await warmUp(row, 'mixed', context);
  const times = await paired(row, 'mixed', context, { least, most: least }, () => true);
  return { times, runstore: median(times.runstore), overReference: speedup(times, 'reference', 'runstore') };
}
