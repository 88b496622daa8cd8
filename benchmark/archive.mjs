/**
 * `npm run bench:archive`: an archive compared with the real evalsig, in turn; the cost of a write as the archive grows; listing a
 * large archive; and the memory for ten million scores.
 *
 *     npm run bench:archive -- --write          writes the tables to BENCHMARKS.md
 *     npm run bench:archive -- --only growth    one part: evalsig, growth, listing or memory; may be repeated
 *     npm run bench:archive -- --quick          small sizes, to see that it runs; any build of the addon will do
 *
 * Installs evalsig as the tests do, which needs python3 with venv. Measures the addon that is built: use `npm run build` first.
 */

import { execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { Archive } from 'runstore/archive';
import { enginesPython, installEngines } from '../__test__/support/engines.mjs';
import { writeSection } from './document.mjs';
import { ensureBenchProcess } from './launch.mjs';
import { projectDirectory } from './reference-packages.mjs';
import { Scratch } from './scratch.mjs';
import { markdownTable } from './table.mjs';

const BEGIN = Date.UTC(2025, 0, 1);
const MINUTE = 60_000;
/** Runs in a commit where an archive is filled. */
const AT_ONCE = 1_000;

const { values } = parseArgs({
  options: {
    write: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true },
    dir: { type: 'string', default: join(projectDirectory, '.bench') },
  },
});

/** How many of everything. */
const SIZES = values.quick
  ? { rounds: 1, runs: 10, items: 100, many: 500, large: 2_000, most: 2_000, scores: 20_000 }
  : { rounds: 5, runs: 100, items: 1_000, many: 10_000, large: 100_000, most: 100_000, scores: 10_000_000 };

/**
 * The runs to write. Before the clock starts, the garbage of making them is collected, and the disk has written what is not
 * measured: ext4 would let the first who syncs a file wait for the files that evalsig wrote without syncing them.
 */
function runsToWrite(first, count, items) {
  const runs = Array.from({ length: count }, (_, at) => run(first + at, items));
  globalThis.gc();
  execFileSync('sync');
  return runs;
}

/** The same run as benchmark/archive.py makes. */
function run(at, count) {
  const items = Array.from({ length: count }, (_, item) => ({
    item_id: `question ${item}`,
    score: ((item * 7 + at) % 10) / 10,
    metadata: { at: item },
  }));
  const [run_id, model_id, task_id] = [`run ${at}`, `model ${at % 50}`, `suite ${at % 10}`];
  const frame = { run_id, model_id, task_id, metric_name: 'exact', items };
  return { frame, ts: BEGIN + at * MINUTE };
}

function startEvalsig() {
  const child = spawn(enginesPython(), [join(projectDirectory, 'benchmark/archive.py')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async measure(...task) {
      child.stdin.write(`${JSON.stringify(task)}\n`);
      const { value, done } = await lines.next();
      if (done) throw new Error('evalsig ended');
      return JSON.parse(value);
    },
    end: () => child.stdin.end(),
  };
}

async function timed(work) {
  const start = performance.now();
  const value = await work();
  return { value, took: performance.now() - start };
}

const median = (list) => list.toSorted((a, b) => a - b)[list.length >> 1];

async function writeAll(root, first, count, items) {
  const runs = runsToWrite(first, count, items);
  const { took } = await timed(async () => {
    const archive = await Archive.open(root);
    for (const one of runs) await archive.writeRun(one);
    await archive.close();
  });
  return took;
}

/** The same runs in one commit. */
async function writeAtOnce(root, count, items) {
  const runs = runsToWrite(0, count, items);
  const { took } = await timed(async () => {
    const archive = await Archive.open(root);
    const writer = archive.writer();
    for (const one of runs) await writer.writeRun(one);
    await writer.commit();
    await archive.close();
  });
  return took;
}

async function fill(root, count) {
  const archive = await Archive.open(root);
  for (let first = 0; first < count; first += AT_ONCE) {
    const writer = archive.writer();
    for (let at = first; at < Math.min(count, first + AT_ONCE); at += 1) await writer.writeRun(run(at, 1));
    await writer.commit();
  }
  await archive.close();
}

/** What both do, in turn. */
async function sideBySide(scratch) {
  const { rounds, runs, items, many, large } = SIZES;
  const evalsig = startEvalsig();
  const spent = {};
  const add = (name, ours, theirs) => {
    spent[name] ??= [];
    spent[name].push({ ours, theirs });
  };
  const [ours, theirs] = [scratch.path('ours'), scratch.path('evalsig')];
  await fill(ours, many);
  await evalsig.measure('write_at_once', theirs, many);
  await (await Archive.open(ours)).writeRun(run(many, large));
  await evalsig.measure('write', theirs, many, 1, large);
  const found = Array.from({ length: many + 1 }, (_, at) => at).filter(
    (at) => at % 50 === 7 && at >= 2 * 24 * 60,
  ).length;
  for (let round = 0; round < rounds; round += 1) {
    const [mine, other] = [scratch.path('ours'), scratch.path('evalsig')];
    const written = await evalsig.measure('write', other, 0, runs, items);
    add(`write ${runs} runs of ${items} items, one by one`, await writeAll(mine, 0, runs, items), written);
    const atOnce = await writeAtOnce(scratch.path('at-once'), runs, items);
    add(`write ${runs} runs of ${items} items, in one commit`, atOnce, written);
    add(
      `write one more run, of 1 item, to ${runs}`,
      await writeOne(mine, runs),
      await evalsig.measure('write', other, runs, 1, 1),
    );
    add(
      `write one more run, of 1 item, to ${count(many)}`,
      await writeOne(ours, many + 1 + round),
      await evalsig.measure('write', theirs, many + 1 + round, 1, 1),
    );
  }
  const all = many + 1 + rounds;
  for (let round = 0; round < rounds; round += 1) {
    add(
      `open and list ${count(many)} runs`,
      await reading(ours, async (archive) => check((await archive.listRuns()).length, all)),
      await evalsig.measure('listing', theirs, all),
    );
    const query = { modelId: 'model 7', since: BEGIN + 2 * 24 * 60 * MINUTE };
    const archive = await Archive.open(ours);
    await archive.queryRuns({ limit: 1 });
    const { took, value } = await timed(() => archive.queryRuns(query));
    add(`a filtered query over ${count(many)} runs`, took, await evalsig.measure('query', theirs, value.length));
    if (value.length < found) throw new Error(`${value.length} of ${found} found`);
    await archive.close();
    add(
      `load a run of ${count(large)} items`,
      await reading(ours, async (one) => check((await one.loadRun(`run ${many}`)).items.length, large)),
      await evalsig.measure('load', theirs, `run ${many}`, large),
    );
  }
  evalsig.end();
  return Object.entries(spent).map(([work, pairs]) => ({
    work,
    evalsig: ms(median(pairs.map((pair) => pair.theirs))),
    runstore: ms(median(pairs.map((pair) => pair.ours))),
    '×': times(median(pairs.map((pair) => pair.theirs / pair.ours))),
  }));
}

/** One run by an archive that is open already, as in a process that writes many. */
async function writeOne(root, at) {
  const archive = await Archive.open(root);
  await archive.queryRuns({ limit: 1 });
  const { took } = await timed(() => archive.writeRun(run(at, 1)));
  await archive.close();
  return took;
}

/** Opening, reading, and closing, which frees what was read. */
async function reading(root, work) {
  const { took } = await timed(async () => {
    const archive = await Archive.open(root);
    await work(archive);
    await archive.close();
  });
  return took;
}

function check(found, wanted) {
  if (found !== wanted) throw new Error(`${found} instead of ${wanted}`);
}

/** What a write costs as the archive grows: medians of one hundred that follow each other, in one process. */
async function growth(scratch) {
  const root = scratch.path('growing');
  const archive = await Archive.open(root);
  const rows = [];
  let written = 0;
  for (const size of values.quick ? [10, 200] : [10, 1_000, 10_000]) {
    while (written < size) {
      const writer = archive.writer();
      const next = Math.min(size, written + AT_ONCE);
      for (; written < next; written += 1) await writer.writeRun(run(written, 10));
      await writer.commit();
    }
    const spent = [];
    for (let at = 0; at < 100; at += 1, written += 1) {
      spent.push((await timed(() => archive.writeRun(run(written, 10)))).took);
    }
    const sum = spent.reduce((total, one) => total + one, 0);
    rows.push({ 'a write at run': count(size), median: ms(median(spent)), 'mean of 100': ms(sum / spent.length) });
  }
  await archive.close();
  return rows;
}

/** Listing an archive that is as large as they get. */
async function largest(scratch) {
  const root = scratch.path('largest');
  const { most, rounds } = SIZES;
  await fill(root, most);
  const spent = { 'open, and the newest 20': [], 'the next 20': [], 'open, and all of them, as objects': [] };
  for (let round = 0; round < rounds; round += 1) {
    let archive;
    let page;
    const first = await timed(async () => {
      archive = await Archive.open(root);
      page = await archive.queryRuns({ newestFirst: true, limit: 20 });
    });
    spent['open, and the newest 20'].push(first.took);
    const next = { newestFirst: true, limit: 20, cursor: page.at(-1).run_id };
    spent['the next 20'].push((await timed(() => archive.queryRuns(next))).took);
    await archive.close();
    const all = await reading(root, async (one) => check((await one.listRuns()).length, most));
    spent['open, and all of them, as objects'].push(all);
  }
  return Object.entries(spent).map(([work, list]) => ({ [`of ${count(most)} runs`]: work, time: ms(median(list)) }));
}

/** Peak memory of a process that writes a run of so many scores and reads it again. */
function memory(scratch) {
  const profile = values.quick ? [] : ['--release'];
  const args = ['run', '--quiet', ...profile, '--package', 'runstore-archive', '--example', 'large-run', '--'];
  const output = execFileSync('cargo', [...args, scratch.path('large'), String(SIZES.scores)], {
    cwd: projectDirectory,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return [JSON.parse(output)].map(({ write_ms, read_ms, peak_bytes, bytes }) => ({
    'a run of': `${count(SIZES.scores)} scores`,
    write: ms(write_ms),
    read: ms(read_ms),
    'peak memory': `${(peak_bytes / 1e6).toFixed(0)} MB`,
    'on disk': `${(bytes / 1e6).toFixed(0)} MB`,
  }));
}

const count = (number) => number.toLocaleString('en');
const ms = (value) => (value < 1 ? `${(value * 1000).toFixed(0)} µs` : `${value.toFixed(value < 10 ? 2 : 0)} ms`);
const times = (ratio) => `${ratio.toFixed(ratio < 10 ? 1 : 0)}×`;

function table(rows) {
  const names = Object.keys(rows[0]);
  return markdownTable(
    names,
    rows.map((row) => names.map((name) => row[name])),
  );
}

const PARTS = { evalsig: sideBySide, growth, listing: largest, memory };
const parts = values.only ?? Object.keys(PARTS);
for (const part of parts) {
  if (!Object.hasOwn(PARTS, part)) throw new Error(`--only ${part} is none of ${Object.keys(PARTS).join(', ')}`);
}
if (values.write && values.only !== undefined) throw new Error('--write needs all parts');

await ensureBenchProcess();
await installEngines(console.error);
const scratch = new Scratch(values.dir);
const version = execFileSync(enginesPython(), ['--version'], { encoding: 'utf8' }).trim();
const { version: ours } = JSON.parse(readFileSync(join(projectDirectory, 'package.json'), 'utf8'));
const tables = [];
for (const part of parts) {
  const { value, took } = await timed(() => PARTS[part](scratch));
  console.error(`${part}: ${(took / 1000).toFixed(0)} s`);
  tables.push(table(value));
}
const content = [
  `- evalsig 0.1.2 on ${version}; runstore ${ours} on Node ${process.versions.node}; ${cpus().length} × ${cpus()[0]?.model.trim()}; load before ${loadavg()[0].toFixed(2)}`,
  ...tables,
].join('\n\n');
console.log(content);
if (values.write) writeSection('archive', content);
