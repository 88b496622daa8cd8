/** The distribution of one scorer's scores, in both runs. */

import { count, score } from '../numbers.ts';
import type { Distribution } from './data.ts';
import { Chart, SIZE, scale } from './plot.tsx';

export function DistributionChart({ name, data }: { name: string; data: Distribution }) {
  const { low, high, baseline, candidate } = data;
  const x = scale(low, high, SIZE.left, SIZE.width - SIZE.right);
  const y = scale(0, Math.max(1, ...candidate, ...(baseline ?? [])), SIZE.height - SIZE.bottom, SIZE.top);
  y.ticks = y.ticks.filter(Number.isInteger);
  const step = (high - low) / candidate.length;
  const width = (x(low + step) - x(low)) / (baseline === null ? 1 : 2) - 1;
  const range = (at: number) => `${score(low + at * step)} to ${score(low + (at + 1) * step)}`;
  const bars = (bins: number[], shift: number, kind: string) =>
    bins.map((cases, at) => (
      <rect
        key={at}
        class={kind}
        x={x(low + at * step) + shift * (width + 1)}
        y={y(cases)}
        width={width}
        height={y(0) - y(cases)}
      >
        <title>{`${range(at)}: ${count(cases)} cases (${kind})`}</title>
      </rect>
    ));
  return (
    <Chart
      title={`Distribution of ${name}`}
      caption={`${name}: how many cases have which score`}
      x={{ scale: x, name: 'score', write: score }}
      y={{ scale: y, name: 'cases', write: count }}
      head={baseline === null ? ['Score', 'Cases'] : ['Score', 'Baseline', 'Candidate']}
      rows={candidate.map((cases, at) => [
        range(at),
        ...(baseline === null ? [] : [count(baseline[at])]),
        count(cases),
      ])}
    >
      {baseline !== null && bars(baseline, 0, 'baseline')}
      {bars(candidate, baseline === null ? 0 : 1, 'candidate')}
    </Chart>
  );
}
