/**
 * `npm run simulate`: how often the gate is wrong, on pairs of runs whose true difference is known.
 *
 * With --write, the tables go into docs/simulations.md and the plots into docs/plots; with --into, into a copy of both.
 */

import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { requiredN } from 'runstore/statistics';
import { buildProgram } from './cargo.mjs';
import { writeSection } from './document.mjs';
import { intervalChart, lineChart } from './plot.mjs';

import { projectDirectory } from './reference-packages.mjs';
import { sections } from './simulation-tables.mjs';

const PAGE = 'simulations.md';

const HELP = `Usage: npm run simulate -- [options]

  --repetitions <n>  pairs of runs of a suite of up to 100 cases; half as many of 300, a quarter of more (default: 240).
                     240 take about ten minutes of one core, ten times as many give errors a third as large
  --largest <n>      the largest number of cases (default: 1000)
  --cells <n>        only the first so many suites of the grid
  --only <name>      only the suites of the grid with this name, for instance "0/1, 0.9, 3 trials"
  --parts <names>    of grid, stored, plans, series, questions and rules, with commas between them (default: all)
  --from <file>      the rows of earlier runs, instead of running; may be repeated, and of equal rows the last counts
  --json             the rows on standard output, as they are measured
  --write            puts tables and plots into docs/
  --into <folder>    with --write: a copy of the page and the plots there, and docs/ stays as it is
  --quick            a few pairs of the smallest suites of every part, to see that all of it works: seconds, once it is built.
                     Its figures say nothing, so --write takes --into as well`;

const OPTIONS = {
  repetitions: { type: 'string', default: '240' },
  largest: { type: 'string', default: '1000' },
  cells: { type: 'string' },
  only: { type: 'string' },
  parts: { type: 'string', default: 'grid,stored,plans,series,questions,rules' },
  from: { type: 'string', multiple: true },
  json: { type: 'boolean', default: false },
  quick: { type: 'boolean', default: false },
  into: { type: 'string' },
  write: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
};

/** As little of every part as there can be. */
const QUICK = { repetitions: '4', largest: '100', cells: '6' };

function measured({ repetitions, largest, cells, only, parts }) {
  const args = ['--repetitions', repetitions, '--largest', largest, '--parts', parts];
  if (cells) args.push('--cells', cells);
  if (only) args.push('--only', only);
  const program = spawnSync(buildProgram('simulations', 'long'), args, {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (program.status !== 0) throw new Error('the simulations ended early');
  return program.stdout;
}

/** The rows by part, each row once. */
function byPart(printed) {
  const rows = printed
    .split('\n')
    .filter((line) => line.endsWith('}'))
    .map((line) => JSON.parse(line));
  const once = new Map(rows.map((row) => [`${row.part} ${row.at}`, row]));
  const sorted = [...once.values()].sort((one, other) => one.at - other.at);
  const parts = { grid: [], stored: [], plans: [], series: [], questions: [], rules: [] };
  for (const row of sorted) parts[row.part].push(row);
  return parts;
}

const show = (number) => number.toLocaleString('en');

/** How many cases it takes, of the share of cases that pass in one run only. */
function casesPlot() {
  const margins = [0.005, 0.01, 0.02, 0.03, 0.05, 0.1];
  const changed = [0.05, 0.1, 0.2, 0.4];
  return lineChart({
    title: 'Cases needed to rule out a loss of this size (alpha 0.05, power 0.8)',
    x: { label: 'margin', from: 0.005, to: 0.1, isLog: true, ticks: margins, show: String },
    y: { from: 10, to: 200_000, isLog: true, ticks: [10, 100, 1000, 10_000, 100_000], show },
    lines: changed.map((share) => ({
      name: `${share * 100} % of cases change`,
      points: margins.map((margin) => [margin, requiredN(margin, Math.sqrt(share), { alpha: 0.05, power: 0.8 })]),
    })),
  });
}

function gatePlot() {
  return intervalChart({
    title: 'What the gate says of an interval, with a margin of 0.02',
    x: { from: -0.08, to: 0.06 },
    lines: [
      { at: -0.02, name: '−0.02' },
      { at: 0, name: '0' },
    ],
    rows: [
      { name: 'better, as far as the data say', low: 0.01, high: 0.04, verdict: 'ALLOW' },
      { name: 'no loss that matters', low: -0.012, high: 0.012, verdict: 'ALLOW' },
      { name: 'worse, but within the margin', low: -0.016, high: -0.004, verdict: 'ALLOW' },
      { name: 'too few cases', low: -0.05, high: 0.04, verdict: 'INCONCLUSIVE' },
      { name: 'worse, how much is open', low: -0.06, high: -0.005, verdict: 'REJECT' },
      { name: 'worse beyond the margin', low: -0.07, high: -0.035, verdict: 'REJECT' },
    ],
  });
}

function writePlots(docs) {
  const directory = join(docs, 'plots');
  mkdirSync(directory, { recursive: true });
  const plots = { 'gate.svg': gatePlot(), 'cases.svg': casesPlot() };
  for (const [name, plot] of Object.entries(plots)) writeFileSync(join(directory, name), plot);
}

/** Returns the folder that is written to: docs/, or one with a copy of the page. */
function pageFolder(into) {
  const docs = join(projectDirectory, 'docs');
  if (!into) return docs;
  const folder = resolve(into);
  mkdirSync(folder, { recursive: true });
  copyFileSync(join(docs, PAGE), join(folder, PAGE));
  return folder;
}

function write(parts, into) {
  const folder = pageFolder(into);
  for (const [name, text] of Object.entries(parts)) writeSection(name, text, join(folder, PAGE));
  writePlots(folder);
}

function simulate(values) {
  if (values.quick && values.write && !values.into) {
    console.error('--quick measures nothing that belongs into docs/: use --into to write elsewhere');
    process.exitCode = 2;
    return;
  }
  const scaled = values.quick ? { ...values, ...QUICK } : values;
  const printed = values.from ? values.from.map((file) => readFileSync(file, 'utf8')).join('\n') : measured(scaled);
  const parts = sections(byPart(printed));
  console.log(values.json ? printed : Object.values(parts).join('\n\n'));
  if (values.write) write(parts, values.into);
}

const { values } = parseArgs({ options: OPTIONS });
if (values.help) console.log(HELP);
else simulate(values);
