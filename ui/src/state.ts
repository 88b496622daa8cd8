/** The state of the page, kept in its address: a link shows the same to others. */

import { DEFAULT_ORDER, type Order } from './table/engine.ts';

export interface ViewState {
  /** The filter, as text. */
  query: string;
  order: Order;
  /** The row whose case is open. */
  row: number | null;
  /** In the live page, the open runs. */
  candidate: string | null;
  baseline: string | null;
}

export type Change = (change: Partial<ViewState>) => void;

export const START: ViewState = { query: '', order: DEFAULT_ORDER, row: null, candidate: null, baseline: null };

export function toHash(state: ViewState): string {
  const fields = new URLSearchParams();
  if (state.candidate !== null) fields.set('run', state.candidate);
  if (state.baseline !== null) fields.set('baseline', state.baseline);
  if (state.query !== '') fields.set('q', state.query);
  const sort = sortOf(state.order);
  if (sort !== '') fields.set('sort', sort);
  if (state.row !== null) fields.set('case', String(state.row + 1));
  const text = fields.toString();
  return text === '' ? '' : `#${text}`;
}

export function fromHash(hash: string): ViewState {
  const fields = new URLSearchParams(hash.replace(/^#/, ''));
  const row = Number(fields.get('case') ?? Number.NaN);
  return {
    candidate: fields.get('run'),
    baseline: fields.get('baseline'),
    query: fields.get('q') ?? '',
    order: orderOf(fields.get('sort') ?? ''),
    row: Number.isInteger(row) && row > 0 ? row - 1 : null,
  };
}

/** The order as the address has it: the column, with `-` before it if it is descending. */
export function sortOf({ by, descending }: Order): string {
  return (descending ? '-' : '') + by;
}

export function orderOf(sort: string): Order {
  return { by: sort.replace(/^-/, ''), descending: sort.startsWith('-') };
}
