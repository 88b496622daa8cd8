'use strict';

/**
 * Keys that an operation does not know are refused, with the key that was probably meant. If they were ignored, `{
 * dryrun: true }` would delete.
 */

const { typeError } = require('../errors.js');

/** Refuses an object with a key that is not in `known`; `verdict` completes the error message. */
function refuseUnknown(given, place, known, verdict = 'is not known') {
  for (const key of Object.keys(given)) {
    if (known.includes(key)) continue;
    const meant = closest(key, known);
    const instead = meant === undefined ? `there are ${known.join(', ')}` : `did you mean ${meant}?`;
    throw typeError(`${place}.${key}`, `${verdict}; ${instead}`);
  }
}

/**
 * Refuses a row with a misspelt known key, unless the known key is set as well. Rows may have other fields, as in
 * `@deepagents/evals`. `meantBy` returns the known key that a key probably means.
 */
function refuseMisspelt(row, place, known, meantBy = misspelt) {
  for (const key of Object.keys(row)) {
    if (known.includes(key)) continue;
    const meant = meantBy(key, known);
    if (meant === undefined || row[meant] !== undefined) continue;
    throw typeError(`${place}.${key}`, `is not known; did you mean ${meant}?`);
  }
}

/** `costUsd` and `cost_usd` are spelt the same way. */
const plain = (key) => key.replace(/[_-]/g, '').toLowerCase();

/** What is saved with a result under another name. Rows of `@deepagents/evals`, which have no scores, may have these. */
const SYNONYMS = new Map([
  ['cost', 'cost_usd'],
  ['latency', 'latency_ms'],
  ['tokens', 'tokens_out'],
  ['tags', 'metadata'],
]);

/** Returns the known key that differs only in spelling or in one character, or is another name for it. */
function misspelt(key, known) {
  return known.find((one) => isMisspelt(key, one) || (SYNONYMS.get(key) === one && known.includes('scores')));
}

/** A plural is another name, not a slip: a row may have an `errors` field of its own. */
function isMisspelt(key, known) {
  const [given, wanted] = [plain(key), plain(known)];
  if (given === wanted) return true;
  return wanted.length > 4 && given !== `${wanted}s` && edits(given, wanted) === 1;
}

/** Returns the nearest known key, if at most a third of its characters differ. */
function closest(key, known) {
  let nearest;
  let least = Infinity;
  for (const one of known) {
    const [given, wanted] = [plain(key), plain(one)];
    const distance = edits(given, wanted);
    if (distance < least && distance <= Math.max(1, Math.floor(wanted.length / 3))) {
      nearest = one;
      least = distance;
    }
  }
  return nearest;
}

/** Counts the insertions, deletions, replacements and swaps of neighbours that turn one text into the other. */
function edits(one, other) {
  let beforeLast = [];
  let last = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let i = 1; i <= one.length; i++) {
    const current = [i];
    for (let j = 1; j <= other.length; j++) {
      const replaced = last[j - 1] + (one[i - 1] === other[j - 1] ? 0 : 1);
      current[j] = Math.min(replaced, last[j] + 1, current[j - 1] + 1);
      const isSwap = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      if (isSwap) current[j] = Math.min(current[j], beforeLast[j - 2] + 1);
    }
    beforeLast = last;
    last = current;
  }
  return last[other.length];
}

module.exports = { closest, refuseMisspelt, refuseUnknown };
