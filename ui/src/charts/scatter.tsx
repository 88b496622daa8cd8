/** The score of each case in both runs: points below the diagonal got worse. */

import { count, score } from '../numbers.ts';
import type { Scatter } from './data.ts';
import { Chart, SIZE, scale } from './plot.tsx';

/** Points that are few enough to be labelled. */
const FEW = 9;
/** Rows of the table behind the chart. */
const MOST_ROWS = 50;
/** The largest point, in pixels. */
const LARGEST = 11;

export function ScatterChart({ name, data, lowerIsBetter }: { name: string; data: Scatter; lowerIsBetter: boolean }) {
  const values = data.points.flatMap(({ before, after }) => [before, after]);
  const [low, high] = [Math.min(0, ...values), Math.max(1, ...values)];
  const x = scale(low, high, SIZE.left + LARGEST, SIZE.width - SIZE.right - LARGEST);
  const y = scale(low, high, SIZE.height - SIZE.bottom - LARGEST, SIZE.top + LARGEST);
  const heaviest = Math.max(1, ...data.points.map(({ weight }) => weight));
  const tone = (before: number, after: number) => {
    if (before === after) return 'same';
    return after > before !== lowerIsBetter ? 'good' : 'bad';
  };
  const heavy = [...data.points].sort((a, b) => b.weight - a.weight).slice(0, MOST_ROWS);
  return (
    <Chart
      title={`${name}, baseline against candidate`}
      caption={`${name}: ${count(data.of)} cases in both runs, larger points for more of them; the candidate is ${lowerIsBetter ? 'better' : 'worse'} below the line`}
      x={{ scale: x, name: 'baseline', write: score }}
      y={{ scale: y, name: 'candidate', write: score }}
      head={['Baseline', 'Candidate', 'Cases']}
      rows={heavy.map(({ before, after, weight }) => [score(before), score(after), count(weight)])}
    >
      <line class="zero" x1={x(low)} y1={y(low)} x2={x(high)} y2={y(high)} />
      {data.points.map(({ before, after, weight }) => (
        <circle
          key={`${before} ${after}`}
          class={tone(before, after)}
          cx={x(before)}
          cy={y(after)}
          r={3 + (LARGEST - 3) * Math.sqrt(weight / heaviest)}
        >
          <title>{`${score(before)} → ${score(after)}: ${count(weight)} cases`}</title>
        </circle>
      ))}
      {/* Of scores such as 0 and 1, the numbers say more than the sizes. */}
      {data.points.length <= FEW &&
        data.points.map(({ before, after, weight }) => (
          <text
            key={`${before} ${after}`}
            x={x(before)}
            y={y(after) + (y(after) < SIZE.height / 2 ? 26 : -18)}
            text-anchor="middle"
          >
            {count(weight)}
          </text>
        ))}
    </Chart>
  );
}
