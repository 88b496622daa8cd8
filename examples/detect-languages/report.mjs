import { canonicalLanguage, describeLanguage } from './language.mjs';
import { bold, count, excerpt, fraction, milliseconds, table } from './terminal.mjs';

const WORST_TRANSLATIONS = 5;
const FAILING_CASES = 4;

/** Prints what the store knows about these runs. */
export function printReport(store, runIds) {
  const runs = runIds.map((id) => ({
    ...store.getRun(id),
    failing: store.getFailingCases(id),
    // Below Infinity: every case that has a score, with all of its scores.
    scored: store.getFailingCases(id, Infinity),
  }));

  printSection('Runs (scores and latency are means)', summaryTable(runs));
  printSection('Mean exact score, by who claims to know the language', claimTable(runs));
  printSection('Worst translations, in languages that the model claims to know', worstTranslationsTable(runs));
  printSection('Some failing cases, in languages that the model claims to know', runs.map(failingCases).join('\n\n'));
}

function printSection(title, body) {
  console.log(`\n${bold(title)}\n\n${body}`);
}

function summaryTable(runs) {
  const scorers = Object.keys(runs[0].summary.meanScores);
  return table(
    ['run', 'cases', 'passed', 'failed', 'unscored', ...scorers, 'latency'],
    runs.map(({ name, summary }) => [
      name,
      count(summary.totalCases),
      count(summary.passCount),
      count(summary.failCount),
      count(summary.totalCases - summary.passCount - summary.failCount),
      ...scorers.map((scorer) => fraction(summary.meanScores[scorer])),
      milliseconds(summary.totalLatencyMs / summary.totalCases),
    ]),
  );
}

function claimTable(runs) {
  const [groups, ...others] = runs.map(({ scored }) => groupBy(scored, claimOf));
  return table(
    ['claimed by', 'languages', 'cases', ...runs.map((run) => run.name)],
    [...groups].map(([claim, cases]) => [
      claim,
      count(groupBy(cases, languageOf).size),
      count(cases.length),
      fraction(meanExact(cases)),
      ...others.map((other) => fraction(meanExact(other.get(claim) ?? []))),
    ]),
  );
}

function worstTranslationsTable(runs) {
  const rows = runs.flatMap((run) =>
    [...groupBy(claimedCases(run, run.scored), translationOf)]
      .sort(([, a], [, b]) => meanExact(a) - meanExact(b))
      .slice(0, WORST_TRANSLATIONS)
      .map(([translation, cases]) => [
        run.name,
        excerpt(translation, 24),
        count(cases.length),
        fraction(meanExact(cases)),
        excerpt(mostFrequentMistake(cases), 22),
      ]),
  );
  return table(['run', 'translation', 'cases', 'exact', 'mostly taken for'], rows, { left: [0, 1, 4] });
}

function failingCases(run) {
  const failing = claimedCases(run, run.failing);
  const every = Math.ceil(failing.length / FAILING_CASES);
  return failing
    .filter((_, index) => index % every === 0)
    .map(({ key, input, scores }) => {
      const reasons = scores.map(({ scorer_name, reason }) => `   ${scorer_name}: ${reason}`);
      return [` ${run.name}  ${key}`, `   ${excerpt(input.text, 72)}`, ...reasons].join('\n');
    })
    .join('\n');
}

// A model is not judged by languages that it does not claim to know.
function claimedCases({ model }, cases) {
  const [name] = model.split('@');
  return cases.filter(({ metadata }) => metadata.claimed_by.includes(name));
}

function claimOf({ metadata }) {
  return metadata.claimed_by.length === 1 ? `${metadata.claimed_by[0]} only` : metadata.claimed_by.join(' and ');
}

function languageOf({ expected }) {
  return canonicalLanguage(expected);
}

function translationOf({ metadata }) {
  return metadata.language;
}

function exactScore({ scores }) {
  return scores.find(({ scorer_name }) => scorer_name === 'exact');
}

function meanExact(cases) {
  return cases.reduce((sum, row) => sum + exactScore(row).score, 0) / cases.length;
}

function mostFrequentMistake(cases) {
  const mistakes = cases.map(exactScore).filter(({ score }) => score === 0);
  const [mistake] = [...groupBy(mistakes, ({ answer }) => answer)].sort(([, a], [, b]) => b.length - a.length);
  if (mistake === undefined) return '';
  const [answer, { length }] = mistake;
  return `${length}× ${answer === undefined ? 'no answer' : describeLanguage(answer)}`;
}

function groupBy(items, keyOf) {
  const groups = new Map();
  for (const item of items) {
    const key = keyOf(item);
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(item);
  }
  return groups;
}
