/** A line chart in text: one letter a series, `*` where several meet. */

const HEIGHT = 12;
const COLUMN = 6;

function plot(grid, series, top) {
  for (const { letter, values } of series) {
    values.forEach((value, at) => {
      const row = HEIGHT - 1 - Math.min(HEIGHT - 1, Math.floor((value / top) * HEIGHT));
      grid[row][at] = grid[row][at] === ' ' || grid[row][at] === letter ? letter : '*';
    });
  }
}

/** Returns the chart of `series` (`{ letter, values }`), with `labels` under the columns and the y axis from 0. */
export function chart(series, labels) {
  const top = Math.max(...series.flatMap(({ values }) => values)) * 1.001;
  const grid = Array.from({ length: HEIGHT }, () => labels.map(() => ' '));
  plot(grid, series, top);
  const lines = grid.map((row, at) => {
    const scale = ((top * (HEIGHT - at)) / HEIGHT).toFixed(0).padStart(5);
    return `${scale} ┤${row.map((cell) => cell.padStart(COLUMN)).join('')}`;
  });
  const axis = `    0 └${'─'.repeat(COLUMN * labels.length)}`;
  return [...lines, axis, `       ${labels.map((label) => label.padStart(COLUMN)).join('')}`].join('\n');
}
