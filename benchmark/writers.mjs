/**
 * `npm run bench:writers`: several processes write to one file at once. How long does each wait, and how much is saved?
 *
 * Each writer saves as fast as it can: batches of cases and scores, single prompts and runs. What is measured is each
 * call from outside: waiting and working. Callers of the reference, which does not wait, try again by hand after a
 * millisecond or two; runstore waits by itself.
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { writeSection } from './document.mjs';
import { factList, facts } from './facts.mjs';
import { ensureBenchProcess } from './launch.mjs';
import { readOptions } from './options.mjs';
import { Scratch } from './scratch.mjs';
import { median, medianInterval } from './statistics.mjs';
import { duration, markdownTable } from './table.mjs';

const HELP = `Usage: npm run bench:writers -- [options]

  --writers <n>    processes that write (default: 8)
  --rounds <n>     how often, one subject after the other (default: 10)
  --seconds <n>    for how long each time (default: 2)
  --subject <s>    only "reference" or only "runstore"
  --json, --write, --dir <folder>, --module <file>   as for npm run bench`;

const EXTRA = {
  writers: { type: 'string', default: '8' },
  rounds: { type: 'string', default: '10' },
  seconds: { type: 'string', default: '2' },
  subject: { type: 'string' },
};

const child = fileURLToPath(new URL('workloads/writer-child.mjs', import.meta.url));

/** Long enough for all processes to be there and to have opened the file. */
const GET_READY_MS = 3000;

/** Runs the writers of one subject on a new file; returns what each of them measured. */
async function race(subject, { writers, seconds, module }, scratch) {
  const path = scratch.path(`${subject}.db`);
  const startAt = Date.now() + GET_READY_MS;
  const args = [subject, path, String(startAt), String(seconds), module];
  const results = Array.from({ length: Number(writers) }, async () => {
    const process_ = spawn(process.execPath, ['--no-warnings', child, ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    process_.stdout.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
    const [code] = await once(process_, 'close');
    if (code !== 0) throw new Error(`a writer of ${subject} failed`);
    return JSON.parse(output);
  });
  const measured = await Promise.all(results);
  scratch.remove(path);
  return measured.sort((a, b) => a.calls - b.calls);
}

/** What each writer measured in all rounds: sums, the medians of the quantiles, and the worst of the longest. */
function combined(rounds) {
  return rounds[0].map((_, writer) => {
    const all = (key) => rounds.map((round) => round[writer][key]);
    const sum = (key) => all(key).reduce((total, value) => total + value, 0);
    return {
      calls: sum('calls'),
      rows: sum('rows'),
      p50: median(all('p50')),
      p99: median(all('p99')),
      longest: Math.max(...all('longest')),
      retries: sum('retries'),
    };
  });
}

/** How many times as many calls runstore's writers made as the reference's in the same round. */
function throughput({ reference, runstore }) {
  const calls = (round) => round.reduce((total, writer) => total + writer.calls, 0);
  const ratios = runstore.map((round, at) => calls(round) / calls(reference[at]));
  const [low, high] = medianInterval(ratios);
  return { median: median(ratios), low, high, ratios };
}

const told = ({ median, low, high, ratios }) => {
  const [least, most] = [Math.min(...ratios), Math.max(...ratios)];
  return (
    `Throughput: ${median.toFixed(2)}× the reference's, the median of ${ratios.length} rounds ` +
    `(95 % interval ${low.toFixed(2)}–${high.toFixed(2)}, single rounds ${least.toFixed(2)}–${most.toFixed(2)}).`
  );
};

function table(writers) {
  const head = ['writer', 'calls', 'rows', 'p50', 'p99', 'longest', 'calls tried again'];
  const row = (name, { calls, rows, p50, p99, longest, retries }) => [
    name,
    String(calls),
    String(rows),
    duration(p50),
    duration(p99),
    duration(longest),
    String(retries),
  ];
  const sum = (key) => writers.reduce((total, writer) => total + writer[key], 0);
  const most = (key) => Math.max(...writers.map((writer) => writer[key]));
  const all = {
    calls: sum('calls'),
    rows: sum('rows'),
    p50: most('p50'),
    p99: most('p99'),
    longest: most('longest'),
    retries: sum('retries'),
  };
  const each = writers.map((writer, at) => row(String(at + 1), writer));
  return markdownTable(head, [...each, row('all (sums, worst)', all)]);
}

async function main() {
  const options = readOptions(EXTRA, HELP);
  await ensureBenchProcess();
  const scratch = new Scratch(options.dir);
  const subjects = options.subject ? [options.subject] : ['reference', 'runstore'];
  const rounds = Object.fromEntries(subjects.map((subject) => [subject, []]));
  // In turn, because the machine is faster at one time than at another.
  for (let round = 0; round < Number(options.rounds); round++) {
    for (const subject of subjects) rounds[subject].push(await race(subject, options, scratch));
  }
  const results = Object.fromEntries(subjects.map((subject) => [subject, combined(rounds[subject])]));
  const ratio = options.subject ? undefined : throughput(rounds);
  const known = await facts(options);
  const tables = Object.entries(results).map(([subject, writers]) => `${subject}:\n\n${table(writers)}`);
  const parts = [factList(known), ...tables, ...(ratio ? [told(ratio)] : [])];
  const text = parts.join('\n\n');
  const answer = { facts: Object.fromEntries(known), results, throughput: ratio };
  console.log(options.json ? JSON.stringify(answer, null, 2) : `\n${text}\n`);
  if (options.write) writeSection('writers', text);
}

await main();
