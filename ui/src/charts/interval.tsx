/** The interval of a difference on an axis around 0, with the margin drawn. */

import type { ComponentChildren, VNode } from 'preact';
import type { Scorer } from '../data/format.ts';
import { delta, percent, score } from '../numbers.ts';
import { reachOf, sharedReach } from './data.ts';

const WIDTH = 180;
const HEIGHT = 26;
const PADDING = 6;
const MIDDLE = HEIGHT / 2;

export function IntervalChart({ scorer, shared }: { scorer: Scorer; shared: number | null }) {
  const { interval, delta: measured, margin } = scorer;
  if (interval === null || measured === null) return <span>–</span>;
  // A loss is drawn to the left, even if lower scores are better.
  const turn = scorer.lowerIsBetter ? -1 : 1;
  const [low, high] = turn > 0 ? interval : [-interval[1], -interval[0]];
  const reach = shared ?? reachOf(scorer);
  const x = (value: number) => PADDING + ((value + reach) / (2 * reach)) * (WIDTH - 2 * PADDING);
  const tone = high < 0 ? 'bad' : low > 0 ? 'good' : 'open';
  const text = `${delta(measured)}, between ${delta(interval[0])} and ${delta(interval[1])}${margin === null ? '' : `; a loss of ${score(margin)} is accepted`}`;
  return (
    <svg class={`interval ${tone}`} width={WIDTH} height={HEIGHT} role="img" aria-label={text}>
      <title>{text}</title>
      {!!margin && <Margin from={x(-margin)} to={x(0)} />}
      <Zero x={x(0)} />
      <Range from={x(low)} to={x(high)} />
      <Dot x={x(turn * measured)} />
    </svg>
  );
}

const Margin = ({ from, to }: { from: number; to: number }) => (
  <rect class="margin" x={from} y={2} width={to - from} height={HEIGHT - 4} />
);
const Zero = ({ x }: { x: number }) => <line class="zero" x1={x} x2={x} y1={1} y2={HEIGHT - 1} />;
const Range = ({ from, to }: { from: number; to: number }) => (
  <path class="range" d={`M${from} 8v10m0 -5H${to}m0 -5v10`} />
);
const Dot = ({ x }: { x: number }) => <circle cx={x} cy={MIDDLE} r={4} />;

/** Explains the marks that are drawn for some of these scorers. */
export function IntervalLegend({ scorers }: { scorers: Scorer[] }) {
  const drawn = scorers.filter(({ interval, delta }) => interval !== null && delta !== null);
  if (drawn.length === 0) return null;
  return (
    <p class="key">
      <Mark of={<Dot x={9} />}>the difference</Mark>
      <Mark of={<Range from={1} to={17} />}>its {percent(drawn[0].level)} interval</Mark>
      <Mark of={<Zero x={9} />}>no difference; to the left of it the candidate is worse</Mark>
      {drawn.some(({ margin }) => margin) && (
        <Mark of={<Margin from={1} to={17} />}>the accepted loss (the margin)</Mark>
      )}
      {sharedReach(scorers) === null && <span>Each row has a scale of its own.</span>}
    </p>
  );
}

const Mark = ({ of, children }: { of: VNode; children: ComponentChildren }) => (
  <span>
    <svg width={18} height={HEIGHT} aria-hidden="true">
      {of}
    </svg>{' '}
    {children}
  </span>
);
