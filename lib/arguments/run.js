'use strict';

/**
 * Checks the arguments about the life of a run, and writes them as the JSON that Rust reads.
 */

const {
  DEFAULT_TRAJECTORIES,
  ENDED,
  LARGEST_PAGE,
  OUTCOMES,
  REDUCERS,
  RUN_ORDERS,
  STATUSES,
} = require('../constants.js');
const check = require('./check.js');
const { mustBe, rangeError, typeError } = require('../errors.js');
const { refuseUnknown } = require('./known-keys.js');
const { Options, number, reducer, time } = require('./options.js');

const isSet = (value) => value !== undefined && value !== null;

/** An array of names without duplicates. */
function names(value, name) {
  const texts = JSON.parse(/** @type {string} */ (check.tags(value, name)));
  const twice = texts.find((one, at) => texts.indexOf(one) !== at);
  if (twice !== undefined) throw rangeError(name, `has ${JSON.stringify(twice)} twice`);
  return texts;
}

function checkpoint(value, name) {
  const given = check.object(value, name);
  refuseUnknown(given, name, ['name', 'path']);
  const read = {
    name: check.optionalText(given.name, `${name}.name`),
    path: check.optionalText(given.path, `${name}.path`),
  };
  if (read.name === null && read.path === null) throw typeError(name, 'must have a name or a path');
  return read;
}

/** The state of the code. */
function git(value, name) {
  const given = check.object(value, name);
  refuseUnknown(given, name, ['commit', 'branch', 'dirty']);
  const { dirty = null } = given;
  if (dirty !== null && typeof dirty !== 'boolean') {
    throw typeError(`${name}.dirty`, mustBe('true, false or null', check.kind(dirty)));
  }
  const commit = check.optionalText(given.commit, `${name}.commit`);
  return { commit, branch: check.optionalText(given.branch, `${name}.branch`), dirty };
}

/** Returns `git`, or for `true` the directory to read it from. */
function gitOrPlace(value, name) {
  if (value === true) return { workingTree: process.cwd() };
  return { git: value === false || value === null ? null : git(value, name) };
}

/** Returns the rarely used fields of a new run as JSON; `null` when none is set. */
function moreOfNewRun(operation, run) {
  const { label, benchmarks, checkpoint: saved, git: state, startedAt } = run;
  if (![label, benchmarks, saved, state, startedAt].some(isSet)) return null;
  const name = (field) => `${operation}: run.${field}`;
  const more = {};
  if (isSet(label)) more.label = check.text(label, name('label'));
  if (isSet(benchmarks)) more.benchmarks = names(benchmarks, name('benchmarks'));
  if (isSet(saved)) more.checkpoint = checkpoint(saved, name('checkpoint'));
  if (isSet(state)) Object.assign(more, gitOrPlace(state, name('git')));
  if (isSet(startedAt)) more.startedAt = time(startedAt, name('startedAt'));
  return JSON.stringify(more);
}

/** The run to resume: an id, the empty string for the latest, `null` for none. */
function resume(value, name) {
  if (value === false) return null;
  if (value === undefined || value === null || value === 'latest') return '';
  if (typeof value === 'string' && value !== '') return check.text(value, name);
  const given = value === '' ? 'an empty string' : check.kind(value);
  throw typeError(name, mustBe("'latest', the id of a run or false", given));
}

/** Returns the changes to a run: omitted fields stay, null removes. */
function runChanges(given) {
  const options = new Options('updateRun', check.object(given, 'updateRun: changes'), 'changes');
  const orNull = (read) => (value, name) => (value === null ? null : read(value, name));
  const changes = {
    tags: options.read(
      'tags',
      orNull((value, name) => JSON.parse(/** @type {string} */ (check.tags(value, name)))),
    ),
    // Keeps the JSON from the check, so that a toJSON runs only once.
    metadata: options.read(
      'metadata',
      orNull((value, name) => JSON.parse(check.json(value, name))),
    ),
    label: options.read('label', orNull(check.text)),
    benchmarks: options.read('benchmarks', orNull(names)),
    checkpoint: options.read('checkpoint', orNull(checkpoint)),
    ...options.read('git', gitOrPlace),
  };
  options.refuseOthers();
  return JSON.stringify(changes);
}

function runQuery(given) {
  const options = new Options('queryRuns', given, 'query');
  const status = (value, name) => check.oneOf(value, name, STATUSES);
  const query = {
    suite: options.readSet('suite', check.text),
    model: options.readSet('model', check.text),
    status: options.readSet('status', status),
    tag: options.readSet('tag', check.text),
    checkpoint: options.readSet('checkpoint', check.text),
    benchmark: options.readSet('benchmark', check.text),
    since: options.readSet('since', time),
    until: options.readSet('until', time),
    search: options.readSet('search', check.text),
    orderBy: options.readSet('orderBy', (value, name) => check.oneOf(value, name, RUN_ORDERS)),
    limit: options.readSet('limit', (value, name) => check.integer(value, name, 1, LARGEST_PAGE)),
    cursor: options.readSet('cursor', check.text),
  };
  options.refuseOthers();
  return JSON.stringify(query);
}

const finite = (value, name) => number(value, name, Number.isFinite, 'a finite number');
const count = (value, name) => check.integer(value, name, 0, Number.MAX_SAFE_INTEGER);

const FIELDS_OF_RESULT = [
  'benchmark',
  'score',
  'num_examples',
  'num_correct',
  'num_errors',
  'num_truncated',
  'metrics',
  'time_seconds',
  'pass_at_k',
];
/** Fields that a result has when it is read; it can be saved again as it is. */
const COMPUTED_FIELDS_OF_RESULT = ['run_id', 'score_completed', 'num_completed', 'source'];

function benchmarkResult(given) {
  const name = 'saveBenchmarkResult: result';
  const result = check.object(given, name);
  refuseUnknown(result, name, [...FIELDS_OF_RESULT, ...COMPUTED_FIELDS_OF_RESULT]);
  const counted = (field) => (result[field] === undefined ? 0 : count(result[field], `${name}.${field}`));
  const read = {
    benchmark: check.text(result.benchmark, `${name}.benchmark`),
    score: finite(result.score, `${name}.score`),
    num_examples: count(result.num_examples, `${name}.num_examples`),
    num_correct: count(result.num_correct, `${name}.num_correct`),
    num_errors: counted('num_errors'),
    num_truncated: counted('num_truncated'),
    metrics: numbersByName(result.metrics, `${name}.metrics`),
    time_seconds: isSet(result.time_seconds) ? finite(result.time_seconds, `${name}.time_seconds`) : null,
    pass_at_k: numbersByName(result.pass_at_k, `${name}.pass_at_k`, aCount),
  };
  return JSON.stringify(read);
}

function numbersByName(given, name, checkKey = (_key, _name) => {}) {
  if (given === undefined || given === null) return {};
  const entries = Object.entries(check.object(given, name));
  for (const [key, value] of entries) {
    checkKey(key, name);
    finite(value, `${name}.${key}`);
  }
  return Object.fromEntries(entries);
}

function aCount(key, name) {
  if (!/^[1-9]\d*$/.test(key)) throw rangeError(name, `must have numbers of attempts for keys, not "${key}"`);
}

function finalizeOptions(given) {
  const options = new Options('finalizeRun', given);
  const status = (value, name) => check.oneOf(value, name, ENDED);
  /** @type {[completed: boolean, threshold: number]} */
  const read = [
    (options.readSet('status', status) ?? 'completed') === 'completed',
    options.readSet('threshold', check.threshold) ?? check.threshold(undefined),
  ];
  options.refuseOthers();
  return read;
}

/**
 * Reads an object with both, or the threshold alone.
 * @returns {[threshold: number, reducer: string]}
 */
function reportOptions(given) {
  if (given === undefined || typeof given !== 'object') {
    return [check.threshold(given, 'getRunReport: threshold'), '"mean"'];
  }
  const options = new Options('getRunReport', given);
  /** @type {[threshold: number, reducer: string]} */
  const read = [
    options.readSet('threshold', check.threshold) ?? check.threshold(undefined),
    JSON.stringify(options.readSet('reducer', reducer) ?? REDUCERS[0]),
  ];
  options.refuseOthers();
  return read;
}

/** Returns the filter of trajectories, the position and the batch size; `size` is the option for the latter. */
function trajectoryOptions(operation, given, size) {
  const options = new Options(operation, given);
  const read = {
    benchmark: options.readSet('benchmark', check.text) ?? null,
    outcome: options.readSet('outcome', (value, name) => check.oneOf(value, name, OUTCOMES)) ?? null,
    caseId: options.readSet('caseId', check.text) ?? null,
    key: options.readSet('key', check.text) ?? null,
    trial: options.readSet('trial', index) ?? null,
    limit: options.readSet(size, (value, name) => check.integer(value, name, 1, LARGEST_PAGE)) ?? DEFAULT_TRAJECTORIES,
    cursor: size === 'limit' ? (options.readSet('cursor', check.text) ?? null) : null,
  };
  options.refuseOthers();
  return read;
}

/** The index of a trajectory, any whole number. */
function index(value, name) {
  return check.integer(value, name, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
}

module.exports = {
  benchmarkResult,
  finalizeOptions,
  index,
  moreOfNewRun,
  reportOptions,
  resume,
  runChanges,
  runQuery,
  trajectoryOptions,
};
