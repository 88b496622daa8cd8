/**
 * `npm run simulate`: how often the gate is wrong, on pairs of runs whose true difference is known.
 *
 * With --write, the tables go into docs/simulations.md and the plots into docs/plots.
 */

import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { requiredN } from 'runstore/statistics';
import { buildProgram } from './cargo.mjs';
import { writeSection } from './document.mjs';
import { intervalChart, lineChart } from './plot.mjs';

import { projectDirectory } from './reference-packages.mjs';
import { sections } from './simulation-tables.mjs';

const HELP = `Usage: npm run simulate -- [options]

  --repetitions <n>  pairs of runs of a suite of up to 100 cases; half as many of 300, a quarter of more (default: 240).
                     240 take about ten minutes of one core, ten times as many give errors a third as large
  --largest <n>      the largest number of cases (default: 1000)
  --cells <n>        only the first so many suites of the grid
  --parts <names>    of grid, stored, plans, series and rules, with commas between them (default: all)
  --from <file>      the rows of earlier runs, instead of running; may be repeated, and of equal rows the last counts
  --json             the rows on standard output, as they are measured
  --write            puts tables and plots into docs/`;

const OPTIONS = {
  repetitions: { type: 'string', default: '240' },
  largest: { type: 'string', default: '1000' },
  cells: { type: 'string' },
  parts: { type: 'string', default: 'grid,stored,plans,series,rules' },
  from: { type: 'string', multiple: true },
  json: { type: 'boolean', default: false },
  write: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
};

function measured({ repetitions, largest, cells, parts }) {
  const args = ['--repetitions', repetitions, '--largest', largest, '--parts', parts];
  const program = spawnSync(buildProgram('simulations', 'long'), cells ? [...args, '--cells', cells] : args, {
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
  const parts = { grid: [], stored: [], plans: [], series: [], rules: [] };
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

function writePlots() {
  const directory = join(projectDirectory, 'docs/plots');
  mkdirSync(directory, { recursive: true });
  const plots = { 'gate.svg': gatePlot(), 'cases.svg': casesPlot() };
  for (const [name, plot] of Object.entries(plots)) writeFileSync(join(directory, name), plot);
}

const { values } = parseArgs({ options: OPTIONS });
if (values.help) {
  console.log(HELP);
} else {
  const printed = values.from ? values.from.map((file) => readFileSync(file, 'utf8')).join('\n') : measured(values);
  const parts = sections(byPart(printed));
  console.log(values.json ? printed : Object.values(parts).join('\n\n'));
  if (values.write) {
    for (const [name, text] of Object.entries(parts)) writeSection(name, text, 'docs/simulations.md');
    writePlots();
  }
}
