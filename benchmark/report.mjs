/**
 * `npm run bench:report`: how long exports take, and how much memory: each in a process of its own, from a store of so many
 * cases with three scores each, and from one with a tenth of them. And the run file of 10,000 cases, next to JSON.stringify
 * of what getCases and getFailingCases(Infinity) return.
 *
 *   node benchmark/report.mjs [--cases 100000] [--write]    after `npm run build`
 */

import { execFileSync } from 'node:child_process';
import { rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { archiveRun, exportRun, importRunFile, writeRunFile } from '../entries/report.js';
import { RunStore } from '../index.js';
import constants from '../lib/constants.js';
import { writeSection } from './document.mjs';
import { projectDirectory } from './reference-packages.mjs';
import { Scratch } from './scratch.mjs';

const FORMATS = ['json', ...constants.EXPORT_FORMATS, 'zip'];
const FEW = 10_000;
const ROUNDS = 9;
const SELF = fileURLToPath(import.meta.url);

function fill(path, cases) {
  const store = new RunStore(path);
  const suite_id = store.createSuite('bench').id;
  const run = store.createRun({ id: 'run', suite_id, name: 'bench', model: 'm' });
  const answer = 'An answer of some length, as models give them. '.repeat(10);
  const rows = function* () {
    for (let idx = 0; idx < cases; idx++) {
      const scores = ['exact', 'similarity', 'tone'].map((scorer_name, at) => ({
        scorer_name,
        score: ((idx * 7 + at) % 10) / 10,
        reason: `because of reason number ${idx % 100}, which takes a line`,
      }));
      yield {
        idx,
        key: `case-${idx}`,
        input: { question: `${answer.slice(0, 300)} ${idx}` },
        output: answer,
        expected: 'an answer',
        latency_ms: idx % 1000,
        tokens_in: 100,
        tokens_out: 50,
        scores,
      };
    }
  };
  store.saveResults(run, rows());
  store.finishRun(run, 'completed');
  store.setThresholds(suite_id, { exact: { passFloor: 0.5 } });
  store.close();
}

/** What a child does with a file, and where the result goes. */
const WORK = {
  nothing: (from) => new RunStore(from, { readOnly: true }).close(),
  import: (from, to) => importRunFile(new RunStore(to), from),
  zip: (from, to) => archiveRun(new RunStore(from, { readOnly: true }), 'run', to),
};
const exporting = (format) => (from, to) =>
  exportRun(new RunStore(from, { readOnly: true }), 'run', { format, path: to });

/** Returns milliseconds, and the megabytes of memory at most. */
function measure(role, from, to) {
  const start = performance.now();
  (WORK[role] ?? exporting(role))(from, to);
  return { ms: performance.now() - start, megabytes: process.resourceUsage().maxRSS / 1024 };
}

/** Measures both ways in turn, so that they share what else the machine does; returns the medians, and that of the ratios. */
function measureBoth(path, folder) {
  const store = new RunStore(path, { readOnly: true });
  const timed = (work) => {
    const start = performance.now();
    work();
    return performance.now() - start;
  };
  const median = (times) => times.toSorted((one, other) => one - other)[times.length >> 1];
  const pairs = Array.from({ length: ROUNDS }, () => [
    timed(() => writeRunFile(store, 'run', { resultsDir: folder })),
    timed(() => JSON.stringify([store.getCases('run'), store.getFailingCases('run', Infinity)])),
  ]);
  return {
    file: median(pairs.map(([file]) => file)),
    stringify: median(pairs.map(([, stringify]) => stringify)),
    ratio: median(pairs.map(([file, stringify]) => stringify / file)),
  };
}

const child = (...args) => JSON.parse(execFileSync(process.execPath, [SELF, ...args], { encoding: 'utf8' }));

/** Returns the rows of the table. */
function measureAll(cases, scratch) {
  const stores = [cases, cases / 10].map((count) => {
    const path = scratch.path('store.db');
    fill(path, count);
    return path;
  });
  const nothing = child('nothing', stores[0], '').megabytes;
  const rows = [];
  const keep = (what, sources) => {
    const made = sources.map(() => scratch.path('made'));
    const [many, few] = sources.map((source, at) => child(what, source, made[at]));
    const size = what === 'import' ? '' : `${(statSync(made[0]).size / 1e6).toFixed(1)} MB`;
    const memory = [many, few].map(({ megabytes }) => `${Math.round(megabytes - nothing)} MB`);
    rows.push([`\`${what}\``, `${(many.ms / 1000).toFixed(1)} s`, size, ...memory]);
    console.error(rows.at(-1).join('  '));
    return made;
  };
  for (const format of FORMATS) {
    const made = keep(format, stores);
    if (format === 'json') for (const path of keep('import', made)) scratch.remove(path);
    for (const path of made) rmSync(path);
  }
  return { nothing, rows };
}

function main({ cases, write }) {
  const scratch = new Scratch(`${projectDirectory}/.bench`);
  const few = scratch.path('few.db');
  fill(few, FEW);
  const both = child('both', few, dirname(few));
  const { nothing, rows } = measureAll(Number(cases), scratch);
  scratch.removeAll();
  const many = Number(cases).toLocaleString('en-US');
  const less = (Number(cases) / 10).toLocaleString('en-US');
  const titles = ['', `time, ${many} cases`, 'size', `memory, ${many} cases`, `memory, ${less} cases`];
  const table = [titles, ['---', '---:', '---:', '---:', '---:'], ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  const text = [
    ...table,
    '',
    `Memory is what the process takes at most, above the ${Math.round(nothing)} MB of one that opens the store and ends. Each`,
    'case has 300 B of input, 470 B of output and three scores with reasons.',
    '',
    `The run file of ${FEW.toLocaleString('en-US')} cases takes ${both.file.toFixed(0)} ms; \`JSON.stringify\` of what \`getCases\` and`,
    `\`getFailingCases(Infinity)\` return takes ${both.ratio.toFixed(2)} times as long (medians of ${ROUNDS} rounds in turn).`,
  ].join('\n');
  console.log(text);
  if (write) writeSection('report', text);
}

const [role, ...args] = process.argv.slice(2);
if (role === 'both') console.log(JSON.stringify(measureBoth(...args)));
else if (FORMATS.includes(role) || role in WORK) console.log(JSON.stringify(measure(role, ...args)));
else {
  const options = { cases: { type: 'string', default: '100000' }, write: { type: 'boolean', default: false } };
  main(parseArgs({ options }).values);
}
