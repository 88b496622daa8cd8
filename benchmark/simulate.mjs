/**
 * `npm run simulate`: how often the gate is wrong, on pairs of runs whose true difference is known.
 *
 * With --write, the table and the plots go into docs/comparing.md and docs/plots.
 */

import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { requiredN } from 'runstore/statistics';
import { buildProgram } from './cargo.mjs';
import { writeSection } from './document.mjs';
import { projectDirectory } from './peers.mjs';
import { intervalChart, lineChart } from './plot.mjs';
import { markdownTable } from './table.mjs';

const HELP = `Usage: npm run simulate -- [options]

  --pairs <n>      pairs of runs a row (default: 1000)
  --largest <n>    the largest number of cases (default: 5000)
  --from <file>    the rows of an earlier run, instead of running
  --json           the rows on standard output
  --write          puts table and plots into docs/`;

const OPTIONS = {
  pairs: { type: 'string', default: '1000' },
  largest: { type: 'string', default: '5000' },
  from: { type: 'string' },
  json: { type: 'boolean', default: false },
  write: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
};

const percent = (share) => (share === null ? '–' : `${(share * 100).toFixed(1)} %`);
const RULES = ['runstore', 'evalsig', 'unpairedZ'];
const NAMES = { runstore: 'runstore', evalsig: 'evalsig', unpairedZ: 'unpaired z' };

function simulate({ pairs, largest, from }) {
  const printed = from
    ? readFileSync(from, 'utf8')
    : execFileSync(buildProgram('simulations'), ['--pairs', pairs, '--largest', largest], { encoding: 'utf8' });
  return printed
    .split('\n')
    .filter(Boolean)
    .map((row) => JSON.parse(row));
}

function tables(rows) {
  const table = (measure) =>
    markdownTable(
      ['scores', 'cases', ...RULES.map((rule) => NAMES[rule])],
      rows.map((row) => [row.scores, String(row.n), ...RULES.map((rule) => percent(row[rule][measure]))]),
    );
  const own = markdownTable(
    [
      'scores',
      'cases',
      'no difference: REJECT',
      'loss = margin: ALLOW',
      'loss: REJECT',
      'no difference: ALLOW',
      'coverage',
    ],
    rows.map(({ scores, n, runstore: { falseReject, falseAllow, foundLoss, allowedSame, coverage } }) => [
      scores,
      String(n),
      ...[falseReject, falseAllow, foundLoss, allowedSame, coverage].map(percent),
    ]),
  );
  return [
    `${rows[0].pairs} pairs of runs a row.`,
    own,
    '**No difference, and rejected** (runstore promises at most 2.5 %):',
    table('falseReject'),
    '**A loss that 80 of 100 comparisons should see, and rejected**:',
    table('foundLoss'),
    '**Intervals that hold the truth** (promised: 95 %):',
    table('coverage'),
  ].join('\n\n');
}

const show = (number) => number.toLocaleString('en');
const points = (rows, rule, measure) =>
  rows.filter((row) => row[rule][measure] !== null).map((row) => [row.n, row[rule][measure]]);

function simulationPlot(rows, measure, title, marks) {
  const graded = rows.filter(({ scores }) => scores === 'graded');
  return lineChart({
    title,
    x: { label: 'cases', from: 10, to: 5000, isLog: true, ticks: [10, 30, 100, 300, 1000, 5000], show },
    y: { from: 0, to: 1, ticks: [0, 0.25, 0.5, 0.75, 1], show: (share) => `${share * 100} %` },
    lines: RULES.map((rule) => ({ name: NAMES[rule], points: points(graded, rule, measure) })),
    marks,
  });
}

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
      { name: 'surely better', low: 0.01, high: 0.04, verdict: 'ALLOW' },
      { name: 'no loss that matters', low: -0.012, high: 0.012, verdict: 'ALLOW' },
      { name: 'worse, but within the margin', low: -0.016, high: -0.004, verdict: 'ALLOW' },
      { name: 'too few cases', low: -0.05, high: 0.04, verdict: 'INCONCLUSIVE' },
      { name: 'worse, how much is open', low: -0.06, high: -0.005, verdict: 'REJECT' },
      { name: 'worse beyond the margin', low: -0.07, high: -0.035, verdict: 'REJECT' },
    ],
  });
}

function writePlots(rows) {
  const directory = join(projectDirectory, 'docs/plots');
  mkdirSync(directory, { recursive: true });
  const plots = {
    'gate.svg': gatePlot(),
    'cases.svg': casesPlot(),
    'false-reject.svg': simulationPlot(
      rows,
      'falseReject',
      'Two equal runs, graded scores: how often they are rejected',
      [{ at: 0.025, name: '2.5 %' }],
    ),
    'found-loss.svg': simulationPlot(rows, 'foundLoss', 'A real loss, graded scores: how often it is rejected', [
      { at: 0.8, name: '80 %' },
    ]),
  };
  for (const [name, plot] of Object.entries(plots)) writeFileSync(join(directory, name), plot);
}

const { values } = parseArgs({ options: OPTIONS });
if (values.help) {
  console.log(HELP);
} else {
  const rows = simulate(values);
  console.log(values.json ? JSON.stringify(rows, null, 2) : tables(rows));
  if (values.write) {
    writeSection('simulations', tables(rows), 'docs/comparing.md');
    writePlots(rows);
  }
}
