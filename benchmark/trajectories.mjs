/**
 * `npm run bench:trajectories`: the same trajectories in runstore and in tinker-cookbook's EvalStore, whose own program
 * writes and reads them; and what does not grow: one trajectory among a million, one page among 100,000 runs.
 *
 * Installs tinker-cookbook as the tests do, which needs python3 with venv.
 */

import { execFileSync, spawn } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { RunStore } from 'runstore';
import { installTinker, tinkerPython } from '../__test__/support/tinker.mjs';
import { writeSection } from './document.mjs';
import { projectDirectory } from './reference-packages.mjs';
import { Scratch } from './scratch.mjs';
import { markdownTable } from './table.mjs';

const COUNT = 10_000;
const ROUNDS = 5;
const LOOKUPS = 200;

const SYSTEM = `You are in a maze. ${'Say left, right, up or down, and nothing else; think before you do. '.repeat(30)}`;
const WORDS = 'the wall is to your left and there may be a door ahead of it so I go on right now up down'.split(' ');

/** Texts of some words, the same in each run of this program. */
function words(seed, count) {
  let state = seed * 2654435761 + 1;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return WORDS[state % WORDS.length];
  }).join(' ');
}

/** Six turns, the first of which is the same in all. */
function makeTrajectory(idx) {
  const turn = (role, content, at) => ({ role, content, token_count: content.length >> 2, metadata: { at } });
  return {
    idx,
    benchmark: 'maze',
    example_id: `maze-${idx}`,
    turns: [
      turn('environment', SYSTEM, 0),
      turn('environment', words(idx, 25), 1),
      turn('assistant', words(idx + 1, 60), 2),
      turn('environment', words(idx + 2, 25), 3),
      turn('assistant', words(idx + 3, 60), 4),
      turn('grader', idx % 3 === 0 ? 'out' : 'lost', 5),
    ],
    reward: idx % 3 === 0 ? 1 : 0,
    metrics: { steps: idx % 17 },
    logs: { seed: idx },
    error: null,
    time_seconds: 1.5,
  };
}

function startTinker(trajectories) {
  const child = spawn(tinkerPython, [join(projectDirectory, 'benchmark/trajectories.py')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  child.stdin.write(`${JSON.stringify(trajectories)}\n`);
  return {
    async measure(...task) {
      child.stdin.write(`${JSON.stringify(task)}\n`);
      return JSON.parse((await lines.next()).value);
    },
    end: () => child.stdin.end(),
  };
}

function timed(work) {
  const start = performance.now();
  work();
  return performance.now() - start;
}

function newRun(store, run = {}) {
  return store.createRun({ suite_id: store.createSuite('s').id, name: 'n', model: 'm', ...run });
}

/** Milliseconds for each of the works, the file, and its bytes when closed. */
function inRunstore(path, trajectories) {
  let store;
  let run;
  const write = timed(() => {
    store = new RunStore(path);
    run = newRun(store);
    store.saveTrajectories(run, trajectories);
    store.close();
  });
  store = new RunStore(path);
  let count = 0;
  const read = timed(() => {
    for (const { turns } of store.iterateTrajectories(run, { batchSize: 512 })) count += turns.length;
  });
  if (count !== trajectories.length * 6) throw new Error(`${count} turns`);
  const one = timed(() => store.getTrajectory(run, 'maze', trajectories.length >> 1));
  store.close();
  return { write, read, one, bytes: statSync(path).size };
}

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
const bytesOf = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
const ms = (value) => (value < 1 ? `${(value * 1000).toFixed(0)} µs` : `${value.toFixed(value < 10 ? 2 : 0)} ms`);
const mb = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;

async function sideBySide(scratch) {
  const trajectories = Array.from({ length: COUNT }, (_, idx) => makeTrajectory(idx));
  const tinker = startTinker(trajectories);
  const rounds = [];
  for (let round = 0; round < ROUNDS; round++) {
    const path = scratch.path('runs.db');
    const folder = scratch.path('tinker');
    const ours = inRunstore(path, trajectories);
    const theirs = {
      write: await tinker.measure('write', folder, 0),
      read: await tinker.measure('read', folder, 0),
      one: await tinker.measure('one', folder, COUNT >> 1),
      bytes: bytesOf(folder),
    };
    rounds.push({ ours, theirs });
    scratch.remove(path);
  }
  tinker.end();
  const row = (work, key, written) => {
    const of = (side) => median(rounds.map((round) => round[side][key]));
    return {
      work,
      EvalStore: written(of('theirs')),
      runstore: written(of('ours')),
      '×': times(of('theirs') / of('ours')),
    };
  };
  return [
    row(`write ${COUNT} trajectories of 6 turns, open and close included`, 'write', ms),
    row('read all of them', 'read', ms),
    row('read one, the first time', 'one', ms),
    row('on disk', 'bytes', mb),
  ];
}

const times = (ratio) => `${ratio.toFixed(ratio < 10 ? 1 : 0)}×`;

/** Median time of one look-up by index, among so many. */
function lookUps(scratch, counts) {
  const path = scratch.path('many.db');
  const store = new RunStore(path);
  const run = newRun(store);
  let saved = 0;
  const rows = counts.map((count) => {
    const from = saved;
    const more = function* () {
      for (let idx = from; idx < count; idx++) {
        yield { benchmark: 'maze', idx, turns: [{ role: 'assistant', content: `go ${idx}` }] };
      }
    };
    store.saveTrajectories(run, more());
    saved = count;
    const at = (n) => (n * 7919) % count;
    const spent = Array.from({ length: LOOKUPS }, (_, n) => timed(() => store.getTrajectory(run, 'maze', at(n))));
    return { work: `getTrajectory among ${count.toLocaleString('en')}`, time: ms(median(spent)) };
  });
  store.close();
  scratch.remove(path);
  return rows;
}

/** Median time of a page of 20 runs, among so many. */
function pages(scratch, counts) {
  const path = scratch.path('runs.db');
  const store = new RunStore(path);
  const suites = Array.from({ length: 10 }, (_, at) => store.createSuite(`s${at}`).id);
  let made = 0;
  const rows = counts.flatMap((count) => {
    for (; made < count; made++) {
      const run = store.createRun({
        suite_id: suites[made % 10],
        name: `run ${made}`,
        model: `model ${made % 50}`,
        tags: ['nightly', `tag ${made % 100}`],
        checkpoint: { name: `step ${made % 500}` },
        startedAt: 1_700_000_000_000 + made * 1000,
      });
      if (made % 997 !== 0) store.finishRun(run, made % 499 === 0 ? 'failed' : 'completed');
    }
    const { cursor } = store.queryRuns({ orderBy: 'oldest', limit: Math.min(count / 2, 10_000) });
    const queries = {
      'all, from the middle': { orderBy: 'oldest', cursor },
      suite: { suite: suites[3] },
      model: { model: 'model 7' },
      'status failed': { status: 'failed' },
      'a tag of all': { tag: 'nightly' },
      'a tag of a hundredth': { tag: 'tag 7' },
      checkpoint: { checkpoint: 'step 77' },
      'search, found at once': { search: 'run' },
      'search, found nowhere': { search: 'nothing' },
    };
    return Object.entries(queries).map(([name, query]) => {
      const spent = Array.from({ length: 50 }, () => timed(() => store.queryRuns({ limit: 20, ...query })));
      return { query: name, count, time: ms(median(spent)) };
    });
  });
  store.close();
  scratch.remove(path);
  return [...new Set(rows.map(({ query }) => query))].map((query) => ({
    'queryRuns, 20 runs': query,
    ...Object.fromEntries(
      rows.filter((row) => row.query === query).map(({ count, time }) => [`among ${count.toLocaleString('en')}`, time]),
    ),
  }));
}

const table = (rows) => {
  const names = Object.keys(rows[0]);
  return markdownTable(
    names,
    rows.map((row) => names.map((name) => row[name])),
  );
};

const { values } = parseArgs({ options: { write: { type: 'boolean' }, quick: { type: 'boolean' } } });
await installTinker(console.error);
const scratch = new Scratch(join(projectDirectory, '.bench'));
const content = [
  `- tinker-cookbook 0.6.1, ${execFileSync('python3', ['--version'], { encoding: 'utf8' }).trim()}; Node ${process.versions.node}`,
  table(await sideBySide(scratch)),
  table(lookUps(scratch, values.quick ? [100, 10_000] : [100, 10_000, 1_000_000])),
  table(pages(scratch, values.quick ? [1000] : [1000, 10_000, 100_000])),
].join('\n\n');
console.log(content);
if (values.write) writeSection('trajectories', content);
