/**
 * `npm run bench:growth`: what one more case and one more score cost while a file grows to a million cases with three
 * scores each, with ids in random order (UUID v4) and in the order of time (UUID v7).
 *
 * Reference and runstore take turns batch by batch on files of their own. The clock includes the checkpoints that
 * SQLite makes by itself, not the close.
 */

import { randomUUID } from 'node:crypto';
import { chart } from './chart.mjs';
import { assignRun, makeRows, SCORES_PER_CASE } from './data.mjs';
import { writeSection } from './document.mjs';
import { factList, facts } from './facts.mjs';
import { startRun } from './fixtures.mjs';
import { ensureBenchProcess } from './launch.mjs';
import { readOptions } from './options.mjs';
import { uuidV7 } from './random.mjs';
import { Scratch } from './scratch.mjs';
import { loadSubjects } from './subjects.mjs';
import { markdownTable } from './table.mjs';

const HELP = `Usage: npm run bench:growth -- [options]

  --cases <n>      cases in the end (default: 1000000)
  --buckets <n>    points of the curve (default: 10)
  --json, --write, --dir <folder>, --module <file>   as for npm run bench`;

const EXTRA = { cases: { type: 'string', default: '1000000' }, buckets: { type: 'string', default: '10' } };

/** Cases saved by one call; their scores follow in the next. */
const BATCH = 1000;
const IDS = { v4: randomUUID, v7: uuidV7 };
/** Of each subject: capitals for v4 ids, small letters for v7. */
const LETTERS = { 'reference v4': 'R', 'reference v7': 'r', 'runstore v4': 'S', 'runstore v7': 's' };

/** Gives the batch ids and positions of its own; the texts stay, they do not matter to an index. */
function renew({ cases, scores }, makeId, first) {
  cases.forEach((row, at) => {
    row.id = makeId();
    row.idx = first + at;
  });
  scores.forEach((row, at) => {
    row.id = makeId();
    row.case_id = cases[Math.floor(at / SCORES_PER_CASE)].id;
  });
}

function clock(work) {
  const start = performance.now();
  work();
  return performance.now() - start;
}

/** A file that grows. */
class Growing {
  points = [];
  #rows = { cases: 0, scores: 0 };
  #ms = { cases: 0, scores: 0 };

  constructor(subject, ids, scratch) {
    this.name = subject.name;
    this.ids = ids;
    this.path = scratch.path(`${subject.name}-${ids}.db`);
    Object.assign(this, subject.open(this.path));
    this.runId = startRun(this.store);
  }

  save({ cases, scores }) {
    assignRun(cases, this.runId);
    this.#ms.cases += clock(() => this.store.saveCases(cases));
    this.#ms.scores += clock(() => this.store.saveScores(scores));
    this.#rows.cases += cases.length;
    this.#rows.scores += scores.length;
  }

  /** Ends a bucket: microseconds per row in it. */
  mark() {
    const perRow = (kind) => (this.#ms[kind] * 1000) / this.#rows[kind];
    this.points.push({ cases: perRow('cases'), scores: perRow('scores') });
    this.#rows = { cases: 0, scores: 0 };
    this.#ms = { cases: 0, scores: 0 };
  }
}

function growBucket(files, batch, first, size) {
  for (let at = first; at < first + size; at += BATCH) {
    renew(batch, IDS[files[0].ids], at);
    const turns = (at / BATCH) % 2 ? files : files.toReversed();
    for (const file of turns) file.save(batch);
  }
  for (const file of files) file.mark();
}

/** Grows one file of each subject side by side; returns `[{ name, ids, points }]`. */
function grow(ids, subjects, scratch, { total, buckets }) {
  const files = subjects.map((subject) => new Growing(subject, ids, scratch));
  const batch = makeRows(BATCH);
  const size = total / buckets;
  for (let bucket = 0; bucket < buckets; bucket++) {
    growBucket(files, batch, bucket * size, size);
    const shown = files.map(
      ({ name, points }) => `${name} ${points.at(-1).cases.toFixed(1)}/${points.at(-1).scores.toFixed(1)} µs`,
    );
    console.error(`${ids}, ${(bucket + 1) * size} cases: ${shown.join(', ')} a case/score`);
  }
  for (const file of files) {
    file.close();
    scratch.remove(file.path);
  }
  return files.map(({ name, points }) => ({ name, ids, points }));
}

const thousands = (count) => `${Math.round(count / 1000)}k`;

function table(curves, kind, labels) {
  const rows = curves.map(({ name, ids, points }) => [
    `${name}, ${ids} ids`,
    ...points.map((point) => point[kind].toFixed(1)),
  ]);
  return markdownTable([`µs per ${kind.slice(0, -1)}, up to`, ...labels], rows);
}

function picture(curves, kind, labels) {
  const series = curves.map(({ name, ids, points }) => ({
    letter: LETTERS[`${name} ${ids}`],
    values: points.map((point) => point[kind]),
  }));
  return `\`\`\`text\nµs per ${kind.slice(0, -1)}\n${chart(series, labels)} cases\n\`\`\``;
}

function report(curves, { total, buckets }) {
  const labels = Array.from({ length: buckets }, (_, at) => thousands(((at + 1) * total) / buckets));
  const legend = Object.entries(LETTERS).map(([name, letter]) => `${letter} = ${name}`);
  const parts = ['cases', 'scores'].flatMap((kind) => [table(curves, kind, labels), picture(curves, kind, labels)]);
  return [...parts, `${legend.join(', ')}, * = several`].join('\n\n');
}

function sizesOf(options) {
  const [total, buckets] = [Number(options.cases), Number(options.buckets)];
  if (!(total > 0) || total % (buckets * BATCH)) {
    throw new RangeError(`--cases has to be a multiple of --buckets × ${BATCH}`);
  }
  return { total, buckets };
}

async function main() {
  const options = readOptions(EXTRA, HELP);
  const sizes = sizesOf(options);
  await ensureBenchProcess();
  const subjects = (await loadSubjects(options)).filter(({ name }) => name !== 'better-sqlite3');
  const scratch = new Scratch(options.dir);
  const curves = Object.keys(IDS).flatMap((ids) => grow(ids, subjects, scratch, sizes));
  const known = await facts(options);
  const text = `${factList(known)}\n\n${report(curves, sizes)}`;
  console.log(options.json ? JSON.stringify({ facts: Object.fromEntries(known), curves }, null, 2) : `\n${text}\n`);
  if (options.write) writeSection('growth', text);
}

await main();
