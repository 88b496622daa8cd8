/** The tables of docs/simulations.md. */

import { markdownTable } from './table.mjs';

/** Half of alpha, which is what either error may be. */
const NOMINAL = 0.025;
const LEVEL = 0.95;

const deviation = (share, count) => Math.sqrt((share * (1 - share)) / count);

/** A share in percent with its Monte Carlo error, which is not 0 because nothing was seen: one more of either is added. */
function percent(share, count) {
  if (share === null) return '–';
  const careful = (share * count + 1) / (count + 2);
  return `${(share * 100).toFixed(1)} ± ${(deviation(careful, count) * 100).toFixed(1)}`;
}

const HEAD = [
  'scores',
  'cases',
  'margin',
  'pairs',
  'loss = margin: ALLOW',
  'equal: REJECT',
  'coverage',
  'equal: ALLOW',
  'loss = 2 margins: REJECT',
  'loss = margin: REJECT',
];

function ratesTable(rows) {
  return markdownTable(
    HEAD,
    rows.map((row) => [
      row.name,
      String(row.n),
      String(Number(row.margin.toFixed(4))),
      String(row.pairs),
      ...['falseAllow', 'falseReject', 'coverage', 'allowedSame', 'rejectedLoss', 'rejectedAtMargin'].map((rate) =>
        percent(row[rate], row.pairs),
      ),
    ]),
  );
}

/** What is worse than promised by more than three Monte Carlo errors. */
function faults(rows) {
  return rows.flatMap((row) => {
    const where = `${row.name}, ${row.n} cases, margin ${Number(row.margin.toFixed(4))}`;
    const most = NOMINAL + 3 * deviation(NOMINAL, row.pairs);
    const least = LEVEL - 3 * deviation(LEVEL, row.pairs);
    const said = (words, share) => `${where}: ${words} ${percent(share, row.pairs)} %`;
    return [
      ...(row.falseAllow > most ? [said('a loss as large as the margin is allowed in', row.falseAllow)] : []),
      ...(row.falseReject > most ? [said('equal runs are rejected in', row.falseReject)] : []),
      ...(row.coverage !== null && row.coverage < least ? [said('the interval holds the truth in', row.coverage)] : []),
    ];
  });
}

const largest = (rows, rate, better) =>
  rows
    .filter((row) => row[rate] !== null)
    .reduce((worst, row) => (worst === undefined || better(row[rate], worst[rate]) ? row : worst), undefined);

function extreme(rows, rate, better) {
  const row = largest(rows, rate, better);
  return `${percent(row[rate], row.pairs)} % (${row.name}, ${row.n} cases, margin ${Number(row.margin.toFixed(4))})`;
}

const mean = (rows, rate) => {
  const known = rows.filter((row) => row[rate] !== null);
  return `${((known.reduce((sum, row) => sum + row[rate], 0) / known.length) * 100).toFixed(1)} %`;
};

function summary(rows) {
  const more = (one, other) => one > other;
  const less = (one, other) => one < other;
  const found = faults(rows);
  const cells = `${rows.length} rows, ${rows.reduce((sum, row) => sum + row.pairs, 0).toLocaleString('en')} pairs of runs for each rate.`;
  return [
    cells,
    [
      `- **A loss as large as the margin, allowed** (at most 2.5 %): on average ${mean(rows, 'falseAllow')}; most often ${extreme(rows, 'falseAllow', more)}.`,
      `- **Equal runs, rejected** (at most 2.5 %): on average ${mean(rows, 'falseReject')}; most often ${extreme(rows, 'falseReject', more)}.`,
      `- **Intervals that contain the true difference** (at least 95 %): on average ${mean(rows, 'coverage')}; least often ${extreme(rows, 'coverage', less)}.`,
    ].join('\n'),
    found.length === 0
      ? 'No row is worse than promised by more than three Monte Carlo errors.'
      : `Worse than promised by more than three Monte Carlo errors:\n\n${found.map((words) => `- ${words}`).join('\n')}`,
  ].join('\n\n');
}

/** Shapes apart: independent cases, clusters, several trials. */
function gridTables(rows) {
  const isRepeated = ({ name }) => name.includes('trials');
  const isClustered = ({ name }) => name.includes('cluster');
  const groups = [
    ['Independent cases, one trial each', rows.filter((row) => !isRepeated(row) && !isClustered(row))],
    ['Cases in clusters', rows.filter(isClustered)],
    ['Several trials of a case', rows.filter(isRepeated)],
  ];
  return groups.map(([title, group]) => `### ${title}\n\n${ratesTable(group)}`).join('\n\n');
}

function plansTable(rows) {
  return markdownTable(
    ['scores', 'first cases', 'margin', 'casesNeeded', 'no difference', 'loss of ¼ margin', 'as seen'],
    rows.map((row) => [
      row.name,
      String(row.n),
      String(Number(row.margin.toFixed(4))),
      row.total === null ? '–' : String(row.total),
      percent(row.settled, row.followed),
      percent(row.settledSmallLoss, row.followedSmallLoss),
      percent(row.settledAsSeen, row.followedAsSeen),
    ]),
  );
}

function seriesTable(rows) {
  return markdownTable(
    ['runs', 'number', 'cases', 'series', 'line falls', 'sum falls', 'either falls', 'either rises'],
    rows.map((row) => [
      row.name,
      String(row.runs),
      String(row.n),
      String(row.repetitions),
      ...[row.line, row.cusum, row.either, row.rising].map((share) => percent(share, row.repetitions)),
    ]),
  );
}

function questionsTable(rows) {
  return markdownTable(
    ['question', 'scores', 'cases', 'margin', 'asked', 'promised', 'yes'],
    rows.map((row) => [
      row.question,
      row.scores,
      String(row.n),
      row.margin === null ? '–' : String(row.margin),
      String(row.repetitions),
      row.promised ?? '–',
      percent(row.yes, row.repetitions),
    ]),
  );
}

const RULES = ['runstore', 'evalsig', 'unpairedZ'];
const NAMES = { runstore: 'runstore', evalsig: 'evalsig', unpairedZ: 'unpaired z' };

function rulesTables(rows) {
  const table = (measure) =>
    markdownTable(
      ['scores', 'cases', ...RULES.map((rule) => NAMES[rule])],
      rows.map((row) => [row.scores, String(row.n), ...RULES.map((rule) => percent(row[rule][measure], row.pairs))]),
    );
  return [
    `${rows[0].pairs} pairs of runs a row, in percent.`,
    '**Equal runs, rejected** (runstore promises at most 2.5 %):',
    table('falseReject'),
    '**A loss that 80 of 100 comparisons should see, rejected**:',
    table('foundLoss'),
    '**Intervals that contain the true difference** (promised: 95 %):',
    table('coverage'),
  ].join('\n\n');
}

/** Returns what stands in each section of docs/simulations.md, of the parts that were measured. */
export function sections({ grid, stored, plans, series, questions, rules }) {
  const own = stored.filter(({ name }) => !name.startsWith('one run a side'));
  const written = {
    summary: grid.length > 0 && own.length > 0 && summary([...grid, ...own]),
    grid: grid.length > 0 && gridTables(grid),
    stored: stored.length > 0 && ratesTable(stored),
    plans: plans.length > 0 && plansTable(plans),
    series: series.length > 0 && seriesTable(series),
    questions: questions.length > 0 && questionsTable(questions),
    rules: rules.length > 0 && rulesTables(rules),
  };
  return Object.fromEntries(Object.entries(written).filter(([, text]) => text));
}
