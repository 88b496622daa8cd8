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

export const START: ViewState = { query: '', order: DEFAULT_ORDER, row: null, candidate: null, baseline: null };

export function toHash(state: ViewState): string {
  const fields = new URLSearchParams();
  if (state.candidate !== null) fields.set('run', state.candidate);
  if (state.baseline !== null) fields.set('baseline', state.baseline);
  if (state.query !== '') fields.set('q', state.query);
  const { by, descending } = state.order;
  if (by !== DEFAULT_ORDER.by || descending) fields.set('sort', (descending ? '-' : '') + by);
  if (state.row !== null) fields.set('case', String(state.row + 1));
  const text = fields.toString();
  return text === '' ? '' : `#${text}`;
}

export function fromHash(hash: string): ViewState {
  const fields = new URLSearchParams(hash.replace(/^#/, ''));
  const sort = fields.get('sort') ?? DEFAULT_ORDER.by;
  const row = Number(fields.get('case') ?? Number.NaN);
  return {
    candidate: fields.get('run'),
    baseline: fields.get('baseline'),
    query: fields.get('q') ?? '',
    order: { by: sort.replace(/^-/, ''), descending: sort.startsWith('-') },
    row: Number.isInteger(row) && row > 0 ? row - 1 : null,
  };
}
