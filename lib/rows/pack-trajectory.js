'use strict';

/** Packs trajectories, and turns that are appended to one. */

const { ROLES } = require('../constants.js');
const check = require('../arguments/check.js');
const { refuseMisspelt } = require('../arguments/known-keys.js');
const { mustBe, rangeError, typeError } = require('../errors.js');
const {
  begin,
  isSet,
  place,
  putInteger,
  putOptionalJson,
  putOptionalNumber,
  putOptionalText,
  putRepeated,
} = require('./packed-fields.js');

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

module.exports = { FIELDS_OF_OUTCOME, packAppended, packTrajectory };
