/**
 * The rows that are saved and read: a question set as suites really have them.
 *
 * A case has an input object of about 300 bytes of JSON and an output of 500 bytes; 1 in 100 failed and has an error
 * instead. Three scorers give a score with a reason each. Ids are UUID v4, as callers of the reference make them.
 * In the `mixed` variant 1 case in 20 speaks a language outside Latin-1.
 */

import { randomUUID } from 'node:crypto';
import { pick, seededRandom } from './random.mjs';

export const SCORES_PER_CASE = 3;

const LATIN = `the model answers a question about capital rivers and mountains of every country with one short sentence
that names its source because the reader wants to check what was said before it is printed in the weekly report which
goes to all teams who asked for numbers rather than opinions on how well each prompt works`.split(/\s+/);

const OTHER =
  `модель отвечает на вопрос о столице страны 模型 回答 关于 首都 的 问题 η απάντηση του μοντέλου モデルの答え 👍🏽 정답입니다`.split(
    ' ',
  );

const everyTwentieth = (index) => index % 20 === 7;

function text(random, words, length) {
  let result = '';
  while (result.length < length) result += `${pick(random, words)} `;
  return result.slice(0, length).trimEnd();
}

/** A string made by `+` is a tree inside V8; one that came through JSON is flat, like text from a file or a model. */
const asParsed = (value) => JSON.parse(JSON.stringify(value));

function makeInput(random, words) {
  return {
    question: text(random, words, 110),
    context: text(random, words, 70),
    options: ['A', 'B', 'C', 'D'].map((letter) => `${letter}: ${text(random, words, 9)}`),
    locale: 'en-GB',
    difficulty: Math.ceil(random() * 5),
  };
}

function makeCase(random, words, idx) {
  const failed = random() < 0.01;
  const row = {
    id: randomUUID(),
    run_id: '',
    idx,
    input: makeInput(random, words),
    output: failed ? null : text(random, words, 500),
    expected: text(random, words, 30),
    latency_ms: Math.round(200 + random() * 3000),
    tokens_in: Math.round(80 + random() * 200),
    tokens_out: Math.round(20 + random() * 400),
  };
  if (failed) row.error = 'Error: 529 overloaded_error: the provider is temporarily overloaded';
  return asParsed(row);
}

/** Each scorer's way of scoring; about a third of the cases have a score below 0.5. */
const SCORERS = {
  exact_match: (random) => (random() < 0.8 ? 1 : 0),
  similarity: (random) => 0.4 + random() * 0.6,
  judge: (random) => pick(random, [0.25, 0.5, 0.75, 0.75, 1, 1, 1, 1]),
};

function makeScores(random, words, case_id) {
  return Object.entries(SCORERS).map(([scorer_name, score]) =>
    asParsed({ id: randomUUID(), case_id, scorer_name, score: score(random), reason: text(random, words, 80) }),
  );
}

/** Returns `{ cases, scores }` for a run of `size` cases; `variant` is `plain` or `mixed`. Equal seeds: equal texts. */
export function makeRows(size, variant = 'plain', seed = 0) {
  const random = seededRandom(size + seed);
  const cases = [];
  const scores = [];
  for (let idx = 0; idx < size; idx++) {
    const words = variant === 'mixed' && everyTwentieth(idx) ? OTHER : LATIN;
    const row = makeCase(random, words, idx);
    cases.push(row);
    scores.push(...makeScores(random, words, row.id));
  }
  return { cases, scores };
}

/** Names the run that the cases belong to: each store makes its own run id. */
export function assignRun(cases, runId) {
  for (const row of cases) row.run_id = runId;
}
