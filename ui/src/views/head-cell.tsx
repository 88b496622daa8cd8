/** The head of a column of the case table: sorts by it, and changes its width. */

import { useRef, useState } from 'preact/hooks';
import type { Change } from '../state.ts';
import { store, stored } from '../storage.ts';
import type { Order } from '../table/engine.ts';
import type { Column, Widths } from './columns.tsx';

const KEY = 'widths';
/** In rem. */
const [NARROWEST, WIDEST, STEP] = [3, 80, 1];

/** Sets the width of a column; `null` makes it the usual one. */
export type Resize = (cell: HTMLElement, column: string, width: number | null) => void;

/** The widths that the reader chose, which this browser keeps. */
export function useWidths(): [Widths, Resize] {
  const [widths, setWidths] = useState<Widths>(() => ({ ...(stored(KEY) as Widths | null) }));
  const resize: Resize = (cell, column, width) =>
    setWidths(({ [column]: _, ...before }) => {
      // The first column takes what remains. It keeps its width, so that the edge follows the pointer.
      const first = cell.parentElement?.firstElementChild as HTMLElement;
      const after = width === null ? before : { case: remOf(first), ...before, [column]: limited(width) };
      store(KEY, after);
      return after;
    });
  return [widths, resize];
}

interface Props {
  column: Column;
  order: Order;
  change: Change;
  resize: Resize;
}

export function HeadCell({ column: { by, kind, meaning, name }, order, change, resize }: Props) {
  const cell = useRef<HTMLDivElement>(null);
  const isSorted = order.by === by;
  const direction = !isSorted ? 'none' : order.descending ? 'descending' : 'ascending';
  const set = (width: number | null) => cell.current !== null && resize(cell.current, by, width);
  return (
    <div role="columnheader" class={kind} aria-sort={direction} title={meaning} ref={cell}>
      <button
        type="button"
        aria-keyshortcuts="ArrowLeft ArrowRight"
        onClick={() => change({ order: { by, descending: isSorted && !order.descending } })}
        onKeyDown={({ key }) => {
          const by = { ArrowLeft: -STEP, ArrowRight: STEP }[key];
          if (by !== undefined && cell.current !== null) set(remOf(cell.current) + by);
        }}
      >
        {name}
        <span aria-hidden="true">{isSorted ? (order.descending ? ' ↓' : ' ↑') : ''}</span>
      </button>
      <span
        class="handle"
        aria-hidden="true"
        title="Drag to change the width; double-click for the usual one"
        onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
        onPointerMove={({ currentTarget, pointerId, clientX }) => {
          if (cell.current === null || !currentTarget.hasPointerCapture(pointerId)) return;
          set((clientX - cell.current.getBoundingClientRect().left) / pixelsOfRem());
        }}
        onDblClick={() => set(null)}
      />
    </div>
  );
}

function limited(width: number): number {
  return Math.round(10 * Math.min(WIDEST, Math.max(NARROWEST, width))) / 10;
}

function remOf(cell: HTMLElement): number {
  return cell.offsetWidth / pixelsOfRem();
}

function pixelsOfRem(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
}
