'use strict';

/**
 * Checks the arguments of scorecards, and converts them for Rust.
 */

const check = require('./check.js');
const { refuseUnknown } = require('./known-keys.js');
const { Options, number } = require('./options.js');

const LIMITS = ['passFloor', 'warnFloor', 'passCeiling', 'warnCeiling'];

/** Returns thresholds by metric as JSON. Rust checks how they relate to each other. */
function thresholds(given) {
  const name = 'setThresholds: thresholds';
  const entries = Object.entries(check.object(given, name)).map(([metric, limits]) => {
    const place = `${name}[${JSON.stringify(metric)}]`;
    return [check.text(metric, place), limitsOf(limits, place)];
  });
  // Creates own properties for all names, including "__proto__".
  return JSON.stringify(Object.fromEntries(entries));
}

function limitsOf(given, place) {
  refuseUnknown(check.object(given, place), place, LIMITS);
  const read = (limit) => [limit, given[limit] ?? undefined];
  const set = LIMITS.map(read).filter(([, value]) => value !== undefined);
  const finite = (value, name) => number(value, name, Number.isFinite, 'a finite number');
  return Object.fromEntries(set.map(([limit, value]) => [limit, finite(value, `${place}.${limit}`)]));
}

function withSamples(given) {
  const options = new Options('getScorecard', given);
  const samples = options.readSet('samples', check.boolean) ?? true;
  options.refuseOthers();
  return samples;
}

module.exports = { thresholds, withSamples };
