/** The data of the charts, whose size does not grow with the number of cases. */

import type { HistoryPoint, Index, Scorer } from '../data/format.ts';

/** The data of the charts of one scorer. */
export interface ChartData {
  distribution: Distribution;
  /** `null` if both runs scored no case. */
  scatter: Scatter | null;
  /** Cost against score; `null` if no cost was measured. */
  cost: { points: [number, number][]; of: number } | null;
}

export interface Distribution {
  low: number;
  high: number;
  baseline: number[] | null;
  candidate: number[];
}

/** Equal pairs are one point with a weight. */
export interface Scatter {
  points: { before: number; after: number; weight: number }[];
  /** Number of all pairs; only some are drawn if there are many. */
  of: number;
}

const BINS = 20;
const MOST_POINTS = 2000;

export function chartsOf(index: Index, scorer: number): ChartData {
  return {
    distribution: distribution(index, scorer),
    scatter: scatter(index, scorer),
    cost: costAgainstScore(index, scorer),
  };
}

function distribution(index: Index, scorer: number): Distribution {
  const { baseline, candidate } = index.rows;
  const sides = [baseline, candidate].map((side) => side?.scores[scorer].filter((value) => value !== null) ?? []);
  const [low, high] = range(sides.flat());
  const binned = (values: number[]) => {
    const bins = new Array<number>(BINS).fill(0);
    for (const value of values) bins[Math.min(BINS - 1, Math.floor(((value - low) / (high - low)) * BINS))]++;
    return bins;
  };
  return { low, high, baseline: baseline === null ? null : binned(sides[0]), candidate: binned(sides[1]) };
}

/** Scores between 0 and 1 are shown on the whole range from 0 to 1. */
function range(values: number[]): [number, number] {
  let [low, high] = [0, 1];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

function scatter(index: Index, scorer: number): Scatter | null {
  const { baseline, candidate } = index.rows;
  if (baseline === null) return null;
  const weights = new Map<string, { before: number; after: number; weight: number }>();
  let of = 0;
  for (let row = 0; row < index.rows.count; row++) {
    const [before, after] = [baseline.scores[scorer][row], candidate.scores[scorer][row]];
    if (before === null || after === null) continue;
    of++;
    const key = `${before} ${after}`;
    const point = weights.get(key) ?? { before, after, weight: 0 };
    point.weight++;
    weights.set(key, point);
  }
  return of === 0 ? null : { points: thinned([...weights.values()]), of };
}

function costAgainstScore(index: Index, scorer: number): ChartData['cost'] {
  const { candidate, count } = index.rows;
  const points: [number, number][] = [];
  for (let row = 0; row < count; row++) {
    const [cost, score] = [candidate.costUsd[row], candidate.scores[scorer][row]];
    if (cost !== null && score !== null) points.push([cost, score]);
  }
  return points.length === 0 ? null : { points: thinned(points), of: points.length };
}

/** Every n-th value, so that the drawn points are spread over all. */
function thinned<T>(points: T[]): T[] {
  const step = Math.ceil(points.length / MOST_POINTS);
  return step <= 1 ? points : points.filter((_, at) => at % step === 0);
}

/** A scorer in the runs of its suite. */
export interface HeatRow {
  name: string;
  /** By how much of its range the mean of each run is worse than that of the best one; `null` without scores. */
  losses: (number | null)[];
}

/** Returns the scorers of these runs, oldest first: those that lost most in the last run come first. */
export function heatRows(points: HistoryPoint[], lowerIsBetter: readonly string[]): HeatRow[] {
  const names = [...new Set(points.flatMap(({ means }) => Object.keys(means)))];
  const rows = names
    .filter((name) => !name.startsWith('human:'))
    .map((name) => {
      const worth = points.map(({ means }) => {
        const mean = Object.hasOwn(means, name) ? means[name].mean : null;
        return mean === null || !lowerIsBetter.includes(name) ? mean : -mean;
      });
      const known = worth.filter((value) => value !== null);
      const range = Math.max(1, ...known.map(Math.abs));
      let best = Number.NEGATIVE_INFINITY;
      const losses = worth.map((value) => {
        best = Math.max(best, value ?? best);
        return value === null ? null : (best - value) / range;
      });
      return { name, losses };
    });
  return rows.sort((one, other) => (other.losses.at(-1) ?? -1) - (one.losses.at(-1) ?? -1));
}

/** How far the chart of a scorer has to reach; 0 if it has none. */
export const reachOf = ({ interval, margin }: Scorer) =>
  interval === null ? 0 : Math.max(...interval.map(Math.abs), margin ?? 0, 1e-9) * 1.1;

/** A scale for all charts, where the smallest is then still readable. */
export function sharedReach(scorers: Scorer[]): number | null {
  const reaches = scorers.map(reachOf).filter((reach) => reach > 0);
  const most = Math.max(...reaches);
  return most < 8 * Math.min(...reaches) ? most : null;
}
