/** The page of a server, which requests only the visible rows, never a whole run. */

import type { ChartData } from '../charts/data.ts';
import { sortOf } from '../state.ts';
import type { Counts, Order } from '../table/engine.ts';
import type { Body, Head, HistoryPoint, ListedRuns, RunFigures, SuiteName } from './format.ts';
import type { Annotation, JudgeForm, Page, Pair, RowView, Runs, Selection, Source } from './source.ts';

/** Number of rows per request. */
const PAGE_SIZE = 200;
/** Interval after which the page reconnects to the events. */
const RETRY_MS = 2000;
/** How often the page asks how far a search is. */
const PROGRESS_MS = 1000;
const TOKEN = 'token';

export class LiveSource implements Source {
  readonly #form: JudgeForm;
  readonly runs: Runs = {
    suites: () => ask<SuiteName[]>('suites', {}),
    list: (search, suite, cursor) => ask<ListedRuns>('runs', { search, suite, cursor: cursor ?? '' }),
    figures: (run) => ask<RunFigures | null>('figures', { run }),
    canWrite,
    setBaseline: (suite, run) => post('baseline', { suite, run }),
  };

  constructor(form: JudgeForm) {
    this.#form = form;
  }

  async open({ candidate, baseline }: Pair, isAgain: boolean): Promise<Page> {
    const pair: Record<string, string> = candidate === null ? {} : { run: candidate };
    if (baseline !== null) pair.baseline = baseline;
    if (isAgain) pair.whole = '1';
    return new LivePage(await ask<Opened>('page', pair), this.#form);
  }

  /** Reads the events of the server; `EventSource` cannot send the token. */
  onChange(changed: () => void): () => void {
    const aborter = new AbortController();
    const follow = async () => {
      const response = await request('events', {}, { signal: aborter.signal });
      const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
      for (let part = await reader?.read(); part !== undefined && !part.done; part = await reader?.read()) {
        if (part.value.includes('event: change')) changed();
      }
    };
    const goOn = () => {
      if (!aborter.signal.aborted) setTimeout(() => follow().then(goOn, goOn), RETRY_MS);
    };
    follow().then(goOn, goOn);
    return () => aborter.abort();
  }
}

interface Opened {
  head: Head;
  /** `null` as long as only the first rows are there. */
  counts: Counts | null;
  count: number;
  /** The version of the store when it was read: an open page does not change while a run grows. */
  version: string;
}

class LivePage implements Page {
  readonly head: Head;
  readonly counts: Counts | null;
  readonly count: number;
  readonly judge: Page['judge'];
  readonly whole: Page['whole'];
  onAnnotated = () => {};
  readonly #version: string;

  constructor({ head, counts, count, version }: Opened, Form: JudgeForm) {
    this.head = head;
    const whole = async () => new LivePage(await ask<Opened>('page', this.#pair({ whole: '1' })), Form);
    this.whole = counts === null ? whole : null;
    this.judge = canWrite() ? { Form, annotate: (one) => this.#annotate(one) } : null;
    this.counts = counts;
    this.count = count;
    this.#version = version;
  }

  async select(
    query: string,
    order: Order,
    onProgress: (part: number) => void,
    signal: AbortSignal,
  ): Promise<Selection> {
    const asked = this.#pair({ q: query, sort: sortOf(order) });
    const progress = () => ask<number>('progress', asked, signal).then(onProgress, () => {});
    const timer = setInterval(progress, PROGRESS_MS);
    try {
      const { total, problems } = await ask<{ total: number; problems: string[] }>('select', asked, signal);
      return new Chosen(this, asked, total, problems);
    } finally {
      clearInterval(timer);
    }
  }

  charts(scorer: number): Promise<ChartData> {
    return ask('charts', this.#pair({ scorer: String(scorer) }));
  }

  history(): Promise<HistoryPoint[]> {
    return ask('history', { suite: this.head.suite.id });
  }

  view(row: number): Promise<RowView> {
    return ask('view', this.#pair({ row: String(row) }));
  }

  body(row: number): Promise<Body | null> {
    return ask('body', this.#pair({ row: String(row) }));
  }

  async #annotate(annotation: Annotation): Promise<void> {
    await post('annotations', { annotations: [annotation] });
    this.onAnnotated();
  }

  #pair(fields: Record<string, string>): Record<string, string> {
    const { candidate, baseline } = this.head;
    const pair: Record<string, string> = { run: candidate.id, version: this.#version, ...fields };
    if (baseline !== null) pair.baseline = baseline.id;
    return pair;
  }
}

class Chosen implements Selection {
  readonly total: number;
  readonly problems: string[];
  readonly #page: Page;
  readonly #query: Record<string, string>;

  constructor(page: Page, query: Record<string, string>, total: number, problems: string[]) {
    this.total = total;
    this.problems = problems;
    this.#page = page;
    this.#query = query;
  }

  window(from: number, to: number): Promise<RowView[]> {
    return ask('rows', { ...this.#query, from: String(from), to: String(to) });
  }

  place(row: number): Promise<number> {
    return ask('place', { ...this.#query, row: String(row) });
  }

  async *each(): AsyncGenerator<{ view: RowView; body: Body | null }> {
    for (let from = 0; from < this.total; from += PAGE_SIZE) {
      for (const view of await this.window(from, from + PAGE_SIZE)) {
        yield { view, body: await this.#page.body(view.row) };
      }
    }
  }
}

/** Archives and folders of run files report that they are read-only. */
function canWrite(): boolean {
  return token() !== null && document.querySelector('meta[name=runstore-read-only]') === null;
}

/** The token is part of the printed address; it is kept in this tab and removed from the address. */
function token(): string | null {
  try {
    const query = new URLSearchParams(location.search);
    const given = query.get(TOKEN);
    if (given !== null) {
      sessionStorage.setItem(TOKEN, given);
      history.replaceState(null, '', location.pathname + location.hash);
    }
    return sessionStorage.getItem(TOKEN);
  } catch {
    return null;
  }
}

async function request(what: string, query: Record<string, string>, init: RequestInit = {}): Promise<Response> {
  const known = token();
  const headers = { ...init.headers, ...(known === null ? {} : { authorization: `Bearer ${known}` }) };
  const response = await fetch(`api/${what}?${new URLSearchParams(query)}`, { ...init, headers });
  if (response.ok) return response;
  const answer: { error?: string } = await response.json().catch(() => ({}));
  throw new Error(answer.error ?? `the server answered ${response.status}`);
}

async function ask<T>(what: string, query: Record<string, string>, signal?: AbortSignal): Promise<T> {
  return (await request(what, query, { signal })).json();
}

async function post(what: string, body: unknown): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  await request(what, {}, { method: 'POST', headers, body: JSON.stringify(body) });
}
