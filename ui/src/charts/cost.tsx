/** Cost against score: shows whether expensive cases are good ones. */

import { count, dollars, score } from '../numbers.ts';
import type { ChartData } from './data.ts';
import { Chart, SIZE, scale } from './plot.tsx';

const MOST_ROWS = 50;

export function CostChart({ name, data }: { name: string; data: NonNullable<ChartData['cost']> }) {
  const scores = data.points.map(([, value]) => value);
  const x = scale(0, Math.max(...data.points.map(([cost]) => cost), 1e-9), SIZE.left, SIZE.width - SIZE.right);
  const y = scale(Math.min(0, ...scores), Math.max(1, ...scores), SIZE.height - SIZE.bottom, SIZE.top);
  return (
    <Chart
      title={`Cost against ${name}`}
      caption={`Cost of a case against ${name}: ${count(data.of)} cases of the candidate with both`}
      x={{ scale: x, name: 'cost of a case', write: dollars }}
      y={{ scale: y, name, write: score }}
      head={['Cost', name]}
      rows={data.points.slice(0, MOST_ROWS).map(([cost, value]) => [dollars(cost), score(value)])}
    >
      {data.points.map(([cost, value], at) => (
        <circle key={at} class="candidate" cx={x(cost)} cy={y(value)} r={3}>
          <title>{`${dollars(cost)}: ${score(value)}`}</title>
        </circle>
      ))}
    </Chart>
  );
}
