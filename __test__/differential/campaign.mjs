// Runs many random sequences over all places, until a number of operations is reached or a difference is found.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { moods, OperationSource } from './operations.mjs';
import { show } from './outcome.mjs';
import { Random } from './random.mjs';
import { extraOperations, Sequence } from './sequence.mjs';
import { shrink } from './shrink.mjs';
import { places } from './sides.mjs';

const LENGTHS = [20, 60, 60, 150, 150, 400];

/**
 * @param options.Store the class to compare with the reference
 * @param options.operations how many operations to run at least
 * @param options.seed of the first sequence; each further one takes the next number
 * @param options.adapted whether the allowed differences apply
 * @param options.among places to use
 * @returns `{ operations, sequences, used, failure }`; `failure` is a report for a reader, or `undefined`
 */
export function runCampaign({ Store, operations, seed, adapted = true, among = Object.keys(places) }) {
  const directory = mkdtempSync(join(tmpdir(), 'runstore-differential-'));
  const result = { operations: 0, sequences: 0, used: new Map(), failure: undefined };
  try {
    while (result.operations < operations && !result.failure) {
      runOne(
        { Store, adapted, directory, seed: seed + result.sequences, place: among[result.sequences % among.length] },
        result,
      );
      result.sequences++;
    }
    return result;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function runOne({ seed, ...options }, result) {
  const random = new Random(seed);
  const mood = random.weighted({ ordinary: 2, quirky: 4, odd: 4 });
  const source = new OperationSource(random, moods[mood], extraOperations(options.place));
  const operations = Array.from({ length: random.pick(LENGTHS) }, () => source.next());
  const sequence = new Sequence(options);
  const difference = sequence.run(operations);
  result.operations += sequence.calls;
  for (const [name, count] of sequence.used) result.used.set(name, (result.used.get(name) ?? 0) + count);
  if (difference) result.failure = report(operations, difference, seed, options);
}

function report(operations, difference, seed, options) {
  const run = (shorter) => new Sequence(options).run(shorter);
  const cut = typeof difference.index === 'number' ? operations.slice(0, difference.index + 1) : operations;
  const shortest = shrink(run(cut) ? cut : operations, (shorter) => run(shorter) !== undefined);
  const last = run(shortest) ?? difference;
  return [
    `A difference from the reference, in ${options.place}: ${last.operation.method} ${last.difference}`,
    `RUNSTORE_DIFFERENTIAL_SEED=${seed} shows it again. The shortest sequence that shows it, of ${operations.length} operations:`,
    ...shortest.map((operation) => `  ${operation.method}(${operation.args.map(describe).join(', ')})`),
    `  then ${last.operation.method}(${last.operation.args.map(describe).join(', ')})`,
  ].join('\n');
}

/** Shows the description of an argument as code would. */
function describe(description) {
  if (typeof description !== 'object' || description === null) return show(description);
  switch (description.$) {
    case 'odd':
      return `‹${description.name}›`;
    case 'json':
      return JSON.stringify(description.value);
    case 'rows':
      return describeRows(description);
    case 'row':
      return describeRow(description);
    default:
      return `${description.$}${description.n}`;
  }
}

const MOST_ROWS_SHOWN = 5;

function describeRows({ container, rows, throwsAfter }) {
  const shown = rows.slice(0, MOST_ROWS_SHOWN).map(describe);
  if (rows.length > MOST_ROWS_SHOWN) shown.push(`… ${rows.length} rows in all`);
  return `${container}${throwsAfter === undefined ? '' : ` that throws after ${throwsAfter}`} [${shown.join(', ')}]`;
}

function describeRow({ shape, fields, throwsAt }) {
  const entries = Object.entries(fields).map(([name, value]) => `${name}: ${describe(value)}`);
  if (throwsAt) entries.push(`throws at ${throwsAt}`);
  return `${shape} { ${entries.join(', ')} }`;
}
