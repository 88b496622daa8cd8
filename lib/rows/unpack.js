'use strict';

/**
 * Creates rows from the columns that cross from Rust (`src/binding/columns.rs`).
 */

/** Thrown when stored JSON cannot be parsed; `damage.js` then finds the rows. */
class BadJson extends Error {
  constructor(cause) {
    super('stored JSON is invalid', { cause });
  }
}

function parse(json) {
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw new BadJson(cause);
  }
}

/** Checks two values per row, then the mark. */
function checkRows(narrow, rows, mark) {
  if (narrow.length !== rows * 3) throw new BadJson();
  for (let at = 2; at < narrow.length; at += 3) if (narrow[at] !== mark) throw new BadJson();
}

/** Checks each value, then the mark. */
function checkValues(wide, mark) {
  for (let at = 1; at < wide.length; at += 2) if (wide[at] !== mark) throw new BadJson();
}

/**
 * Reads the inputs and expected values in order, each from the array that contains it. Texts that are not valid JSON on
 * their own may be valid together with their neighbours; then a mark is not in its place.
 */
function jsonReader(narrowText, wideText, places, rows, mark) {
  const narrow = rows === 0 ? [] : parse(narrowText);
  if (places === null) {
    checkRows(narrow, rows, mark);
    return (at) => narrow[at + (at >> 1)];
  }
  const wide = parse(wideText);
  checkValues(wide, mark);
  const order = new Uint32Array(rows * 2);
  let nextNarrow = 0;
  let nextWide = 0;
  for (let at = 0; at < order.length; at++) {
    if (places[at] === 0) order[at] = nextNarrow++;
    else order[at] = 2 * nextWide++;
    if (at % 2 === 1 && narrow[nextNarrow++] !== mark) throw new BadJson();
  }
  if (narrow.length !== nextNarrow || wide.length !== nextWide * 2) throw new BadJson();
  return (at) => (places[at] === 0 ? narrow : wide)[order[at]];
}

/** NaN stands for NULL. A file of another program may contain text; the positions of such values are listed. */
function numberReader(numbers, odd) {
  if (odd === null) {
    return (at) => {
      const number = numbers[at];
      return Number.isNaN(number) ? null : number;
    };
  }
  const texts = new Map();
  for (let at = 0; at < odd.length; at += 2) texts.set(odd[at], odd[at + 1]);
  return (at) => (texts.has(at) ? texts.get(at) : Number.isNaN(numbers[at]) ? null : numbers[at]);
}

const MORE_OF_CASE = ['key', 'trial', 'benchmark', 'cluster', 'metadata', 'cost_usd', 'started_at'];
const MORE_OF_SCORE = ['metadata', 'answer'];

/** Adds the fields that a row has, and no others. */
function addMore(row, names, more, at) {
  for (let field = 0; field < names.length; field++) {
    const name = names[field];
    const value = more[at * names.length + field];
    if (value !== null) row[name] = name === 'metadata' ? parse(value) : value;
  }
}

/** Adds the cases of a chunk to `into`. */
function addCases(into, runId, chunk) {
  const [count, texts, narrow, wide, places, numbers, odd, more, , mark] = chunk;
  const json = jsonReader(narrow, wide, places, count, mark);
  const number = numberReader(numbers, odd);
  for (let at = 0; at < count; at++) {
    const row = {
      id: texts[at * 3],
      run_id: runId,
      idx: number(at * 4),
      input: json(at * 2),
      output: texts[at * 3 + 1],
      expected: json(at * 2 + 1),
      latency_ms: number(at * 4 + 1),
      tokens_in: number(at * 4 + 2),
      tokens_out: number(at * 4 + 3),
      error: texts[at * 3 + 2],
    };
    if (more !== null) addMore(row, MORE_OF_CASE, more, at);
    into.push(row);
  }
}

/** Adds the cases of a chunk, each with its scores, to `into`. */
function addCasesWithScores(into, runId, chunk) {
  const [cases, counts, texts, numbers, odd, more] = chunk;
  const first = into.length;
  addCases(into, runId, cases);
  const number = numberReader(numbers, odd);
  let score = 0;
  for (let at = 0; at < counts.length; at++) {
    const scores = [];
    for (const end = score + counts[at]; score < end; score++) {
      const one = { scorer_name: texts[score * 2], score: number(score), reason: texts[score * 2 + 1] };
      if (more !== null) addMore(one, MORE_OF_SCORE, more, score);
      scores.push(one);
    }
    into[first + at].scores = scores;
  }
}

/** Returns the values of a chunk that are not valid JSON. */
function damageIn(chunk) {
  const cases = Array.isArray(chunk[0]) ? chunk[0] : chunk;
  return cases[10] === null ? [] : JSON.parse(cases[10]);
}

function summary(flat) {
  const [totalCases, passCount, failCount, totalLatencyMs, totalTokensIn, totalTokensOut] = flat;
  const meanScores = {};
  for (let at = 6; at < flat.length; at += 2) setOwn(meanScores, flat[at], flat[at + 1]);
  return { totalCases, passCount, failCount, meanScores, totalLatencyMs, totalTokensIn, totalTokensOut };
}

/** A scorer may be named `__proto__`. */
function setOwn(object, name, value) {
  if (name !== '__proto__') object[name] = value;
  else Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
}

/** Creates a run from its columns. */
function run(columns) {
  const row = {
    id: columns[0],
    suite_id: columns[1],
    name: columns[2],
    model: columns[3],
    config: parseOfRun(columns[4]),
    started_at: columns[5],
    finished_at: columns[6],
    status: columns[7],
    summary: parseOfRun(columns[8]),
  };
  if (columns[9] !== null) row.tags = parseOfRun(columns[9]);
  if (columns[10] !== null) row.metadata = parseOfRun(columns[10]);
  if (columns[11] !== null) Object.assign(row, JSON.parse(columns[11]));
  return row;
}

function parseOfRun(text) {
  return text === null || text === '' ? null : parse(text);
}

module.exports = { BadJson, addCases, addCasesWithScores, damageIn, numberReader, run, setOwn, summary };
