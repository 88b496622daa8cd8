/** The interval of a difference on an axis around 0, with the margin drawn. */

import type { Scorer } from '../data/format.ts';
import { delta, score } from '../numbers.ts';

const WIDTH = 180;
const HEIGHT = 26;
const PADDING = 6;

export function IntervalChart({ scorer }: { scorer: Scorer }) {
  const { interval, delta: measured, margin } = scorer;
  if (interval === null || measured === null) return <span>–</span>;
  // A loss is drawn to the left, even if lower scores are better.
  const turn = scorer.lowerIsBetter ? -1 : 1;
  const [low, high] = turn > 0 ? interval : [-interval[1], -interval[0]];
  const reach = Math.max(Math.abs(low), Math.abs(high), margin ?? 0, 1e-9) * 1.1;
  const x = (value: number) => PADDING + ((value + reach) / (2 * reach)) * (WIDTH - 2 * PADDING);
  const tone = high < 0 ? 'bad' : low > 0 ? 'good' : 'open';
  const text = `${delta(measured)}, between ${delta(interval[0])} and ${delta(interval[1])}${margin === null ? '' : `; a loss of ${score(margin)} is accepted`}`;
  return (
    <svg class={`interval ${tone}`} width={WIDTH} height={HEIGHT} role="img" aria-label={text}>
      <title>{text}</title>
      {margin !== null && <rect class="margin" x={x(-margin)} y={2} width={x(0) - x(-margin)} height={HEIGHT - 4} />}
      <line class="zero" x1={x(0)} x2={x(0)} y1={1} y2={HEIGHT - 1} />
      <line class="range" x1={x(low)} x2={x(high)} y1={HEIGHT / 2} y2={HEIGHT / 2} />
      <line class="end" x1={x(low)} x2={x(low)} y1={8} y2={HEIGHT - 8} />
      <line class="end" x1={x(high)} x2={x(high)} y1={8} y2={HEIGHT - 8} />
      <circle cx={x(turn * measured)} cy={HEIGHT / 2} r={4} />
    </svg>
  );
}
