/** The distribution of one scorer's scores, in both runs. */

import { count, score } from '../numbers.ts';
import type { Distribution } from './data.ts';
import { Plot, SIZE, scale, TableBehind } from './plot.tsx';

export function DistributionChart({ name, data }: { name: string; data: Distribution }) {
  const { low, high, baseline, candidate } = data;
  const x = scale(low, high, SIZE.left, SIZE.width - SIZE.right);
  const y = scale(0, Math.max(1, ...candidate, ...(baseline ?? [])), SIZE.height - SIZE.bottom, SIZE.top);
  y.ticks = y.ticks.filter(Number.isInteger);
  const step = (high - low) / candidate.length;
  const width = (x(low + step) - x(low)) / (baseline === null ? 1 : 2) - 1;
  const bars = (bins: number[], shift: number, kind: string) =>
    bins.map((cases, at) => {
      const from = low + at * step;
      return (
        <rect
          key={from}
          class={kind}
          x={x(from) + shift * (width + 1)}
          y={y(cases)}
          width={width}
          height={y(0) - y(cases)}
        >
          <title>{`${score(from)} to ${score(from + step)}: ${count(cases)} cases (${kind})`}</title>
        </rect>
      );
    });
  const rows = candidate.map((cases, at) => [
    `${score(low + at * step)} to ${score(low + (at + 1) * step)}`,
    ...(baseline === null ? [] : [count(baseline[at])]),
    count(cases),
  ]);
  return (
    <figure>
      <figcaption>{name}: how many cases have which score</figcaption>
      <Plot title={`Distribution of ${name}`} x={x} y={y} xName="score" yName="cases" write={{ x: score, y: count }}>
        {baseline !== null && bars(baseline, 0, 'baseline')}
        {bars(candidate, baseline === null ? 0 : 1, 'candidate')}
      </Plot>
      <TableBehind
        title={`Distribution of ${name}`}
        head={baseline === null ? ['Score', 'Cases'] : ['Score', 'Baseline', 'Candidate']}
        rows={rows}
      />
    </figure>
  );
}
