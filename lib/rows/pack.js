'use strict';

/** Packs cases, scores, and cases with their scores. */

const check = require('../arguments/check.js');
const { refuseMisspelt } = require('../arguments/known-keys.js');
const { mustBe, typeError } = require('../errors.js');
const {
  begin,
  isSet,
  place,
  putJson,
  putNumber,
  putNumberOrNull,
  putOptionalId,
  putOptionalJson,
  putOptionalNumber,
  putOptionalText,
  putOptionalTime,
  putRepeated,
  putText,
  putTextOrNull,
} = require('./packed-fields.js');

const FIELDS_OF_CASE = [
  'id',
  'run_id',
  'idx',
  'input',
  'output',
  'expected',
  'latency_ms',
  'tokens_in',
  'tokens_out',
  'error',
  'key',
  'trial',
  'benchmark',
  'cluster',
  'metadata',
  'cost_usd',
  'started_at',
];
const FIELDS_OF_RESULT = [...FIELDS_OF_CASE, 'scores'];
const FIELDS_OF_SCORE = ['id', 'case_id', 'scorer_name', 'score', 'reason', 'metadata', 'answer'];

function packCase(packer, item, row) {
  begin(packer, 'saveCases: cases', row, item, FIELDS_OF_CASE);
  putOptionalId(packer, item.id);
  putRepeated(packer, item.run_id, 'run_id');
  putNumber(packer, item.idx, 'idx');
  putJson(packer, item.input, 'input');
  putTextOrNull(packer, item.output, 'output');
  putOptionalJson(packer, item.expected, 'expected');
  putNumberOrNull(packer, item.latency_ms, 'latency_ms');
  putNumberOrNull(packer, item.tokens_in, 'tokens_in');
  putNumberOrNull(packer, item.tokens_out, 'tokens_out');
  putOptionalText(packer, item.error, 'error');
  packMoreOfCase(packer, item);
}

/** Rarely used fields; a flag says whether they follow. */
function packMoreOfCase(packer, item) {
  const { key, trial, benchmark, cluster, metadata, cost_usd: cost, started_at: startedAt } = item;
  const any =
    isSet(key) ||
    isSet(trial) ||
    isSet(benchmark) ||
    isSet(cluster) ||
    isSet(metadata) ||
    isSet(cost) ||
    isSet(startedAt);
  packer.putFlag(any ? 1 : 0);
  if (!any) return;
  putOptionalText(packer, key, 'key');
  putOptionalNumber(packer, trial, 'trial');
  putOptionalText(packer, benchmark, 'benchmark');
  putOptionalText(packer, cluster, 'cluster');
  putOptionalJson(packer, metadata, 'metadata');
  putOptionalNumber(packer, cost, 'cost_usd');
  putOptionalTime(packer, startedAt, 'started_at');
}

function packScore(packer, item, row) {
  begin(packer, 'saveScores: scores', row, item, FIELDS_OF_SCORE);
  putOptionalId(packer, item.id);
  putRepeated(packer, item.case_id, 'case_id');
  packJudgement(packer, item, item.scorer_name);
}

function packJudgement(packer, item, scorerName) {
  putText(packer, scorerName, 'scorer_name');
  putNumber(packer, item.score, 'score');
  putOptionalText(packer, item.reason, 'reason');
  const { metadata, answer } = item;
  const any = isSet(metadata) || isSet(answer);
  packer.putFlag(any ? 1 : 0);
  if (!any) return;
  putOptionalJson(packer, metadata, 'metadata');
  putOptionalText(packer, answer, 'answer');
}

/** A case without its run, followed by its scores without their case. */
function packResult(packer, item, row) {
  begin(packer, 'saveResults: results', row, item, FIELDS_OF_RESULT);
  putOptionalId(packer, item.id);
  packer.putSame();
  putNumber(packer, item.idx, 'idx');
  putJson(packer, item.input, 'input');
  putOptionalText(packer, item.output, 'output');
  putOptionalJson(packer, item.expected, 'expected');
  putOptionalNumber(packer, item.latency_ms, 'latency_ms');
  putOptionalNumber(packer, item.tokens_in, 'tokens_in');
  putOptionalNumber(packer, item.tokens_out, 'tokens_out');
  putOptionalText(packer, item.error, 'error');
  packMoreOfCase(packer, item);
  packScoresOfResult(packer, item.scores);
}

/** The scores of a case: a list, or an object with the scorers as keys. */
function packScoresOfResult(packer, scores) {
  const counter = packer.reserveCount();
  if (!isSet(scores)) return;
  const pack = isByName(scores) ? packScoresByName : packScoreList;
  packer.setCount(counter, pack(packer, scores));
}

const isByName = (scores) => typeof scores === 'object' && typeof scores[Symbol.iterator] !== 'function';

function packScoreList(packer, scores) {
  let count = 0;
  for (const score of check.iterable(scores, place(packer, 'scores'))) {
    packScoreOfCase(packer, score, `.scores[${count}]`);
    count++;
  }
  return count;
}

/** `{ exact: 1, fluent: { score: 0.7, reason } }` */
function packScoresByName(packer, scores) {
  const entries = Object.entries(scores);
  for (const [name, given] of entries) {
    const score = typeof given === 'number' ? { score: given } : given;
    packScoreOfCase(packer, score, `.scores.${name}`, name, 'a number, or an object with a score');
  }
  return entries.length;
}

function packScoreOfCase(packer, score, part, name = score?.scorer_name, expected = 'an object') {
  packer.part = part;
  if (score === null || typeof score !== 'object') {
    throw typeError(`${packer.list}[${packer.row}]${part}`, mustBe(expected, check.kind(score)));
  }
  if (packer.row === 0) refuseMisspelt(score, `${packer.list}[0]${part}`, FIELDS_OF_SCORE);
  putOptionalId(packer, score.id);
  packer.putSame();
  packJudgement(packer, score, name);
}

/** In the order of `Role::ALL` in `src/model/trajectory.rs`. */

module.exports = { packCase, packResult, packScore };
