/** The scorers: means, differences with intervals, and the smallest detectable difference. */

import { IntervalChart } from '../charts/interval.tsx';
import type { Head, Scorer } from '../data/format.ts';
import { count, delta, interval, percent, score } from '../numbers.ts';
import type { Change } from '../state.ts';
import { quoted } from '../table/query.ts';
import { type Heading, Table } from './table.tsx';
import { visible } from './text.tsx';

interface Column {
  name: string;
  meaning: string;
  value: (scorer: Scorer) => string;
}

const OF_ONE_RUN: Column[] = [
  { name: 'Mean', meaning: 'The mean score over the scored cases.', value: (one) => score(one.candidateMean) },
  {
    name: 'Interval',
    meaning: 'The interval of the mean.',
    value: (one) => interval(one.interval),
  },
  { name: 'Scored', meaning: 'Cases with a score of this scorer.', value: (one) => count(one.n) },
];

const OF_TWO_RUNS: Column[] = [
  {
    name: 'Baseline',
    meaning: 'Mean score of the baseline over the cases scored in both runs.',
    value: (one) => score(one.baselineMean),
  },
  {
    name: 'Candidate',
    meaning: 'Mean score of the candidate over the cases scored in both runs.',
    value: (one) => score(one.candidateMean),
  },
  { name: 'Difference', meaning: 'Mean of candidate − baseline, case by case.', value: (one) => delta(one.delta) },
  {
    name: 'Interval',
    meaning: 'The interval of the difference.',
    value: (one) => interval(one.interval, delta),
  },
  { name: 'Cases', meaning: 'Cases that were scored in both runs.', value: (one) => count(one.n) },
  {
    name: 'Can show',
    meaning: 'The smallest true difference that this number of cases detects in 80 of 100 comparisons.',
    value: (one) => score(one.detectable),
  },
];

export function Scorers({ head, change }: { head: Head; change: Change }) {
  const isPair = head.baseline !== null;
  const columns = isPair ? OF_TWO_RUNS : OF_ONE_RUN;
  const changes: Heading[] = isPair ? [['Interval and margin'], ['Cases that changed']] : [];
  if (head.scorers.length === 0) return <p class="waiting">No case has a score.</p>;
  return (
    <section class="scorers" aria-label="Scorers">
      <Table
        label="Table of scorers"
        kind={isPair ? 'many' : 'many narrow'}
        headings={[['Scorer'], ...columns.map(({ name, meaning }): Heading => [name, meaning, true]), ...changes]}
      >
        {inOrder(head.scorers).map((scorer) => (
          <ScorerRow key={scorer.name} scorer={scorer} columns={columns} isPair={isPair} change={change} />
        ))}
      </Table>
    </section>
  );
}

const DECISIONS = ['REJECT', 'INCONCLUSIVE', 'ALLOW'];

/** Scorers that decide come first; the labels of people, which decide nothing, come last. */
export function inOrder(scorers: Scorer[]): Scorer[] {
  const rank = ({ decision }: Scorer) => (decision === null ? DECISIONS.length : DECISIONS.indexOf(decision));
  return [...scorers].sort((a, b) => rank(a) - rank(b));
}

function ScorerRow(props: { scorer: Scorer; columns: Column[]; isPair: boolean; change: Change }) {
  const { scorer, columns, isPair, change } = props;
  const show = (query: string, by: string) => change({ query, row: null, order: { by, descending: false } });
  const name = quoted(scorer.name);
  return (
    <tr>
      <th scope="row">
        {visible(scorer.name)}
        {scorer.lowerIsBetter && <small title="For this scorer, a lower score is better."> lower is better</small>}
      </th>
      {columns.map((column) => (
        <td class="number" key={column.name} title={`${column.meaning}${more(scorer, column)}`}>
          {column.value(scorer)}
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
            onClick={() => show(`worse.${name}>0`, `delta:${scorer.name}`)}
          >
            {count(scorer.regressed)} worse
          </button>
          <button
            type="button"
            class="improved"
            title="Cases with a better score than in the baseline: show them"
            onClick={() => show(`worse.${name}<0`, `delta:${scorer.name}`)}
          >
            {count(scorer.improved)} better
          </button>
          <span title="Cases with the same score in both runs">{count(scorer.unchanged)} equal</span>
        </td>
      )}
    </tr>
  );
}

function more({ level, method, pValue }: Scorer, { name }: Column): string {
  if (name === 'Difference' && pValue !== null) {
    return ` Without any difference, one as large would come with a probability of ${score(pValue)} (p, by Holm over all scorers).`;
  }
  if (name !== 'Interval') return '';
  const how = method === null ? '' : ` By ${method.interval}, because ${method.reason}.`;
  return ` An interval of the level ${percent(level)}.${how}`;
}
