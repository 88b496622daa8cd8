/** A chart: a caption, two axes around its marks, and the table that a screen reader reads instead. */

import type { ComponentChildren } from 'preact';
import { Table } from '../views/table.tsx';

export const SIZE = { width: 340, height: 210, left: 64, right: 26, top: 10, bottom: 36 };
/** A label of the x axis takes about so many pixels a character, with a gap. */
const CHARACTER = 7;

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

type Write = (value: number) => string;

interface Axis {
  scale: Scale;
  name: string;
  write: Write;
}

interface Props {
  /** What a screen reader calls it. */
  title: string;
  caption: string;
  x: Axis;
  y: Axis;
  /** The table: its head, and its rows. */
  head: string[];
  rows: string[][];
  children: ComponentChildren;
}

export function Chart({ title, caption, x, y, head, rows, children }: Props) {
  const { width, height, left, right, top, bottom } = SIZE;
  const middle = (top + height - bottom) / 2;
  return (
    <figure>
      <figcaption>{caption}</figcaption>
      <svg class="plot" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={title}>
        {y.scale.ticks.map((tick) => (
          <g key={tick}>
            <line class="grid" x1={left} x2={width - right} y1={y.scale(tick)} y2={y.scale(tick)} />
            <text x={left - 6} y={y.scale(tick) + 4} text-anchor="end">
              {y.write(tick)}
            </text>
          </g>
        ))}
        {apart(x).map((tick) => (
          <text key={tick} x={x.scale(tick)} y={height - bottom + 15} text-anchor="middle">
            {x.write(tick)}
          </text>
        ))}
        <text class="axis" x={(left + width - right) / 2} y={height - 4} text-anchor="middle">
          {x.name}
        </text>
        <text class="axis" x={11} y={middle} text-anchor="middle" transform={`rotate(-90 11 ${middle})`}>
          {y.name}
        </text>
        {children}
      </svg>
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
    </figure>
  );
}

/** The ticks of an axis, or every second or third one: those whose labels do not touch. */
function apart({ scale, write }: Axis): number[] {
  const { ticks } = scale;
  const longest = CHARACTER * Math.max(...ticks.map((tick) => write(tick).length)) + CHARACTER;
  const gap = ticks.length < 2 ? longest : Math.abs(scale(ticks[1]) - scale(ticks[0]));
  const step = Math.ceil(longest / gap);
  return ticks.filter((_, at) => at % step === 0);
}
