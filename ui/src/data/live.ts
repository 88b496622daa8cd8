/** The page of a server: it is asked for the rows that are in sight, never for a whole run. */

import type { ChartData } from '../charts/data.ts';
import type { Order } from '../table/engine.ts';
import type { Body, Head, RunRow } from './format.ts';
import type { Page, Pair, RowView, Selection, Source } from './source.ts';

/** Rows asked for at once. */
const PAGE_SIZE = 200;

export class LiveSource implements Source {
  readonly isLive = true;

  async open(pair: Pair): Promise<Page> {
    const query = new URLSearchParams();
    if (pair.candidate !== null) query.set('run', pair.candidate);
    if (pair.baseline !== null) query.set('baseline', pair.baseline);
    const { head, charts, count } = await ask<{ head: Head; charts: ChartData; count: number }>('page', query);
    return new LivePage(head, charts, count);
  }

  runs(search: string): Promise<RunRow[]> {
    return ask('runs', new URLSearchParams(search === '' ? {} : { search }));
  }

  onChange(changed: () => void): () => void {
    const events = new EventSource('api/events');
    events.addEventListener('change', changed);
    return () => events.close();
  }
}

class LivePage implements Page {
  readonly head: Head;
  readonly charts: () => ChartData;
  readonly count: number;

  constructor(head: Head, charts: ChartData, count: number) {
    this.head = head;
    this.charts = () => charts;
    this.count = count;
  }

  async select(query: string, order: Order, _: (part: number) => void, signal: AbortSignal): Promise<Selection> {
    const asked = this.#pair({ q: query, sort: (order.descending ? '-' : '') + order.by });
    const { total, problems } = await ask<{ total: number; problems: string[] }>('select', asked, signal);
    return new Chosen(this, asked, total, problems);
  }

  view(row: number): Promise<RowView> {
    return ask('view', this.#pair({ row: String(row) }));
  }

  body(row: number): Promise<Body | null> {
    return ask('body', this.#pair({ row: String(row) }));
  }

  #pair(fields: Record<string, string>): URLSearchParams {
    const query = new URLSearchParams({ run: this.head.candidate.id, ...fields });
    if (this.head.baseline !== null) query.set('baseline', this.head.baseline.id);
    return query;
  }
}

class Chosen implements Selection {
  readonly total: number;
  readonly problems: string[];
  readonly #page: Page;
  readonly #query: URLSearchParams;

  constructor(page: Page, query: URLSearchParams, total: number, problems: string[]) {
    this.total = total;
    this.problems = problems;
    this.#page = page;
    this.#query = query;
  }

  window(from: number, to: number): Promise<RowView[]> {
    return ask('rows', this.#with({ from, to }));
  }

  place(row: number): Promise<number> {
    return ask('place', this.#with({ row }));
  }

  async *each(): AsyncGenerator<{ view: RowView; body: Body | null }> {
    for (let from = 0; from < this.total; from += PAGE_SIZE) {
      for (const view of await this.window(from, from + PAGE_SIZE)) {
        yield { view, body: await this.#page.body(view.row) };
      }
    }
  }

  #with(fields: Record<string, number>): URLSearchParams {
    const query = new URLSearchParams(this.#query);
    for (const [name, value] of Object.entries(fields)) query.set(name, String(value));
    return query;
  }
}

async function ask<T>(what: string, query: URLSearchParams, signal?: AbortSignal): Promise<T> {
  const response = await fetch(`api/${what}?${query}`, { signal, headers: { accept: 'application/json' } });
  const answer = (await response.json()) as T & { error?: string };
  if (!response.ok) throw new Error(answer.error ?? `the server answered ${response.status}`);
  return answer;
}
