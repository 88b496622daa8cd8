/** Filters and sorts rows: in the page for a file, on the server for a store. */

import type { Body, Head, Index, Side } from '../data/format.ts';
import { gain, type OnRow, onBody, onRow, regression } from './predicates.ts';
import { parseQuery, type Term } from './query.ts';
import { BY_STATE, usual } from './usual.ts';

export interface Order {
  /** Empty for the default, or `case`, `output`, `regression`, `latency`, `cost`, `tokens`, `score:NAME` or `delta:NAME`. */
  by: string;
  descending: boolean;
}

export const DEFAULT_ORDER: Order = { by: '', descending: false };

/** The most cases of a run that is sorted without being asked to. */
const MOST_SORTED = 100_000;

/** Whether the default order begins with what got worse, or failed; otherwise it is that of the cases, as of runs that grow. */
export function isWorstFirst({ baseline, candidate }: Head): boolean {
  return candidate.cases <= MOST_SORTED && baseline?.status !== 'running' && candidate.status !== 'running';
}

/** Number of rows by usual filter, as text. */
export type Counts = Record<string, number>;

/**
 * Counts the rows of the usual filters, none of which reads a body. A filter by what changed counts 0 where one before it has the
 * same rows, such as "right, now wrong" after "worse".
 */
export function countsOf(index: Index): Counts {
  const names = index.scorers.map(({ name }) => name);
  const order = { by: 'case', descending: false };
  const known: number[][] = [];
  const counted = usual(index).map(([, filter], at) => {
    const rows = select(index, parseQuery(filter, names).any, order);
    const isKnown = known.some((one) => one.length === rows.length && one.every((row, at) => row === rows[at]));
    if (at >= BY_STATE.length) known.push(rows);
    return [filter, isKnown ? 0 : rows.length];
  });
  return Object.fromEntries(counted);
}

/** Reads the bodies of these rows, in any order. */
export type ReadBodies = (rows: number[]) => AsyncIterable<{ row: number; body: Body | null }>;

/** Returns, in order, the rows that may meet the terms of a group, as far as they need no body. */
export function select(index: Index, any: readonly Term[][], order: Order): number[] {
  const groups = any.map((terms) => rowTest(index, terms));
  const rows: number[] = [];
  for (let row = 0; row < index.rows.count; row++) {
    if (groups.some((test) => test(row))) rows.push(row);
  }
  return sorted(index, rows, order);
}

function rowTest(index: Index, terms: readonly Term[]): OnRow {
  const tests = terms.map((term) => onRow(term, index)).filter((test) => test !== null);
  return (row) => tests.every((test) => test(row));
}

/** Tests a row with its body, which is `null` if its texts were left out. */
export type OnBoth = (body: Body | null, row: number) => boolean;

/** Returns the test of all terms; `null` if none needs a body. */
export function bodyTest(index: Index, any: readonly Term[][]): OnBoth | null {
  const groups = any.map((terms) => {
    const bodyTests = terms.filter((term) => onRow(term, index) === null).map(onBody);
    return { isOnRow: rowTest(index, terms), bodyTests };
  });
  if (groups.every(({ bodyTests }) => bodyTests.length === 0)) return null;
  return (body, row) =>
    groups.some(({ isOnRow, bodyTests }) => isOnRow(row) && bodyTests.every((test) => body !== null && test(body)));
}

/** Returns the rows whose bodies pass, in the given order. */
export async function searched(rows: number[], test: OnBoth, read: ReadBodies): Promise<number[]> {
  const passed = new Set<number>();
  for await (const { row, body } of read(rows)) {
    if (test(body, row)) passed.add(row);
  }
  return rows.filter((row) => passed.has(row));
}

/** Rows without a value come last in both directions; equal rows keep the order of the cases. */
function sorted(index: Index, rows: number[], order: Order): number[] {
  const value = keyOf(index, order.by);
  if (value === null) return order.descending ? rows.reverse() : rows;
  const keys = new Float64Array(index.rows.count);
  const direction = order.descending ? -1 : 1;
  // A stable order keeps equals, and the last are those without a value.
  for (const row of rows) keys[row] = direction * (value(row) ?? direction * Number.POSITIVE_INFINITY);
  return rows.sort((a, b) => (keys[a] === keys[b] ? 0 : keys[a] - keys[b]));
}

function keyOf(index: Index, by: string): ((row: number) => number | null) | null {
  const { candidate } = index.rows;
  if (by === '' && !isWorstFirst(index)) return null;
  if (by === 'regression' || (by === '' && index.baseline !== null)) return (row) => regression(index, row);
  if (by === '') {
    const isFailed = onRow({ kind: 'state', state: 'failed' }, index);
    return (row) => (isFailed?.(row) ? 0 : 1);
  }
  if (by === 'output') return alphabetical(index.rows.output);
  const [kind, name] = split(by);
  const scorer = index.scorers.findIndex((one) => one.name === name);
  if (kind === 'score' && scorer >= 0) return (row) => candidate.scores[scorer][row];
  if (kind === 'delta' && scorer >= 0) return (row) => gain(index, scorer, row);
  const columns: Record<string, keyof Pick<Side, 'latencyMs' | 'costUsd' | 'tokens'>> = {
    latency: 'latencyMs',
    cost: 'costUsd',
    tokens: 'tokens',
  };
  const column = Object.hasOwn(columns, by) ? columns[by] : undefined;
  return column === undefined ? null : (row) => candidate[column][row];
}

/** The place of each text among all, so that equal ones stand together. */
function alphabetical(texts: string[]): (row: number) => number | null {
  const ranks = new Map([...new Set(texts)].sort().map((text, rank) => [text, rank]));
  return (row) => (texts[row] === '' ? null : (ranks.get(texts[row]) ?? null));
}

function split(by: string): [string, string] {
  const at = by.indexOf(':');
  return at < 0 ? [by, ''] : [by.slice(0, at), by.slice(at + 1)];
}
