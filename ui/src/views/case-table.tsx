/** The table of cases. Only the visible rows are in the document, so that 50,000 scroll like fifty. */

import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Page, RowView, Selection } from '../data/source.ts';
import { type Change, START, toHash, type ViewState } from '../state.ts';
import { inOrder } from '../table/deciding.ts';
import type { Order } from '../table/engine.ts';
import { CaseBody } from './case-body.tsx';
import { type Column, columnsOf, templateOf } from './columns.tsx';
import { ExportButtons } from './export-buttons.tsx';
import { FilterBar } from './filter-bar.tsx';
import { HeadCell, useWidths } from './head-cell.tsx';
import { useLate } from './late.ts';
import { visible } from './text.tsx';
import { useKey } from './use-key.ts';

/** Number of scorers that have columns by default: thousands of cells do not scroll well. */
const MOST_SCORERS = 12;
const ROW_HEIGHT = 34;
/** More rows than the tallest table shows. */
const VISIBLE_ROWS = 26;
/** How often the progress of a search is updated. */
const SEARCHING_MS = 200;
/** Rows rendered above and below the visible ones. */
const MARGIN_ROWS = 12;

interface Props {
  page: Page;
  state: ViewState;
  change: Change;
}

export function CaseTable({ page, state, change }: Props) {
  const { selection, progress } = useSelection(page, state.query, state.order);
  const all = page.whole === null ? page.count : null;
  const { scorers } = page.head;
  const [isAll, showAll] = useState(false);
  const columns = useMemo(() => {
    const places = inOrder(page.head).map((scorer) => scorers.indexOf(scorer));
    return columnsOf(page.head, isAll ? places : places.slice(0, MOST_SCORERS));
  }, [page, isAll]);
  const step = useStep(selection, state.row, change);
  useKey('j', () => step(1));
  useKey('k', () => step(-1));
  useKey('e', () => (state.row === null ? step(1) : change({ row: null })));
  return (
    <section class="cases" aria-label="Cases">
      <div class="title-line">
        <h2>Cases</h2>
        {scorers.length > MOST_SCORERS && (
          <button type="button" aria-pressed={isAll} onClick={() => showAll(!isAll)}>
            {`Columns for all ${scorers.length} scorers`}
          </button>
        )}
        <ExportButtons page={page} selection={page.whole === null ? selection : null} />
      </div>
      <FilterBar
        head={page.head}
        counts={page.counts}
        query={state.query}
        chosen={selection?.total ?? null}
        all={all}
        problems={selection?.problems ?? []}
        progress={progress}
        order={state.order}
        onQuery={(query) => change({ query })}
        onOrder={(order) => change({ order })}
      />
      <div class={state.row === null ? 'split' : 'split open'}>
        <Grid all={page.count} selection={selection} columns={columns} state={state} change={change} />
        {state.row !== null && (
          <Detail key={state.row} page={page} state={state} row={state.row} change={change} step={step} />
        )}
      </div>
    </section>
  );
}

/** The selected rows, the previous ones until they are there; and the share that has been searched if it takes long. */
function useSelection(
  page: Page,
  query: string,
  order: Order,
): { selection: Selection | null; progress: number | null } {
  const [selection, setSelection] = useState<Selection | null>(null);
  const [progress, setProgress] = useState<number | null>(null);
  const { by, descending } = order;
  useEffect(() => {
    const aborter = new AbortController();
    const unlessAborted = (act: () => void) => !aborter.signal.aborted && act();
    let part = 0;
    const timer = setInterval(() => setProgress(part), SEARCHING_MS);
    const finish = (found: Selection | null) => {
      clearInterval(timer);
      setProgress(null);
      if (found !== null) setSelection(found);
    };
    const onProgress = (searched: number) => {
      part = searched;
    };
    page.select(query, { by, descending }, onProgress, aborter.signal).then(
      (found) => unlessAborted(() => finish(found)),
      () => unlessAborted(() => finish(null)),
    );
    return () => {
      clearInterval(timer);
      aborter.abort();
    };
  }, [page, query, by, descending]);
  return { selection, progress };
}

/** Opens the next or the previous matching case. */
function useStep(selection: Selection | null, row: number | null, change: Change): (by: number) => void {
  return useCallback(
    async (by: number) => {
      if (selection === null || selection.total === 0) return;
      const place = row === null ? -1 : await selection.place(row);
      const next = Math.max(0, Math.min(selection.total - 1, place + by));
      const [view] = await selection.window(next, next + 1);
      if (view !== undefined) change({ row: view.row });
    },
    [selection, row, change],
  );
}

interface GridProps {
  /** Number of all rows of the page. */
  all: number;
  selection: Selection | null;
  columns: Column[];
  state: ViewState;
  change: Change;
}

function Grid({ all, selection, columns, state, change }: GridProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const total = selection?.total ?? 0;
  const from = Math.max(0, Math.floor(top / ROW_HEIGHT) - MARGIN_ROWS);
  const views = useWindow(selection, from, Math.min(total, from + VISIBLE_ROWS + 2 * MARGIN_ROWS));
  // When rows are added, the scroll position stays; a new query starts at the top.
  useEffect(() => scroller.current?.scrollTo({ top: 0 }), [state.query, state.order.by, state.order.descending]);
  useScrollTo(scroller, selection, state.row);
  const [widths, resize] = useWidths();
  const { columns: template, least } = templateOf(columns, widths);
  const style = { '--columns': template, '--least': least };
  return (
    <div
      class="scroll grid"
      style={{ '--all': `${(Math.max(2, all) + 1) * ROW_HEIGHT + 4}px` }}
      ref={scroller}
      onScroll={(event) => setTop(event.currentTarget.scrollTop)}
      tabIndex={0}
      role="region"
      aria-label="Table of cases"
    >
      <div role="table" aria-label="Cases" aria-rowcount={total + 1} style={style}>
        <div role="rowgroup" class="head">
          <div role="row" class="row">
            {columns.map((column, at) => (
              <HeadCell key={at} column={column} order={state.order} change={change} resize={resize} />
            ))}
          </div>
        </div>
        <div role="rowgroup" class="body" style={{ '--height': `${total * ROW_HEIGHT}px` }}>
          {views.map((view, at) => {
            const isOpen = view.row === state.row;
            const open = () => change({ row: isOpen ? null : view.row });
            return <Row key={view.row} view={view} place={from + at} columns={columns} isOpen={isOpen} onOpen={open} />;
          })}
        </div>
      </div>
      {selection !== null && total === 0 && (
        <p class="missing">{all === 0 ? 'There are no cases.' : 'No case matches the filter.'}</p>
      )}
    </div>
  );
}

/** The rows of a window. Rows of a server arrive later; the old ones stay until then. */
function useWindow(selection: Selection | null, from: number, to: number): RowView[] {
  const now = useMemo(() => selection?.window(from, to) ?? [], [selection, from, to]);
  const late = useLate(async () => now, [now]);
  return Array.isArray(now) ? now : (late ?? []);
}

function useScrollTo(scroller: { current: HTMLDivElement | null }, selection: Selection | null, row: number | null) {
  useEffect(() => {
    if (selection === null || row === null) return;
    Promise.resolve(selection.place(row))
      .then((place) => {
        const element = scroller.current;
        if (element === null || place < 0) return;
        const [above, below] = [place * ROW_HEIGHT, (place + 2) * ROW_HEIGHT];
        if (above < element.scrollTop) element.scrollTop = above;
        else if (below > element.scrollTop + element.clientHeight) element.scrollTop = below - element.clientHeight;
      })
      .catch(() => {});
  }, [scroller, selection, row]);
}

interface RowProps {
  view: RowView;
  place: number;
  columns: Column[];
  isOpen: boolean;
  onOpen: () => void;
}

function Row({ view, place, columns, isOpen, onOpen }: RowProps) {
  const isUnpaired = view.baseline !== null && (view.baseline.trials === 0 || view.candidate.trials === 0);
  const kind = `row${isOpen ? ' chosen' : ''}${isUnpaired ? ' unpaired' : ''}`;
  return (
    <div role="row" class={kind} aria-rowindex={place + 2} style={{ top: `${place * ROW_HEIGHT}px` }} onClick={onOpen}>
      {columns.map((column, at) => (
        <div role="cell" key={at} class={column.kind} title={column.meaning}>
          {column.cell(view, onOpen, isOpen)}
        </div>
      ))}
    </div>
  );
}

interface DetailProps {
  page: Page;
  state: ViewState;
  row: number;
  change: Change;
  step: (by: number) => void;
}

function Detail({ page, state, row, change, step }: DetailProps) {
  const place = useRef<HTMLElement>(null);
  // The case is opened even if it does not match the filter: a link to it always works.
  const found = useLate(async () => ({ view: await page.view(row), body: await page.body(row) }), [page, row]);
  // A link to a case, a key or a phone may open it out of sight.
  useEffect(() => place.current?.scrollIntoView({ block: 'nearest' }), [found !== null]);
  return (
    <article class="detail" aria-label="The case that is open" ref={place}>
      <div class="title-line">
        <h3>{found === null ? '…' : visible(found.view.label)}</h3>
        <a href={toHash({ ...state, query: '', order: START.order, row })} title="The address of this case">
          Link to this case
        </a>
        <button type="button" onClick={() => step(-1)} title="Previous case (k)">
          ↑<span class="hidden"> Previous case</span>
        </button>
        <button type="button" onClick={() => step(1)} title="Next case (j)">
          ↓<span class="hidden"> Next case</span>
        </button>
        <button type="button" onClick={() => change({ row: null })} title="Close (e)">
          Close
        </button>
      </div>
      {found !== null && <CaseBody page={page} view={found.view} body={found.body} />}
    </article>
  );
}
