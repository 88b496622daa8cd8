/** Evaluates the terms of a filter. Terms on texts and metadata read the body, all others the index. */

import type { Body, FailureGroup, Index, Rows, Side, Trial } from '../data/format.ts';
import type { Operator, Quantity, State, Term, TextField, Whose } from './query.ts';

export type OnRow = (row: number) => boolean;
export type OnBody = (body: Body) => boolean;

/** Returns the test for a row, or `null` if the body is needed. */
export function onRow(term: Term, index: Index): OnRow | null {
  const { rows } = index;
  switch (term.kind) {
    case 'state':
      return stateTest(term.state, index);
    case 'score':
      return scoreTest(term, index);
    case 'quantity': {
      const column = quantityOf(rows, term.whose, term.quantity);
      return (row) => holds(column?.[row] ?? null, term.operator, term.value);
    }
    case 'group': {
      if (term.group === 'failure') return failureTest(term.value, index);
      const dictionary = rows[term.group];
      const wanted = dictionary?.values.indexOf(term.value) ?? -1;
      return (row) => wanted >= 0 && dictionary?.at[row] === wanted;
    }
    default:
      return null;
  }
}

/** Returns the test for a body, for terms that {@link onRow} does not decide. */
export function onBody(term: Term): OnBody {
  switch (term.kind) {
    case 'metadata':
      return (body) =>
        trialsOf(body).some((trial) => metadataHolds(trial.metadata, term.path, term.operator, term.value));
    case 'text': {
      const wanted = term.text.toLowerCase();
      return (body) => textsOf(body, term.field, term.role).some((text) => text.toLowerCase().includes(wanted));
    }
    default:
      return () => true;
  }
}

/** The gain of a row: candidate − baseline, positive if it got better. */
export function gain(index: Index, scorer: number, row: number): number | null {
  const { baseline, candidate } = index.rows;
  const before = baseline?.scores[scorer][row] ?? null;
  const after = candidate.scores[scorer][row];
  if (before === null || after === null) return null;
  const difference = after - before;
  if (Math.abs(difference) < 1e-9) return 0;
  return index.scorers[scorer].lowerIsBetter ? -difference : difference;
}

/**
 * What sorting by regression compares: first come the rows that lost by the scorer that decides, then those that lost by others,
 * the largest losses first, as shares of the range of their scorer. Of equal ones, the row that lost more in all is the smaller
 * by a trace. It is below 0 if the row lost by any scorer.
 */
export function regression(index: Index, row: number): number | null {
  let worst: number | null = null;
  let lost = 0;
  for (const [scorer, range] of rangesOf(index).entries()) {
    const one = gain(index, scorer, row);
    if (one === null) continue;
    const share = one / range;
    lost += Math.min(0, share);
    // No loss is larger than 1.
    const isFirst = share < 0 && index.scorers[scorer].name === index.deciding;
    worst = Math.min(worst ?? share, isFirst ? share - 1 : share);
  }
  return worst === null ? null : worst + lost / 1e9;
}

const RANGES = new WeakMap<Index, number[]>();

/** The range of the scores of each scorer, at least 1: a loss of 1 matters less in Elo than in a pass rate. */
function rangesOf(index: Index): number[] {
  const { baseline, candidate } = index.rows;
  const ranges =
    RANGES.get(index) ??
    candidate.scores.map((_, scorer) => {
      let [low, high] = [0, 1];
      for (const side of [baseline, candidate]) {
        for (const score of side?.scores[scorer] ?? []) {
          if (score === null) continue;
          if (score < low) low = score;
          if (score > high) high = score;
        }
      }
      return high - low;
    });
  RANGES.set(index, ranges);
  return ranges;
}

export function stateTest(state: State, index: Index): OnRow {
  const { candidate, baseline, changed } = index.rows;
  const isErrored = (row: number) => candidate.errored[row] > 0;
  const scored = (row: number) => candidate.scores.some((scores) => scores[row] !== null);
  const anyBelow = (row: number) =>
    candidate.scores.some((scores, at) => {
      const [score, { floor, ceiling }] = [scores[row], index.limits[at]];
      return score !== null && ((floor !== null && score < floor) || (ceiling !== null && score > ceiling));
    });
  switch (state) {
    case 'errored':
      return isErrored;
    case 'unscored':
      return (row) => candidate.trials[row] > 0 && !scored(row);
    case 'failed':
      return (row) => isErrored(row) || anyBelow(row);
    case 'passed':
      return (row) => scored(row) && !isErrored(row) && !anyBelow(row);
    case 'changed':
      return (row) => changed[row] === 1;
    case 'regressed':
      return (row) => (regression(index, row) ?? 0) < 0;
    case 'improved':
      return (row) => index.scorers.some((_, scorer) => (gain(index, scorer, row) ?? 0) > 0);
    case 'disagreeing':
      return (row) =>
        [baseline, candidate].some((side) => side?.spread.some((spread) => (spread[row] ?? 0) > 0) ?? false);
    case 'unpaired':
      return (row) => baseline !== null && (baseline.trials[row] === 0 || candidate.trials[row] === 0);
  }
}

function scoreTest(term: Extract<Term, { kind: 'score' }>, index: Index): OnRow {
  const scorer = index.scorers.findIndex(({ name }) => name === term.scorer);
  const value = (row: number): number | null => {
    const { baseline, candidate } = index.rows;
    const [before, after] = [baseline?.scores[scorer][row] ?? null, candidate.scores[scorer][row]];
    if (term.whose === 'baseline') return before;
    if (term.whose === 'candidate') return after;
    if (term.whose === 'delta') return before === null || after === null ? null : after - before;
    const gained = gain(index, scorer, row);
    return gained === null ? null : -gained;
  };
  return (row) => holds(value(row), term.operator, term.value);
}

function quantityOf(rows: Rows, whose: Whose, quantity: Quantity): (number | null)[] | undefined {
  const side: Side | null = rows[whose];
  const column = { latency: 'latencyMs', cost: 'costUsd', tokens: 'tokens', trials: 'trials' } as const;
  return side?.[column[quantity]];
}

/** A value that was not measured meets no condition. */
function holds(value: number | null, operator: Operator, limit: number): boolean {
  if (value === null) return false;
  const difference = Math.abs(value - limit) < 1e-9 ? 0 : value - limit;
  switch (operator) {
    case '<':
      return difference < 0;
    case '<=':
      return difference <= 0;
    case '>':
      return difference > 0;
    case '>=':
      return difference >= 0;
    case '=':
      return difference === 0;
    case '!=':
      return difference !== 0;
  }
}

function metadataHolds(metadata: unknown, path: string[], operator: Operator, wanted: string): boolean {
  const found = path.reduce<unknown>(
    (at, name) => (isRecord(at) && Object.hasOwn(at, name) ? at[name] : undefined),
    metadata,
  );
  if (found === undefined) return false;
  if (Array.isArray(found)) return found.some((one) => metadataHolds({ one }, ['one'], operator, wanted));
  if (typeof found === 'number' && wanted.trim() !== '' && !Number.isNaN(Number(wanted))) {
    return holds(found, operator, Number(wanted));
  }
  if (operator === '=') return String(found) === wanted;
  return operator === '!=' && String(found) !== wanted;
}

/** Returns the name of a group of failures in a filter. */
export function failureName({ scorer, message }: FailureGroup): string {
  const by = scorer ?? 'error';
  return message === null ? by : `${by}: ${message}`;
}

function failureTest(name: string, index: Index): OnRow {
  const groups = index.failures.map((group, at) => (failureName(group) === name ? index.rows.failures[at] : []));
  const rows = new Set(groups.flat());
  return (row) => rows.has(row);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function trialsOf(body: Body): Trial[] {
  return [...body.baseline, ...body.candidate];
}

function textsOf(body: Body, field: TextField, role?: string): string[] {
  const trials = trialsOf(body);
  const texts: Record<Exclude<TextField, 'anywhere'>, () => unknown[]> = {
    key: () => [body.key],
    input: () => [body.input],
    expected: () => [body.expected],
    output: () => trials.map((trial) => trial.output),
    error: () => trials.map((trial) => trial.error),
    reason: () => trials.flatMap((trial) => trial.scores.map((one) => one.reason)),
    messages: () =>
      trials
        .flatMap(({ turns }) => turns)
        .filter((turn) => role === undefined || turn.role === role)
        .map(({ content }) => content),
  };
  const wanted = field === 'anywhere' ? Object.values(texts) : [texts[field]];
  return wanted
    .flatMap((read) => read())
    .filter((value) => value !== null && value !== undefined)
    .map(plain);
}

/** A value as text: a string unchanged, anything else as JSON. */
export function plain(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}
