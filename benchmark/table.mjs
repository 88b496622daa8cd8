/** Results as a Markdown table that is readable in a terminal as well. */

const HEAD = [
  'work',
  'reference',
  'better-sqlite3',
  'runstore',
  'Rust limit',
  '× reference',
  'bar',
  '',
  '× better-sqlite3',
  '× reference, 5 % not Latin-1',
];

const digits = (value) => (value >= 100 ? 0 : value >= 10 ? 1 : 2);

/** Returns a duration with three significant digits: `12.3 ms`. */
export function duration(ms) {
  if (ms === undefined) return '–';
  const [value, unit] = ms < 1 ? [ms * 1000, 'µs'] : ms < 10_000 ? [ms, 'ms'] : [ms / 1000, 's'];
  return `${value.toFixed(digits(value))} ${unit}`;
}

const times = (ratio) => (ratio ? `${ratio.median.toFixed(2)}×` : '–');
const withInterval = ({ median, interval: [low, high] }) =>
  `${median.toFixed(2)}× (${low.toFixed(2)}–${high.toFixed(2)})`;

function bar({ bar, atMost }) {
  if (atMost) return `≤ ${atMost} ms`;
  return bar ? `≥ ${bar}×` : '–';
}

function variant({ atMost, variant, variantBar }) {
  if (atMost && variant) return duration(variant.runstore);
  return variant && variantBar ? `${times(variant.overReference)} (≥ ${variantBar}×)` : times(variant?.overReference);
}

/** Returns a tick or a cross for a row with a bar. */
export function verdict({ bar, atMost, isMet }) {
  if (!bar && !atMost) return '';
  return isMet ? '✓' : '✗';
}

function cells(row, quick) {
  const { medians } = row;
  return [
    row.name,
    duration(medians.reference),
    duration(medians['better-sqlite3']),
    duration(medians.runstore),
    duration(medians.limit),
    withInterval(row.overReference),
    quick ? '–' : bar(row),
    quick ? '' : verdict(row),
    times(row.overBetterSqlite3),
    variant(row),
  ];
}

/** Returns a Markdown table with aligned columns, the first to the left, the others to the right. */
export function markdownTable(head, rows) {
  const widths = head.map((title, column) => Math.max(3, ...[title, ...rows.map((row) => row[column])].map(width)));
  const line = (row) => `| ${row.map((cell, column) => fill(cell, widths[column], column > 0)).join(' | ')} |`;
  const rule = widths.map((length, column) => (column > 0 ? `${'-'.repeat(length - 1)}:` : '-'.repeat(length)));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}

const width = (text) => [...text].length;
const fill = (text, length, right) => {
  const space = ' '.repeat(length - width(text));
  return right ? space + text : text + space;
};

export function resultTable(results, quick) {
  return markdownTable(
    HEAD,
    results.map((row) => cells(row, quick)),
  );
}
