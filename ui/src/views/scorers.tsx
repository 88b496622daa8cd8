/** The scorers: means, differences with intervals, and the smallest detectable difference. */

import { IntervalChart, IntervalLegend } from '../charts/interval.tsx';
import type { Head, Scorer } from '../data/format.ts';
import { count, delta, interval, percent, score } from '../numbers.ts';
import type { Change } from '../state.ts';
import { inOrder } from '../table/deciding.ts';
import { quoted } from '../table/query.ts';
import { meaning } from './meaning.ts';
import { type Heading, Table } from './table.tsx';
import { visible } from './text.tsx';

type Column = [name: string, value: (scorer: Scorer) => string];

const OF_ONE_RUN: Column[] = [
  ['Mean', (one) => score(one.candidateMean)],
  ['Interval', (one) => interval(one.interval)],
  ['Scored', (one) => count(one.n)],
];

const DETECTABLE = 'Can show';

const OF_TWO_RUNS: Column[] = [
  ['Baseline', (one) => score(one.baselineMean)],
  ['Candidate', (one) => score(one.candidateMean)],
  ['Difference', (one) => delta(one.delta)],
  ['Interval', (one) => interval(one.interval, delta)],
  ['Scored', (one) => count(one.n)],
  [DETECTABLE, (one) => score(one.detectable)],
];

export function Scorers({ head, change }: { head: Head; change: Change }) {
  const isPair = head.baseline !== null;
  const columns = isPair ? OF_TWO_RUNS : OF_ONE_RUN;
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
          <ScorerRow key={scorer.name} scorer={scorer} columns={columns} isPair={isPair} change={change} />
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

function ScorerRow(props: { scorer: Scorer; columns: Column[]; isPair: boolean; change: Change }) {
  const { scorer, columns, isPair, change } = props;
  const show = (query: string, by: string) => change({ query, row: null, order: { by, descending: false } });
  const worse = `worse.${quoted(scorer.name)}`;
  return (
    <tr>
      <th scope="row">
        {visible(scorer.name)}
        {scorer.lowerIsBetter && <small title="For this scorer, a lower score is better."> lower is better</small>}
      </th>
      {columns.map(([name, value]) => (
        <td class="number" key={name} title={meaning(name) + more(scorer, name)}>
          {value(scorer)}
        </td>
      ))}
      {isPair && (
        <td>
          <IntervalChart scorer={scorer} />
        </td>
      )}
      {isPair && scorer.n === 0 && <td>–</td>}
      {isPair && scorer.n > 0 && (
        <td class="changes">
          <button
            type="button"
            class="regressed"
            title="Cases with a worse score than in the baseline: show them"
            onClick={() => show(`${worse}>0`, `delta:${scorer.name}`)}
          >
            {count(scorer.regressed)} worse
          </button>
          <button
            type="button"
            class="improved"
            title="Cases with a better score than in the baseline: show them"
            onClick={() => show(`${worse}<0`, `delta:${scorer.name}`)}
          >
            {count(scorer.improved)} better
          </button>
          <span title="Cases with the same score in both runs">{count(scorer.unchanged)} equal</span>
        </td>
      )}
    </tr>
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
