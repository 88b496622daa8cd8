/** The runs of a suite over time, with intervals and the verdicts of the gate. */

import type { HistoryPoint } from '../data/format.ts';
import { count, interval, score, time } from '../numbers.ts';
import { visible } from '../views/text.tsx';
import { Chart, SIZE, scale } from './plot.tsx';

export function HistoryChart({ name, points }: { name: string; points: HistoryPoint[] }) {
  const known = points.filter((point) => Object.hasOwn(point.means, name));
  if (known.length < 3) return null;
  const ends = known.flatMap(({ means }) => means[name].interval ?? [means[name].mean]);
  const x = scale(0, known.length - 1, SIZE.left + 8, SIZE.width - SIZE.right - 8);
  const y = scale(Math.min(...ends), Math.max(...ends), SIZE.height - SIZE.bottom - 6, SIZE.top + 6);
  const line = known.map(({ means }, at) => `${x(at)},${y(means[name].mean)}`).join(' ');
  x.ticks = [0, known.length - 1];
  const marks = MARKS.filter(([decision]) => known.some((point) => point.decision === decision));
  return (
    <Chart
      title={`History of ${visible(name)}`}
      caption={`${visible(name)} over the last ${known.length} runs: means with their intervals${marks.map(([, words]) => words).join('')}`}
      x={{ scale: x, name: 'run', write: (at) => time(known[at].startedAt).slice(0, 10) }}
      y={{ scale: y, name: 'mean', write: score }}
      head={['Run', 'Started', 'Model', 'Mean', 'Interval', 'Cases', 'Verdict']}
      rows={known.map(({ name: run, startedAt, model, means, decision }) => [
        visible(run),
        time(startedAt),
        visible(model),
        score(means[name].mean),
        interval(means[name].interval),
        count(means[name].n),
        decision ?? '–',
      ])}
    >
      <polyline class="line" points={line} />
      {known.map((point, at) => (
        <HistoryMark key={point.runId} point={point} name={name} x={x(at)} y={y} />
      ))}
    </Chart>
  );
}

/** The marks of verdicts in words, for those that are drawn. */
const MARKS = [
  ['ALLOW', ', green: ALLOW'],
  ['REJECT', ', ✗: REJECT'],
  ['INCONCLUSIVE', ', grey: INCONCLUSIVE'],
];

interface MarkProps {
  point: HistoryPoint;
  name: string;
  x: number;
  y: (value: number) => number;
}

function HistoryMark({ point, name, x, y }: MarkProps) {
  const { mean, interval: ends } = point.means[name];
  const tone = { ALLOW: 'good', REJECT: 'bad', INCONCLUSIVE: 'open' }[point.decision ?? 'INCONCLUSIVE'];
  return (
    <g class={point.decision === null ? 'candidate' : tone}>
      {ends !== null && <line class="range" x1={x} x2={x} y1={y(ends[0])} y2={y(ends[1])} />}
      {point.decision === 'REJECT' ? (
        <path d={`M${x - 4} ${y(mean) - 4}l8 8m0 -8l-8 8`} />
      ) : (
        <circle cx={x} cy={y(mean)} r={4} />
      )}
      <title>{`${visible(point.name)} (${visible(point.model)}), ${time(point.startedAt)}: ${score(mean)}${point.decision === null ? '' : `, ${point.decision}`}`}</title>
    </g>
  );
}
