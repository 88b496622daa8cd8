/** All scorers of a suite beside its runs: the colour of a cell says how far it is below the best run before it. */

import { useState } from 'preact/hooks';
import type { HistoryPoint } from '../data/format.ts';
import { count, decimals, delta, interval, score, time } from '../numbers.ts';
import { type Heading, Table } from '../views/table.tsx';
import { visible } from '../views/text.tsx';
import { type HeatRow, heatRows } from './data.ts';

/** Scorers that are shown at first, and runs. */
const [MOST_SCORERS, MOST_RUNS] = [15, 20];
/** A smaller loss never has the strongest colour. */
const LEAST = 0.1;
/** The share of the strongest colour: the text stays readable. */
const STRONGEST = 45;

interface Props {
  /** Oldest first. */
  points: HistoryPoint[];
  lowerIsBetter: readonly string[];
  onOpen?: (run: string) => void;
}

/** A table already, so there is none behind it. */
export function HeatMap({ points, lowerIsBetter, onOpen }: Props) {
  const [isAll, showAll] = useState(false);
  const runs = points.slice(-MOST_RUNS);
  const rows = heatRows(runs, lowerIsBetter);
  if (runs.length < 3 || rows.length < 2) return null;
  const most = Math.max(LEAST, ...rows.flatMap(({ losses }) => losses.map((loss) => loss ?? 0)));
  return (
    <section>
      <h2>All scorers over the last {runs.length} runs</h2>
      <small>
        The stronger the colour of a mean, the further it is below the best run before it; a difference within its
        interval has none. The largest loss in the last run comes first.
      </small>
      <Table label="Scorers and runs" kind="heat" headings={[['Scorer'], ...runs.map((run) => heading(run, onOpen))]}>
        {(isAll ? rows : rows.slice(0, MOST_SCORERS)).map((row) => (
          <Scorer key={row.name} row={row} runs={runs} most={most} />
        ))}
      </Table>
      {rows.length > MOST_SCORERS && (
        <button type="button" aria-pressed={isAll} onClick={() => showAll(!isAll)}>
          {`All ${count(rows.length)} scorers`}
        </button>
      )}
    </section>
  );
}

const MARKS = { ALLOW: '✓ ', REJECT: '✗ ', INCONCLUSIVE: '? ' };

function heading({ runId, name, model, startedAt, decision }: HistoryPoint, onOpen: Props['onOpen']): Heading {
  const text = (decision === null ? '' : MARKS[decision]) + visible(name);
  const open = onOpen && (
    <button type="button" class="case" onClick={() => onOpen(runId)}>
      {text}
    </button>
  );
  return [
    open ?? text,
    `${visible(name)} (${visible(model)}), ${time(startedAt)}${decision ? `: ${decision}` : ''}`,
    true,
  ];
}

function Scorer({ row: { name, losses }, runs, most }: { row: HeatRow; runs: HistoryPoint[]; most: number }) {
  const digits = decimals(runs.map(({ means }, at) => (losses[at] === null ? null : means[name].mean)));
  return (
    <tr>
      <th scope="row">{visible(name)}</th>
      {runs.map(({ runId, means }, at) => {
        const [loss, one] = [losses[at], means[name]];
        if (loss === null)
          return (
            <td key={runId} class="number">
              –
            </td>
          );
        const [low, high] = one.interval ?? [0, 0];
        const isNoise = loss <= (high - low) / 2;
        return (
          <td
            key={runId}
            class="number"
            style={{ '--heat': `${isNoise ? 0 : Math.round((STRONGEST * loss) / most)}%` }}
            title={`${interval(one.interval)}, ${count(one.n)} cases; ${loss === 0 ? 'the best so far' : `${delta(-loss)} from the best before`}`}
          >
            {score(one.mean, digits)}
          </td>
        );
      })}
    </tr>
  );
}
