/** The columns of the table of cases. */

import type { ComponentChildren } from 'preact';
import type { Head } from '../data/format.ts';
import type { RowView } from '../data/source.ts';
import { count, delta, dollars, milliseconds, score } from '../numbers.ts';
import { visible } from './text.tsx';

export interface Column {
  name: string;
  meaning: string;
  /** Width in rem. */
  width: number;
  kind: 'text' | 'number';
  /** The sort order of the column, `null` if it cannot be sorted. */
  by: string | null;
  cell: (view: RowView, open: () => void, isOpen: boolean) => ComponentChildren;
}

export function columnsOf(head: Head): Column[] {
  const isPair = head.baseline !== null;
  return [caseColumn, ...head.scorers.flatMap((_, at) => scorerColumns(head, at, isPair)), ...measured];
}

/** The column widths in CSS: the first takes the remaining width. */
export function templateOf([first, ...others]: Column[]): { columns: string; least: string } {
  const sum = others.reduce((total, { width }) => total + width, first.width);
  return {
    columns: `minmax(${first.width}rem, 1fr) ${others.map(({ width }) => `${width}rem`).join(' ')}`,
    least: `${sum}rem`,
  };
}

const caseColumn: Column = {
  name: 'Case',
  meaning: 'The key of the case, or its number, and the beginning of its input.',
  width: 15,
  kind: 'text',
  by: 'case',
  cell: (view, open, isOpen) => (
    <button
      type="button"
      class="case"
      aria-expanded={isOpen}
      onClick={(event) => {
        event.stopPropagation();
        open();
      }}
    >
      {view.candidate.errored > 0 && (
        <span
          class="mark"
          title={`${count(view.candidate.errored)} of ${count(view.candidate.trials)} trials ended in an error`}
        >
          error
        </span>
      )}
      {view.candidate.trials === 0 && <span class="mark">only in the baseline</span>}
      {view.baseline?.trials === 0 && <span class="mark">only in the candidate</span>}
      <b>{visible(view.label)}</b> <small>{visible(view.preview)}</small>
    </button>
  ),
};

function scorerColumns(head: Head, at: number, isPair: boolean): Column[] {
  const { name } = head.scorers[at];
  const own: Column = {
    name: visible(name),
    meaning: isPair
      ? `${name}: baseline → candidate; ± is the spread of the trials`
      : `${name}; ± is the spread of the trials`,
    width: isPair ? 10.5 : 7,
    kind: 'number',
    by: `score:${name}`,
    cell: ({ baseline, candidate }) => (
      <>
        {isPair && <small>{`${cellOf(baseline, at)} → `}</small>}
        {cellOf(candidate, at)}
      </>
    ),
  };
  if (!isPair) return [own];
  const gained: Column = {
    name: `Δ ${visible(name)}`,
    meaning: `How much better (+) or worse (−) ${name} is in the candidate`,
    width: 6,
    kind: 'number',
    by: `delta:${name}`,
    cell: ({ gains }) => {
      const gain = gains[at];
      return <span class={gain === null || gain === 0 ? 'quiet' : gain > 0 ? 'good' : 'bad'}>{delta(gain)}</span>;
    },
  };
  return [own, gained];
}

function cellOf(side: RowView['baseline'], at: number): string {
  if (side === null) return '–';
  const spread = side.spread[at];
  return score(side.scores[at]) + (spread === null || spread === 0 ? '' : ` ± ${score(spread / 2)}`);
}

const measured: Column[] = [
  {
    name: 'Latency',
    meaning: 'Mean latency of the trials in the candidate',
    width: 6,
    kind: 'number',
    by: 'latency',
    cell: ({ candidate }) => milliseconds(candidate.latencyMs),
  },
  {
    name: 'Tokens',
    meaning: 'Tokens, in and out, of the trials in the candidate',
    width: 6,
    kind: 'number',
    by: 'tokens',
    cell: ({ candidate }) => count(candidate.tokens),
  },
  {
    name: 'Cost',
    meaning: 'Cost of the trials in the candidate',
    width: 7,
    kind: 'number',
    by: 'cost',
    cell: ({ candidate }) => dollars(candidate.costUsd),
  },
];
