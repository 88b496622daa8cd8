/**
 * `npm run bench`: the reference, a port to better-sqlite3, runstore and the limit of Rust, side by side.
 * Exits with 1 when a row is under its bar.
 */

import { writeSection } from './document.mjs';
import { factList, facts } from './facts.mjs';
import { Fixtures } from './fixtures.mjs';
import { ensureBenchProcess } from './launch.mjs';
import { Limit } from './limit.mjs';
import { isMeasurable, measureRow } from './measure.mjs';
import { readOptions } from './options.mjs';
import { rowsFor } from './rows.mjs';
import { Scratch } from './scratch.mjs';
import { loadSubjects } from './subjects.mjs';
import { duration, resultTable, verdict } from './table.mjs';

async function makeContext(options) {
  const subjects = await loadSubjects(options);
  const scratch = new Scratch(options.dir);
  return {
    options,
    subjects,
    scratch,
    runstore: subjects.find(({ name }) => name === 'runstore'),
    fixtures: new Fixtures(scratch, subjects),
    limit: options.limit ? new Limit() : undefined,
  };
}

/** Measures row by row; what is done is shown at once, because the whole takes minutes. */
async function measureAll(rows, context) {
  const results = [];
  for (const row of rows) {
    const result = await measureRow(row, context);
    const ratio = result.overReference.median.toFixed(2);
    console.error(
      `${context.options.quick ? '' : verdict(result)} ${result.name}: ${duration(result.medians.runstore)}, ${ratio}×, ${result.rounds} rounds`,
    );
    results.push(result);
  }
  return results;
}

function show({ options }, knownFacts, results) {
  const table = resultTable(results, options.quick);
  if (options.json) console.log(JSON.stringify({ facts: Object.fromEntries(knownFacts), results }, null, 2));
  else console.log(`\n${factList(knownFacts)}\n\n${table}\n`);
  if (options.write) writeSection('bench', `${factList(knownFacts)}\n\n${table}`);
}

function reportMisses({ options }, results) {
  const missed = results.filter(({ isMet }) => !isMet);
  if (options.quick || missed.length === 0) return;
  console.error(`Under the bar: ${missed.map(({ name }) => name).join('; ')}`);
  process.exitCode = 1;
}

async function main() {
  const options = readOptions();
  await ensureBenchProcess();
  const context = await makeContext(options);
  const knownFacts = await facts(options, context.limit);
  const rows = rowsFor(options).filter((row) => isMeasurable(row, context.subjects));
  const results = await measureAll(rows, context);
  context.limit?.close();
  show(context, knownFacts, results);
  reportMisses(context, results);
}

await main();
