'use strict';

/**
 * The arguments of `statistics.js`: their types are checked here, their values in Rust.
 */

const { isFloat64Array } = require('node:util/types');

const constants = require('../constants.js');
const check = require('./check.js');
const { fromNative, mustBe, rangeError, typeError } = require('../errors.js');
const { refuseMisspelt, refuseUnknown } = require('./known-keys.js');

const MOST_THREADS = 1024;

/** Returns how often to draw; `whole` reads an option that is a whole number. */
const resamplingOf = (whole) => ({
  resamples: whole('resamples') ?? constants.DEFAULT_RESAMPLES,
  seed: whole('seed') ?? 0,
  threads: whole('threads', MOST_THREADS) ?? 0,
});

/** The arguments of one operation. */
class Arguments {
  #operation;

  constructor(operation) {
    this.#operation = operation;
  }

  /** Runs `call`; turns errors from Rust into a RangeError that names the operation. */
  translating(call) {
    try {
      return call();
    } catch (error) {
      throw fromNative(error, this.#operation);
    }
  }

  #name(name) {
    return `${this.#operation}: ${name}`;
  }

  number(value, name) {
    if (typeof value === 'number') return value;
    throw typeError(this.#name(name), mustBe('a number', check.kind(value)));
  }

  whole(value, name, least = 0, most = Number.MAX_SAFE_INTEGER) {
    return check.integer(value, this.#name(name), least, most);
  }

  object(value, name = 'options') {
    return value === undefined || value === null ? {} : check.object(value, this.#name(name));
  }

  /** Returns the numbers as a Float64Array. */
  numbers(value, name) {
    if (isFloat64Array(value)) return value;
    const numbers = new Float64Array(this.#array(value, name, 'an array of numbers or a Float64Array').length);
    for (let at = 0; at < numbers.length; at++) numbers[at] = this.number(value[at], `${name}[${at}]`);
    return numbers;
  }

  #array(value, name, what) {
    if (Array.isArray(value)) return value;
    throw typeError(this.#name(name), mustBe(`${what}`, check.kind(value)));
  }

  /** Returns the ratings of each rater, NaN where there is none. */
  ratings(value) {
    const what = 'an array of arrays of numbers, one a rater';
    return Array.from(this.#array(value, 'ratings', what), (rater, at) => {
      if (isFloat64Array(rater)) return rater;
      const numbers = this.#array(rater, `ratings[${at}]`, 'an array of numbers and nulls');
      const number = (one, place) => (one === null ? Number.NaN : this.number(one, `ratings[${at}][${place}]`));
      return Float64Array.from(Array.from(numbers), number);
    });
  }

  /**
   * Refuses an options object for a function that has no options. Other extra values are accepted: `map()` passes them
   * to its callback.
   */
  refuseOptionsAfter(given, count) {
    const extra = given.slice(count).find((one) => one !== null && typeof one === 'object');
    if (extra === undefined || Array.isArray(extra) || ArrayBuffer.isView(extra)) return;
    throw typeError(this.#name('options'), `are not taken; there are ${count} arguments`);
  }

  clusterIds(value) {
    // Array.from, because map() skips the holes of an array.
    return Array.from(this.#array(value, 'clusterIds', 'an array of strings or numbers'), (id, at) => {
      const name = this.#name(`clusterIds[${at}]`);
      if (typeof id !== 'number') return check.text(id, name);
      if (!Number.isFinite(id)) throw rangeError(name, `must not be ${id}`);
      return String(id);
    });
  }

  /** Returns the smallest and the largest possible value. */
  limits(value) {
    const limits = this.numbers(value, 'limits');
    if (limits.length === 2) return [limits[0], limits[1]];
    throw rangeError(this.#name('limits'), `must hold 2 numbers, but holds ${limits.length}`);
  }

  counts(value) {
    const counts = check.object(value, this.#name('counts'));
    refuseMisspelt(counts, this.#name('counts'), ['both', 'baselineOnly', 'candidateOnly', 'neither']);
    const count = (name) => this.whole(counts[name], `counts.${name}`);
    return {
      both: count('both'),
      baselineOnly: count('baselineOnly'),
      candidateOnly: count('candidateOnly'),
      neither: count('neither'),
    };
  }

  samples(value, name) {
    const { n, passed } = check.object(value, this.#name(name));
    return { n: this.whole(n, `${name}.n`), passed: this.whole(passed, `${name}.passed`, 0, n) };
  }

  cases(value) {
    const cases = this.#array(value, 'cases', 'an array of { n, passed }');
    return Array.from(cases, (samples, at) => this.samples(samples, `cases[${at}]`));
  }

  /** Returns the rows of a run as columns. */
  items(value, name) {
    /** @type {{ ids: string[], scores: number[], clusters: (string | null)[], epochs: number[] }} */
    const columns = { ids: [], scores: [], clusters: [], epochs: [] };
    for (const [at, item] of this.#array(value, name, 'an array of items').entries()) {
      const place = `${name}[${at}]`;
      const { itemId, score, clusterId, epoch = 0 } = check.object(item, this.#name(place));
      if (at === 0) refuseMisspelt(item, this.#name(place), ['itemId', 'score', 'clusterId', 'epoch']);
      columns.ids.push(check.text(itemId, this.#name(`${place}.itemId`)));
      columns.scores.push(this.number(score, `${place}.score`));
      columns.clusters.push(check.optionalText(clusterId, this.#name(`${place}.clusterId`)));
      columns.epochs.push(this.whole(epoch, `${place}.epoch`, Number.MIN_SAFE_INTEGER));
    }
    return columns;
  }

  bothOrNeither(options, one, other) {
    const given = this.object(options);
    for (const [present, missing] of [
      [one, other],
      [other, one],
    ]) {
      // biome-ignore format: pairs
      if (given[present] !== undefined && given[missing] === undefined) {
        throw typeError(this.#name(`options.${missing}`), `must be given together with options.${present}`);
      }
    }
  }

  /** Returns options with their defaults; `known` are the options of the function, `defaults` its own defaults. */
  options(options, known, defaults = {}) {
    const given = this.object(options);
    refuseUnknown(given, this.#name('options'), known, 'is not an option');
    const optional = (read, name) => (given[name] === undefined ? undefined : read(given[name], `options.${name}`));
    const number = (name) => optional((value, path) => this.number(value, path), name);
    const whole = (name, most) => optional((value, path) => this.whole(value, path, 0, most), name);
    const oneOf = (name, allowed) =>
      optional((value, path) => check.oneOf(value, this.#name(path), allowed), name) ?? defaults[name] ?? allowed[0];
    const alpha = number('alpha') ?? constants.DEFAULT_ALPHA;
    const oneSided = this.#flag(given.oneSided ?? defaults.oneSided, 'options.oneSided');
    const rates = { alpha, power: number('power') ?? constants.DEFAULT_POWER, oneSided };
    const resampling = resamplingOf(whole);
    return {
      alternative: oneOf('alternative', constants.ALTERNATIVES),
      level: number('level') ?? constants.DEFAULT_LEVEL,
      mode: oneOf('mode', constants.PERMUTATION_MODES),
      alpha,
      rates,
      resampling,
      sequence: { alpha, rho: number('rho') ?? constants.DEFAULT_RHO, sigmaBound: number('sigmaBound') },
      minN: whole('minN') ?? defaults.minN ?? constants.DEFAULT_MIN_N,
      margin: number('margin') ?? constants.DEFAULT_MARGIN_OF_GATE,
      range:
        optional((value, path) => this.#ends(value, path), 'range') ??
        Float64Array.from(constants.DEFAULT_RANGE_OF_GATE),
      weights: oneOf('weights', constants.KAPPA_WEIGHTS),
      distance: oneOf('distance', constants.DISTANCES),
      exactThreshold: whole('exactThreshold') ?? constants.DEFAULT_EXACT_THRESHOLD,
      nClusters: whole('nClusters'),
      icc: number('icc'),
      meanClusterSize: number('meanClusterSize') ?? 1,
      comparison: {
        method: oneOf('method', constants.EVALSIG_METHODS),
        cluster: check.optionalText(given.cluster, this.#name('options.cluster')) ?? undefined,
        rates,
        resampling,
      },
    };
  }

  /** `[smallest, largest]` */
  #ends(value, name) {
    const ends = this.numbers(value, name);
    if (ends.length !== 2) throw rangeError(this.#name(name), 'must be [smallest, largest]');
    return ends;
  }

  #flag(value = false, name) {
    if (typeof value === 'boolean') return value;
    throw typeError(this.#name(name), mustBe('a boolean', check.kind(value)));
  }
}

module.exports = { Arguments };
