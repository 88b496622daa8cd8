/** The page of a file: compressed blocks inside the HTML, each decompressed on first use. */

import { chartsOf } from '../charts/data.ts';
import { bodyTest, type Counts, countsOf, type Order, searched, select } from '../table/engine.ts';
import { parseQuery } from '../table/query.ts';
import { type Body, FORMAT, type Head, type Index, VERSION } from './format.ts';
import type { Page, RowView, Selection, Source } from './source.ts';
import { viewOf } from './view.ts';

/** Rows in one block of bodies. The writer of the file uses the same number. */
export const ROWS_IN_BLOCK = 500;
/** Maximum number of decompressed blocks in memory; all of a large file would double its memory. */
const KEPT_BLOCKS = 8;

export class FileSource implements Source {
  readonly #document: Document;

  constructor(document: Document) {
    this.#document = document;
  }

  async open(): Promise<Page> {
    const index = (await this.#read('index')) as Index;
    if (index.format !== FORMAT || index.version !== VERSION)
      throw new Error('this file is of another version of runstore');
    return new FilePage(index, (block) => this.#read(`block-${block}`) as Promise<(Body | null)[]>);
  }

  onChange(): () => void {
    return () => {};
  }

  async #read(id: string): Promise<unknown> {
    const element = this.#whole(id) ?? (await this.#late(id));
    return JSON.parse(await inflated((element.textContent ?? '').trim()));
  }

  /** The element of a block once the browser has read it completely; the page shows its first rows before that. */
  #whole(id: string): Element | null {
    const element = this.#document.getElementById(`runstore-${id}`);
    return this.#document.readyState === 'loading' && element?.nextElementSibling === null ? null : element;
  }

  async #late(id: string): Promise<Element> {
    if (this.#document.readyState === 'loading') {
      await new Promise((resolve) => this.#document.addEventListener('DOMContentLoaded', resolve, { once: true }));
    }
    const element = this.#whole(id);
    if (element === null) throw new Error(`the file is not complete: it lacks the block "${id}"`);
    return element;
  }
}

async function inflated(base64: string): Promise<string> {
  const stream = new Blob([bytesOf(base64)]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Response(stream).text();
}

/** Browsers before 2025 lack `fromBase64`, which is many times as fast. */
function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  const native = (Uint8Array as { fromBase64?: (text: string) => Uint8Array<ArrayBuffer> }).fromBase64;
  if (native !== undefined) return native.call(Uint8Array, base64);
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
  return bytes;
}

class FilePage implements Page {
  readonly head: Head;
  readonly counts: Counts;
  readonly count: number;
  readonly whole = null;
  readonly judge = null;
  onAnnotated = () => {};
  readonly #index: Index;
  readonly #readBlock: (block: number) => Promise<(Body | null)[]>;
  readonly #blocks = new Map<number, Promise<(Body | null)[]>>();

  constructor(index: Index, readBlock: (block: number) => Promise<(Body | null)[]>) {
    this.head = index;
    this.counts = countsOf(index);
    this.count = index.rows.count;
    this.#index = index;
    this.#readBlock = readBlock;
  }

  async select(
    query: string,
    order: Order,
    onProgress: (part: number) => void,
    signal: AbortSignal,
  ): Promise<Selection> {
    const { any, problems } = parseQuery(
      query,
      this.#index.scorers.map(({ name }) => name),
    );
    let rows = select(this.#index, any, order);
    const test = bodyTest(this.#index, any);
    if (test !== null) rows = await searched(rows, test, (wanted) => this.#bodies(wanted, onProgress, signal));
    signal.throwIfAborted();
    return new Chosen(this, this.#index, rows, problems);
  }

  async charts(scorer: number) {
    return chartsOf(this.#index, scorer);
  }

  async history() {
    return this.head.history;
  }

  view(row: number): RowView {
    return viewOf(this.#index, row);
  }

  async body(row: number): Promise<Body | null> {
    const block = await this.#block(Math.floor(row / ROWS_IN_BLOCK));
    return block[row % ROWS_IN_BLOCK];
  }

  /** Reads bodies block by block, in the order of the file, so that each block is opened once. */
  async *#bodies(rows: number[], onProgress: (part: number) => void, signal: AbortSignal) {
    const ordered = [...rows].sort((a, b) => a - b);
    for (const [at, row] of ordered.entries()) {
      signal.throwIfAborted();
      if (at % ROWS_IN_BLOCK === 0) onProgress(at / ordered.length);
      yield { row, body: await this.body(row) };
    }
    onProgress(1);
  }

  #block(block: number): Promise<(Body | null)[]> {
    const known = this.#blocks.get(block) ?? this.#readBlock(block);
    this.#blocks.delete(block);
    this.#blocks.set(block, known);
    const [oldest] = this.#blocks.keys();
    if (this.#blocks.size > KEPT_BLOCKS) this.#blocks.delete(oldest);
    return known;
  }
}

class Chosen implements Selection {
  readonly total: number;
  readonly problems: string[];
  readonly #page: Page;
  readonly #index: Index;
  readonly #rows: number[];

  constructor(page: Page, index: Index, rows: number[], problems: string[]) {
    this.total = rows.length;
    this.problems = problems;
    this.#page = page;
    this.#index = index;
    this.#rows = rows;
  }

  window(from: number, to: number): RowView[] {
    return this.#rows.slice(from, to).map((row) => viewOf(this.#index, row));
  }

  place(row: number): number {
    return this.#rows.indexOf(row);
  }

  async *each(): AsyncGenerator<{ view: RowView; body: Body | null }> {
    for (const row of this.#rows) yield { view: viewOf(this.#index, row), body: await this.#page.body(row) };
  }
}
