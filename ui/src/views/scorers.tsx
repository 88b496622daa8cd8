/** The scorers: means, differences with intervals, and the smallest detectable difference. */

import { sharedReach } from '../charts/data.ts';
import { IntervalChart, IntervalLegend } from '../charts/interval.tsx';
import type { Head, Scorer } from '../data/format.ts';
import { count, decimals, delta, interval, percent, score } from '../numbers.ts';
import type { Change } from '../state.ts';
import { inOrder } from '../table/deciding.ts';
import { quoted } from '../table/query.ts';
import { meaning } from './meaning.ts';
import { type Heading, Table } from './table.tsx';
import { visible } from './text.tsx';

/** The value has as many decimals as the others of its scorer. */
type Column = [name: string, value: (scorer: Scorer, digits: number) => string];

const OF_ONE_RUN: Column[] = [
  ['Mean', (one, digits) => score(one.candidateMean, digits)],
  ['Interval', (one, digits) => interval(one.interval, score, digits)],
  ['Scored', (one) => count(one.n)],
];

const DETECTABLE = 'Detectable';

const OF_TWO_RUNS: Column[] = [
  ['Baseline', (one, digits) => score(one.baselineMean, digits)],
  ['Candidate', (one, digits) => score(one.candidateMean, digits)],
  ['Difference', (one, digits) => delta(one.delta, digits)],
  ['Interval', (one, digits) => interval(one.interval, delta, digits)],
  ['Scored', (one) => count(one.n)],
  [DETECTABLE, (one, digits) => score(one.detectable, digits)],
];

export function Scorers({ head, change }: { head: Head; change: Change }) {
  const isPair = head.baseline !== null;
  const columns = isPair ? OF_TWO_RUNS : OF_ONE_RUN;
  const shared = sharedReach(head.scorers);
  const changes: Heading[] = isPair ? [['Difference and interval'], ['Cases that changed']] : [];
  if (head.scorers.length === 0) return <p class="waiting">No case has a score.</p>;
  return (
    <section class="scorers" aria-label="Scorers">
      <Table
        label="Table of scorers"
        kind={isPair ? 'many' : 'many narrow'}
        headings={[['Scorer'], ...columns.map(([name]): Heading => [name, meaning(name), true]), ...changes]}
      >
        {inOrder(head).map((scorer) => (
          <ScorerRow
            key={scorer.name}
            scorer={scorer}
            columns={columns}
            shared={shared}
            isPair={isPair}
            change={change}
          />
        ))}
      </Table>
      {isPair && <IntervalLegend scorers={head.scorers} />}
      {isPair && (
        <p class="key">
          <span>
            {DETECTABLE}: {meaning(DETECTABLE)}
          </span>
        </p>
      )}
    </section>
  );
}

interface RowProps {
  scorer: Scorer;
  columns: Column[];
  shared: number | null;
  isPair: boolean;
  change: Change;
}

function ScorerRow({ scorer, columns, shared, isPair, change }: RowProps) {
  const { baselineMean, candidateMean, delta, interval, detectable } = scorer;
  const digits = decimals([baselineMean, candidateMean, delta, detectable, ...(interval ?? [])]);
  return (
    <tr>
      <th scope="row">
        {visible(scorer.name)}
        {scorer.lowerIsBetter && <small title="For this scorer, a lower score is better."> lower is better</small>}
      </th>
      {columns.map(([name, value]) => (
        <td class="number" key={name} title={meaning(name) + more(scorer, name)}>
          {value(scorer, digits)}
        </td>
      ))}
      {isPair && (
        <td>
          <IntervalChart scorer={scorer} shared={shared} />
        </td>
      )}
      {isPair && scorer.n === 0 && <td>–</td>}
      {isPair && scorer.n > 0 && <Changes scorer={scorer} change={change} />}
    </tr>
  );
}

/** How many cases changed, with buttons that show them. */
function Changes({ scorer, change }: { scorer: Scorer; change: Change }) {
  const worse = `worse.${quoted(scorer.name)}`;
  const order = { by: `delta:${scorer.name}`, descending: false };
  const show = (query: string) => change({ query, row: null, order });
  return (
    <td class="changes">
      <button
        type="button"
        class="regressed"
        title="Cases with a worse score than in the baseline: show them"
        onClick={() => show(`${worse}>0`)}
      >
        {count(scorer.regressed)} worse
      </button>
      <button
        type="button"
        class="improved"
        title="Cases with a better score than in the baseline: show them"
        onClick={() => show(`${worse}<0`)}
      >
        {count(scorer.improved)} better
      </button>
      <span title="Cases with the same score in both runs">{count(scorer.unchanged)} equal</span>
    </td>
  );
}

function more({ level, method, pValue }: Scorer, name: string): string {
  if (name === 'Difference' && pValue !== null) {
    return ` Without any difference, one as large would come with a probability of ${score(pValue)} (p, by Holm over all scorers).`;
  }
  if (name !== 'Interval') return '';
  const how = method === null ? '' : ` By ${method.interval}, because ${method.reason}.`;
  return ` An interval of the level ${percent(level)}.${how}`;
}
