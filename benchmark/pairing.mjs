/**
 * Paired measurement: in each round every subject does the same work once, so that whatever else the machine does
 * hits all of them alike, and ratios are taken within a round.
 */

import { median, medianInterval } from './statistics.mjs';

/** Rotates and mirrors the order from round to round: no subject is always first, or always after the same one. */
function orderOf(count, round) {
  const rotated = Array.from({ length: count }, (_, i) => (i + (round >> 1)) % count);
  return round % 2 ? rotated.reverse() : rotated;
}

/**
 * Runs `trials` (each with `name` and `measure()`, which resolves to a time) in paired rounds.
 *
 * After `rounds.least`, stops as soon as `isDecided(times)`, at the latest after `rounds.most`.
 * Returns the times by name.
 */
export async function pair(trials, rounds, isDecided) {
  const times = Object.fromEntries(trials.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds.most; round++) {
    for (const i of orderOf(trials.length, round)) times[trials[i].name].push(await trials[i].measure());
    if (round + 1 >= rounds.least && isDecided(times)) break;
  }
  return times;
}

/** Returns how many times faster `subject` was than `base`: the median over the rounds, and its interval. */
export function speedup(times, base, subject) {
  if (!times[base] || !times[subject]) return undefined;
  const ratios = times[base].map((time, round) => time / times[subject][round]);
  return { median: median(ratios), interval: medianInterval(ratios) };
}

/**
 * Measures one piece of synchronous work: `before` and `after` are outside the clock.
 * The collection comes last before the clock starts, when the rows of `before` exist.
 */
export function clocked({ before, work, after }) {
  const prepared = before?.();
  globalThis.gc();
  const start = performance.now();
  const result = work(prepared);
  const elapsed = performance.now() - start;
  after?.(result, prepared);
  return elapsed;
}
