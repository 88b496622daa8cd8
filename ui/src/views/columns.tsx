/** The columns of the table of cases. */

import type { ComponentChildren } from 'preact';
import type { Head } from '../data/format.ts';
import type { RowView } from '../data/source.ts';
import { count, delta, dollars, milliseconds, score } from '../numbers.ts';
import { meaning } from './meaning.ts';
import { visible } from './text.tsx';

export interface Column {
  name: string;
  meaning: string | undefined;
  /** Width in rem. */
  width: number;
  kind: 'text' | 'number';
  /** Its sort order, by which it is also known. */
  by: string;
  cell: (view: RowView, open: () => void, isOpen: boolean) => ComponentChildren;
}

const isPhone = () => innerWidth < 640;
/** As in `src/page/rows.rs`. */
const MOST_WITH_OUTPUTS = 100_000;

/** The columns of these scorers, by their places. */
export function columnsOf(head: Head, scorers: number[]): Column[] {
  const isPair = head.baseline !== null;
  // A phone has it beside the name of the case, and rows of large runs lack it.
  const isWithout = isPhone() || head.candidate.cases > MOST_WITH_OUTPUTS;
  const output = isWithout ? [] : [outputColumn(isPair)];
  return [caseColumn(), ...output, ...scorers.flatMap((at) => scorerColumns(head, at, isPair)), ...measured(head)];
}

/** Widths that the reader chose, in rem, by the sort order of their columns. */
export type Widths = Record<string, number>;

/** The column widths in CSS. The first column takes the remaining width, unless the reader chose one. */
export function templateOf(columns: Column[], chosen: Widths): { columns: string; least: string } {
  const widths = columns.map(({ by, width }) => chosen[by] ?? width);
  const isChosen = chosen[columns[0].by] !== undefined;
  // Never so wide that a phone shows nothing else.
  const first = isChosen ? `${widths[0]}rem` : `min(${widths[0]}rem, 54vw)`;
  const others = widths.slice(1);
  return {
    columns: [isChosen ? first : `minmax(${first}, 1fr)`, ...others.map((width) => `${width}rem`)].join(' '),
    least: `calc(${first} + ${others.reduce((total, width) => total + width, 0)}rem)`,
  };
}

const caseColumn = (): Column => ({
  name: 'Case',
  meaning: meaning('Case'),
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
      <b>{visible(view.label)}</b> <small>{visible((isPhone() && view.output) || view.preview)}</small>
    </button>
  ),
});

const outputColumn = (isPair: boolean): Column => ({
  name: 'Output',
  meaning: isPair ? 'The words that differ: baseline → candidate' : undefined,
  width: isPair ? 15 : 20,
  kind: 'text',
  by: 'output',
  cell: ({ candidate, output }) => <span class={candidate.errored > 0 ? 'bad' : 'quiet'}>{visible(output)}</span>,
});

function scorerColumns(head: Head, at: number, isPair: boolean): Column[] {
  const { name } = head.scorers[at];
  const own: Column = {
    name: visible(name),
    meaning: isPair
      ? `${name}: baseline → candidate; ± is the spread of the trials`
      : `${name}; ± is the spread of the trials`,
    width: isPhone() ? 6.5 : isPair ? 8 : 7,
    kind: 'number',
    by: `score:${name}`,
    cell: ({ baseline, candidate }) => beside(isPair, cellOf(baseline, at), cellOf(candidate, at)),
  };
  if (!isPair) return [own];
  const gained: Column = {
    name: 'Δ',
    meaning: `How much better (+) or worse (−) ${name} is in the candidate`,
    width: 4.5,
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

type Measure = [
  name: string,
  of: 'latencyMs' | 'tokens' | 'costUsd',
  write: (value: number | null) => string,
  width: number,
];

const MEASURED: Measure[] = [
  ['Latency', 'latencyMs', milliseconds, 8.5],
  ['Tokens', 'tokens', count, 5],
  ['Cost', 'costUsd', dollars, 9],
];

/** What neither run measured takes no room. */
function measured({ baseline, candidate }: Head): Column[] {
  const isPair = baseline !== null;
  const runs = [candidate, baseline].filter((run) => run !== null);
  const isThere = { latencyMs: 'latencyMs', tokens: 'tokensIn', costUsd: 'costUsd' } as const;
  return MEASURED.filter(([, of]) => runs.some((run) => run.errored === null || run[isThere[of]] !== null)).map(
    ([name, of, write, width]) => ({
      name,
      meaning: meaning(name),
      width: isPair ? width + 3 : width,
      kind: 'number',
      by: name.toLowerCase(),
      cell: ({ baseline, candidate }) => beside(isPair, write(baseline?.[of] ?? null), write(candidate[of])),
    }),
  );
}

function beside(isPair: boolean, before: string, after: string): ComponentChildren {
  return (
    <>
      {isPair && before !== after && <small>{`${before} → `}</small>}
      {after}
    </>
  );
}
