/** The charts, for one scorer at a time. */

import { useEffect, useState } from 'preact/hooks';
import { CostChart } from '../charts/cost.tsx';
import type { ChartData } from '../charts/data.ts';
import { DistributionChart } from '../charts/distribution.tsx';
import { HistoryChart } from '../charts/history.tsx';
import { ScatterChart } from '../charts/scatter.tsx';
import type { Head } from '../data/format.ts';
import { visible } from './text.tsx';

export function Charts({ head, charts }: { head: Head; charts: () => ChartData }) {
  const [data, setData] = useState<ChartData | null>(null);
  // The charts are drawn after the table, which readers need first.
  useEffect(() => {
    const timer = setTimeout(() => setData(charts()), 100);
    return () => clearTimeout(timer);
  }, [charts]);
  return head.scorers.length === 0 || data === null ? null : <Figures head={head} charts={data} />;
}

function Figures({ head, charts }: { head: Head; charts: ChartData }) {
  const rejected = head.scorers.findIndex(({ decision }) => decision === 'REJECT');
  const [at, choose] = useState(Math.max(0, rejected));
  const scorer = head.scorers[at];
  const scatter = charts.scatters[at];
  return (
    <section class="charts" aria-label="Charts">
      <div class="title-line">
        <h2>Charts</h2>
        {head.scorers.length > 1 && (
          <label>
            Scorer{' '}
            <select value={at} onChange={(event) => choose(Number(event.currentTarget.value))}>
              {head.scorers.map(({ name }, place) => (
                <option key={name} value={place}>
                  {visible(name)}
                </option>
              ))}
            </select>
          </label>
        )}
        {head.baseline !== null && (
          <p class="legend">
            <span class="baseline">Baseline</span> <span class="candidate">Candidate</span>
          </p>
        )}
      </div>
      <div class="figures">
        {scatter !== null && (
          <ScatterChart name={visible(scorer.name)} data={scatter} lowerIsBetter={scorer.lowerIsBetter} />
        )}
        <DistributionChart name={visible(scorer.name)} data={charts.distributions[at]} />
        <HistoryChart name={scorer.name} points={head.history} />
        {charts.cost !== null && <CostChart name={visible(head.scorers[0].name)} data={charts.cost} />}
      </div>
    </section>
  );
}
