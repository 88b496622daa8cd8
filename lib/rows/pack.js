'use strict';

/**
 * Packs rows into three buffers, so that hundreds of rows cross to Rust in one call.
 *
 * All text is in one buffer; its lengths, and all numbers, are in arrays beside it, in the order in which
 * `src/store/packed.rs` reads them.
 */

const { BATCH_BYTES, BATCH_ROWS, MAX_ROW_BYTES, ROLES } = require('../constants.js');
const check = require('../arguments/check.js');
const { refuseMisspelt } = require('../arguments/known-keys.js');
const { time } = require('../arguments/options.js');
const { mustBe, rangeError, tooLarge, typeError } = require('../errors.js');

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
const FIELDS_OF_OUTCOME = [
  'example_id',
  'reward',
  'metrics',
  'logs',
  'error',
  'time_seconds',
  'trial',
  'case_id',
  'key',
];
const FIELDS_OF_TRAJECTORY = ['benchmark', 'idx', 'turns', ...FIELDS_OF_OUTCOME];
/** The fields that an OpenAI message may have instead of content. */
const INSTEAD_OF_CONTENT = ['tool_calls', 'function_call', 'refusal', 'audio'];
const FIELDS_OF_TURN = [
  'role',
  'content',
  'token_count',
  'metadata',
  'name',
  'tool_call_id',
  'annotations',
  ...INSTEAD_OF_CONTENT,
];

const NONE = -1;
const SAME = -2;

/** Room for the lengths and numbers of most rows. */
const LENGTHS = BATCH_ROWS * 24;
const NUMBERS = BATCH_ROWS * 12;
/** A buffer that a huge row enlarged beyond this is not kept for later rows. */
const KEPT_BYTES = 8 << 20;

/**
 * Allocates memory for text. Node has `utf8Write`, its types do not.
 * @param {number} bytes
 * @returns {Buffer & { utf8Write(text: string, at: number, most: number): number }}
 */
function newText(bytes) {
  return /** @type {any} */ (Buffer.allocUnsafeSlow(bytes));
}

class Packer {
  text = newText(BATCH_BYTES);
  lengths = new Int32Array(LENGTHS);
  numbers = new Float64Array(NUMBERS);
  rows = 0;
  firstRow = 0;
  /** Whether earlier rows of the same call have crossed already, in an open transaction. */
  inBatch = false;
  /** The name of the list, for errors about a row. */
  list = '';
  row = 0;
  part = '';
  #textEnd = 0;
  #lengthsEnd = 0;
  #numbersEnd = 0;
  #repeated = null;

  get isFull() {
    return this.rows >= BATCH_ROWS || this.#textEnd >= BATCH_BYTES;
  }

  /** Returns the used parts of text, lengths and numbers. */
  used() {
    return [
      this.text.subarray(0, this.#textEnd),
      this.lengths.subarray(0, this.#lengthsEnd),
      this.numbers.subarray(0, this.#numbersEnd),
    ];
  }

  /** Makes room for the rows after those that have crossed. */
  next() {
    this.firstRow += this.rows;
    this.rows = 0;
    this.#textEnd = 0;
    this.#lengthsEnd = 0;
    this.#numbersEnd = 0;
    this.#repeated = null;
    this.#shrink();
  }

  #shrink() {
    if (this.text.byteLength > KEPT_BYTES) this.text = newText(BATCH_BYTES);
    if (this.lengths.byteLength > KEPT_BYTES) this.lengths = new Int32Array(LENGTHS);
    if (this.numbers.byteLength > KEPT_BYTES) this.numbers = new Float64Array(NUMBERS);
  }

  reset() {
    this.next();
    this.firstRow = 0;
    this.inBatch = false;
  }

  #putLength(length) {
    if (this.#lengthsEnd === this.lengths.length) this.lengths = grown(this.lengths, Int32Array);
    this.lengths[this.#lengthsEnd++] = length;
  }

  putNumber(number) {
    if (this.#numbersEnd === this.numbers.length) this.numbers = grown(this.numbers, Float64Array);
    this.numbers[this.#numbersEnd++] = number;
  }

  putText(text) {
    // A UTF-16 code unit takes at most three bytes (a surrogate pair, two units, takes four).
    let most = text.length * 3;
    if (this.text.length - this.#textEnd < most) {
      if (most > BATCH_BYTES) most = Buffer.byteLength(text);
      this.#growText(most);
    }
    const length = this.text.utf8Write(text, this.#textEnd, most);
    this.#textEnd += length;
    this.#putLength(length);
  }

  putNone() {
    this.#putLength(NONE);
  }

  /** For a column whose neighbours are mostly equal. */
  putRepeated(text) {
    if (text === this.#repeated) this.#putLength(SAME);
    else this.putText((this.#repeated = text));
  }

  putSame() {
    this.#putLength(SAME);
  }

  putFlag(flag) {
    this.#putLength(flag);
  }

  /** Reserves space for a count that is known only later. */
  reserveCount() {
    this.#putLength(0);
    return this.#lengthsEnd - 1;
  }

  setCount(place, count) {
    this.lengths[place] = count;
  }

  #growText(most) {
    // The rows before this one take less than BATCH_BYTES.
    if (this.#textEnd + most > BATCH_BYTES + MAX_ROW_BYTES) {
      const limit = `the texts of a row take ${MAX_ROW_BYTES} bytes at most`;
      throw tooLarge(`${this.list}[${this.row}]`, `is too large: ${limit}`);
    }
    if (this.text.length - this.#textEnd >= most) return;
    const larger = newText(Math.max(this.text.length * 2, this.#textEnd + most));
    this.text.copy(larger, 0, 0, this.#textEnd);
    this.text = larger;
  }
}

function grown(array, Type) {
  const larger = new Type(array.length * 2);
  larger.set(array);
  return larger;
}

// Code of the caller (getters, toJSON, iterators) runs while a batch is packed, and may save a batch of its own.
let idle = null;

function take() {
  const packer = idle ?? new Packer();
  idle = null;
  return packer;
}

function giveBack(packer) {
  packer.reset();
  idle = packer;
}

/** Returns the place of a field of the current row, for errors. */
function place(packer, field) {
  if (packer.row === null) return `${packer.list}.${field}`;
  return `${packer.list}[${packer.row}]${packer.part}.${field}`;
}

function refuse(packer, field, wanted, value) {
  throw typeError(place(packer, field), mustBe(`${wanted}`, check.kind(value)));
}

function putText(packer, value, field) {
  if (typeof value !== 'string') refuse(packer, field, 'a string', value);
  packer.putText(value);
}

function putOptionalText(packer, value, field) {
  if (value === undefined || value === null) packer.putNone();
  else putText(packer, value, field);
}

function putTextOrNull(packer, value, field) {
  if (value === null) packer.putNone();
  else putText(packer, value, field);
}

function putOptionalId(packer, value) {
  if (value === undefined) packer.putNone();
  else putText(packer, value, 'id');
}

function putRepeated(packer, value, field) {
  if (typeof value !== 'string') refuse(packer, field, 'a string', value);
  packer.putRepeated(value);
}

function putJson(packer, value, field) {
  const written = check.stringify(value, () => place(packer, field));
  if (written === undefined) refuse(packer, field, 'a JSON value', value);
  packer.putText(written);
}

function putOptionalJson(packer, value, field) {
  if (value === undefined || value === null) packer.putNone();
  else putJson(packer, value, field);
}

function putNumber(packer, value, field) {
  if (typeof value !== 'number' || Number.isNaN(value)) refuse(packer, field, 'a number', value);
  packer.putNumber(value);
}

/** Stores `null` and NaN as NULL. */
function putNumberOrNull(packer, value, field) {
  if (typeof value === 'number') packer.putNumber(value);
  else if (value === null) packer.putNumber(Number.NaN);
  else refuse(packer, field, 'a number', value);
}

function putOptionalNumber(packer, value, field) {
  if (value === undefined || value === null) packer.putNumber(Number.NaN);
  else putNumber(packer, value, field);
}

/** A Date, or milliseconds since the epoch. */
function putOptionalTime(packer, value, field) {
  if (!isSet(value) || typeof value === 'number') putOptionalNumber(packer, value, field);
  else packer.putNumber(time(value, place(packer, field)));
}

function isSet(value) {
  return value !== undefined && value !== null;
}

/**
 * Begins a row, which errors name from here on. Only the keys of the first row of a call are checked: one piece of code
 * creates all rows of a call, and checking the keys of each would slow down every row.
 */
function begin(packer, list, row, item, fields) {
  packer.list = list;
  packer.row = row;
  packer.part = '';
  if (item === null || typeof item !== 'object') {
    throw typeError(`${list}[${row}]`, mustBe('an object', check.kind(item)));
  }
  if (row === 0) refuseMisspelt(item, `${list}[0]`, fields);
}

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
    packScoreOfCase(packer, score, `.scores.${name}`, name);
  }
  return entries.length;
}

function packScoreOfCase(packer, score, part, name = score?.scorer_name) {
  packer.part = part;
  if (score === null || typeof score !== 'object') {
    throw typeError(`${packer.list}[${packer.row}]${part}`, mustBe('an object', check.kind(score)));
  }
  if (packer.row === 0) refuseMisspelt(score, `${packer.list}[0]${part}`, FIELDS_OF_SCORE);
  putOptionalId(packer, score.id);
  packer.putSame();
  packJudgement(packer, score, name);
}

/** In the order of `Role::ALL` in `src/model/trajectory.rs`. */

function packTrajectory(packer, item, row) {
  begin(packer, 'saveTrajectories: trajectories', row, item, FIELDS_OF_TRAJECTORY);
  putRepeated(packer, item.benchmark, 'benchmark');
  putInteger(packer, item.idx, 'idx');
  packOutcome(packer, item);
  packTurns(packer, item.turns ?? [], place(packer, 'turns'));
}

/** The turns to append to one trajectory, and its outcome. */
function packAppended(packer, benchmark, idx, turns, outcome) {
  packer.list = 'appendTurns: outcome';
  packer.row = null;
  packer.part = '';
  packer.putText(benchmark);
  packer.putNumber(idx);
  packOutcome(packer, outcome);
  packTurns(packer, turns, 'appendTurns: turns');
}

function packOutcome(packer, item) {
  putOptionalText(packer, item.example_id, 'example_id');
  putOptionalNumber(packer, item.reward, 'reward');
  checkMetrics(packer, item.metrics);
  putOptionalJson(packer, item.metrics, 'metrics');
  putOptionalJson(packer, item.logs, 'logs');
  putOptionalText(packer, item.error, 'error');
  putOptionalNumber(packer, item.time_seconds, 'time_seconds');
  packCaseOfOutcome(packer, item);
}

/** The case of a trajectory, a rarely used field; a flag says whether it follows. */
function packCaseOfOutcome(packer, { trial, case_id: caseId, key }) {
  const any = isSet(trial) || isSet(caseId) || isSet(key);
  packer.putFlag(any ? 1 : 0);
  if (!any) return;
  if (isSet(trial)) putInteger(packer, trial, 'trial');
  else packer.putNumber(Number.NaN);
  putOptionalText(packer, caseId, 'case_id');
  putOptionalText(packer, key, 'key');
}

/** JSON would turn a number that is not finite into null. */
function checkMetrics(packer, metrics) {
  if (metrics === null || typeof metrics !== 'object') return;
  for (const [name, value] of Object.entries(metrics)) {
    if (typeof value !== 'number' || Number.isFinite(value)) continue;
    throw rangeError(`${place(packer, 'metrics')}.${name}`, mustBe('a finite number', value));
  }
}

function packTurns(packer, turns, name) {
  const counter = packer.reserveCount();
  let count = 0;
  for (const turn of check.iterable(turns, name)) packTurn(packer, turn, `${name}[${count++}]`);
  packer.setCount(counter, count);
}

function packTurn(packer, turn, name) {
  check.object(turn, name);
  if (packer.row === 0 || packer.row === null) refuseMisspelt(turn, name, FIELDS_OF_TURN);
  const { role, content, token_count: tokens, metadata, ...message } = turn;
  packer.putFlag(ROLES.indexOf(check.oneOf(role, `${name}.role`, ROLES)));
  packContent(packer, content, message, `${name}.content`);
  packer.putNumber(
    isSet(tokens) ? check.integer(tokens, `${name}.token_count`, 0, Number.MAX_SAFE_INTEGER) : Number.NaN,
  );
  if (isSet(metadata)) packer.putText(check.json(metadata, `${name}.metadata`));
  else packer.putNone();
  packMessage(packer, message, name);
}

/** Text, an array of parts, or nothing if the message has another field instead, such as `tool_calls`. */
function packContent(packer, content, message, name) {
  const isParts = Array.isArray(content);
  packer.putFlag(isParts ? 1 : 0);
  if (isParts) packer.putText(check.stringify(content, () => name));
  else if (typeof content === 'string') packer.putText(content);
  else if (!isSet(content) && INSTEAD_OF_CONTENT.some((field) => isSet(message[field]))) packer.putNone();
  else {
    const may = 'only a message with tool_calls, function_call, refusal or audio may have none';
    throw typeError(name, `must be a string or an array of parts, not ${check.kind(content)}; ${may}`);
  }
}

/** The other fields of a message, unchanged; null is dropped. */
function packMessage(packer, message, name) {
  const entries = Object.entries(message).filter(([, value]) => isSet(value));
  const written = entries.length === 0 ? '{}' : check.json(Object.fromEntries(entries), name);
  if (written === '{}') packer.putNone();
  else packer.putText(written);
}

function putInteger(packer, value, field) {
  check.integer(value, place(packer, field), Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
  packer.putNumber(value);
}

module.exports = { FIELDS_OF_OUTCOME, giveBack, packAppended, packCase, packResult, packScore, packTrajectory, take };
