/** A frame with two axes for a chart, and the table that a screen reader reads instead. */

import type { ComponentChildren } from 'preact';
import { Table } from '../views/table.tsx';

export const SIZE = { width: 340, height: 210, left: 52, right: 12, top: 10, bottom: 36 };

export interface Scale {
  (value: number): number;
  ticks: number[];
}

/** A linear scale from `low`–`high` to pixels, with about five round ticks. */
export function scale(low: number, high: number, from: number, to: number): Scale {
  const span = high - low || 1;
  const place = (value: number) => from + ((value - low) / span) * (to - from);
  return Object.assign(place, { ticks: ticks(low, low + span) });
}

function ticks(low: number, high: number): number[] {
  const rough = (high - low) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((one) => one >= rough) ?? 10 * power;
  const found: number[] = [];
  for (let at = Math.ceil(low / step - 1e-9); at * step <= high + step * 1e-9; at++) found.push(at * step + 0);
  return found;
}

interface PlotProps {
  title: string;
  x: Scale;
  y: Scale;
  xName: string;
  yName: string;
  write: { x: (value: number) => string; y: (value: number) => string };
  children: ComponentChildren;
}

export function Plot({ title, x, y, xName, yName, write, children }: PlotProps) {
  const { width, height, left, right, top, bottom } = SIZE;
  return (
    <svg class="plot" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={title}>
      {y.ticks.map((tick) => (
        <g key={tick}>
          <line class="grid" x1={left} x2={width - right} y1={y(tick)} y2={y(tick)} />
          <text x={left - 6} y={y(tick) + 4} text-anchor="end">
            {write.y(tick)}
          </text>
        </g>
      ))}
      {x.ticks.map((tick) => (
        <text
          key={tick}
          x={x(tick)}
          y={height - bottom + 15}
          text-anchor={x(tick) > width - right - 24 ? 'end' : 'middle'}
        >
          {write.x(tick)}
        </text>
      ))}
      <text class="axis" x={(left + width - right) / 2} y={height - 4} text-anchor="middle">
        {xName}
      </text>
      <text
        class="axis"
        x={12}
        y={(top + height - bottom) / 2}
        text-anchor="middle"
        transform={`rotate(-90 12 ${(top + height - bottom) / 2})`}
      >
        {yName}
      </text>
      {children}
    </svg>
  );
}

export function TableBehind({ title, head, rows }: { title: string; head: string[]; rows: string[][] }) {
  return (
    <details class="behind">
      <summary>As a table</summary>
      <Table label={`Table: ${title}`} headings={head.map((name) => [name])}>
        {rows.map((cells) => (
          <tr key={cells.join('|')}>
            {cells.map((cell, at) => (
              <td key={at}>{cell}</td>
            ))}
          </tr>
        ))}
      </Table>
    </details>
  );
}
