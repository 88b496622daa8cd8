/** The charts, for one scorer at a time. */

import { useState } from 'preact/hooks';
import { CostChart } from '../charts/cost.tsx';
import type { ChartData } from '../charts/data.ts';
import { DistributionChart } from '../charts/distribution.tsx';
import { HeatMap } from '../charts/heat-map.tsx';
import { HistoryChart } from '../charts/history.tsx';
import { ScatterChart } from '../charts/scatter.tsx';
import type { Head, HistoryPoint } from '../data/format.ts';
import type { Page } from '../data/source.ts';
import { inOrder } from '../table/deciding.ts';
import { useLate } from './late.ts';
import { visible } from './text.tsx';

interface Drawn {
  at: number;
  data: ChartData;
}

export function Charts({ page }: { page: Page }) {
  const { scorers } = page.head;
  const [at, choose] = useState(() => Math.max(0, scorers.indexOf(inOrder(page.head)[0])));
  // The charts are drawn after the table, which readers need first.
  const drawn = useLate(async () => {
    await new Promise((resolve) => setTimeout(resolve, 100));
    return scorers.length === 0 ? null : { at, data: await page.charts(at) };
  }, [page, at]);
  const history = useLate(() => page.history(), [page]) ?? [];
  return drawn === null ? null : <Figures head={page.head} drawn={drawn} history={history} at={at} choose={choose} />;
}

interface FiguresProps {
  head: Head;
  drawn: Drawn;
  history: HistoryPoint[];
  at: number;
  choose: (at: number) => void;
}

function Figures({ head, drawn, history, at, choose }: FiguresProps) {
  const { distribution, scatter, cost } = drawn.data;
  const { name, lowerIsBetter } = head.scorers[drawn.at];
  return (
    <>
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
          {scatter !== null && <ScatterChart name={visible(name)} data={scatter} lowerIsBetter={lowerIsBetter} />}
          <DistributionChart name={visible(name)} data={distribution} />
          <HistoryChart name={name} points={history} />
          {cost !== null && <CostChart name={visible(name)} data={cost} />}
        </div>
      </section>
      <HeatMap
        points={history}
        lowerIsBetter={head.scorers.filter((one) => one.lowerIsBetter).map((one) => one.name)}
      />
    </>
  );
}
