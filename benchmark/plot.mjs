/** Line charts and interval charts as SVG, readable on a light page and on a dark one. */

const WIDTH = 720;
const HEIGHT = 340;
const AREA = { left: 64, right: 560, top: 40, bottom: 290 };
const COLOURS = ['#2563eb', '#d97706', '#64748b', '#059669'];
const TEXT = 'font-family="system-ui, sans-serif" font-size="13" fill="#1f2937"';

const escaped = (text) => String(text).replace(/&/g, '&amp;').replace(/</g, '&lt;');
const text = (x, y, content, more = '') =>
  `<text x="${round(x)}" y="${round(y)}" ${TEXT} ${more}>${escaped(content)}</text>`;
const line = (x1, y1, x2, y2, more) =>
  `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" ${more}/>`;
const round = (number) => Math.round(number * 10) / 10;

/** Returns where a value lies between two ends, on a straight or a logarithmic axis. */
function scale({ from, to, isLog = false }, start, end) {
  const of = isLog ? Math.log : Number;
  return (value) => start + ((of(value) - of(from)) / (of(to) - of(from))) * (end - start);
}

function frame(title, parts) {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>`,
    text(AREA.left, 22, title, 'font-weight="600"'),
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}

/**
 * Returns a chart of lines: `lines` are `{ name, points: [[x, y], …] }`, an axis is `{ label, from, to, isLog, ticks, show }`.
 */
export function lineChart({ title, x, y, lines, marks = [] }) {
  const toX = scale(x, AREA.left, AREA.right);
  const toY = scale(y, AREA.bottom, AREA.top);
  const grid = [
    ...y.ticks.map((tick) => line(AREA.left, toY(tick), AREA.right, toY(tick), 'stroke="#e5e7eb"')),
    ...y.ticks.map((tick) => text(AREA.left - 8, toY(tick) + 4, y.show(tick), 'text-anchor="end"')),
    ...x.ticks.map((tick) => text(toX(tick), AREA.bottom + 20, x.show(tick), 'text-anchor="middle"')),
    text((AREA.left + AREA.right) / 2, AREA.bottom + 42, x.label, 'text-anchor="middle"'),
    ...marks.flatMap(({ at, name }) => [
      line(AREA.left, toY(at), AREA.right, toY(at), 'stroke="#dc2626" stroke-dasharray="5 4"'),
      text(AREA.right + 8, toY(at) + 4, name),
    ]),
  ];
  const drawn = lines.flatMap(({ name, points }, at) => {
    const colour = COLOURS[at % COLOURS.length];
    const places = points.map(([px, py]) => `${round(toX(px))},${round(toY(py))}`);
    const key = AREA.top + 20 + at * 22;
    return [
      `<polyline points="${places.join(' ')}" fill="none" stroke="${colour}" stroke-width="2"/>`,
      ...places.map(
        (place) => `<circle cx="${place.split(',')[0]}" cy="${place.split(',')[1]}" r="3" fill="${colour}"/>`,
      ),
      line(AREA.right + 14, key - 4, AREA.right + 34, key - 4, `stroke="${colour}" stroke-width="3"`),
      text(AREA.right + 40, key, name),
    ];
  });
  return frame(title, [...grid, ...drawn]);
}

/** Returns a chart of intervals, each with a word behind it: `rows` are `{ name, low, high, verdict }`. */
export function intervalChart({ title, x, rows, lines }) {
  const toX = scale(x, 220, AREA.right);
  const step = (AREA.bottom - AREA.top - 20) / rows.length;
  const guides = lines.flatMap(({ at, name }) => [
    line(toX(at), AREA.top, toX(at), AREA.bottom, 'stroke="#6b7280" stroke-dasharray="5 4"'),
    text(toX(at), AREA.bottom + 20, name, 'text-anchor="middle"'),
  ]);
  const drawn = rows.flatMap(({ name, low, high, verdict }, at) => {
    const y = AREA.top + 20 + step * (at + 0.5);
    const colour = { ALLOW: '#059669', REJECT: '#dc2626' }[verdict] ?? '#d97706';
    const more = `stroke="${colour}" stroke-width="3"`;
    return [
      text(16, y + 4, name),
      line(toX(low), y, toX(high), y, more),
      line(toX(low), y - 7, toX(low), y + 7, more),
      line(toX(high), y - 7, toX(high), y + 7, more),
      `<circle cx="${round(toX((low + high) / 2))}" cy="${round(y)}" r="5" fill="${colour}"/>`,
      text(AREA.right + 20, y + 4, verdict, 'font-weight="600"'),
    ];
  });
  return frame(title, [...guides, ...drawn]);
}
