/** A terminal as SVG. Each stretch of one colour is placed by its column, so that any monospaced font lines up. */

const FONT_SIZE = 14;
const COLUMN = 8.43;
const LINE = 19;
const PADDING = 18;
const COLOURS = {
  background: '#0d1117',
  text: '#e6edf3',
  dim: '#8b949e',
  red: '#ff7b72',
  green: '#7ee787',
  yellow: '#d29922',
};

/** The styles that the command uses, by the number in their escape sequence. */
const STYLES = {
  1: 'font-weight="bold"',
  2: `fill="${COLOURS.dim}"`,
  31: `fill="${COLOURS.red}"`,
  32: `fill="${COLOURS.green}"`,
  33: `fill="${COLOURS.yellow}"`,
};

/** Returns a picture of these lines, in which escape sequences set colours. */
export function drawTerminal(lines, title) {
  const texts = lines.map(stretches);
  const columns = Math.max(...texts.map((line) => line.reduce((sum, { text }) => sum + [...text].length, 0)));
  const width = Math.ceil(columns * COLUMN + 2 * PADDING);
  const height = lines.length * LINE + PADDING;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${width}" height="${height}" rx="8" fill="${COLOURS.background}"/>`,
    `<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="${FONT_SIZE}" fill="${COLOURS.text}">`,
    ...texts.flatMap((line, at) => drawLine(line, PADDING + at * LINE + FONT_SIZE)),
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

/** SVG drops spaces at the ends of a text: a text that begins with spaces is placed after them. */
function drawLine(line, y) {
  let column = 0;
  return line.flatMap(({ text, style }) => {
    const shown = text.trim();
    const x = (PADDING + (column + text.length - text.trimStart().length) * COLUMN).toFixed(1);
    column += [...text].length;
    return shown === '' ? [] : [`<text x="${x}" y="${y}"${style}>${escaped(shown)}</text>`];
  });
}

/** Splits a line at its escape sequences, and at wide gaps: text after a gap has a column of its own. */
function stretches(line) {
  const [plain, ...styled] = line.split('\u001b[');
  return [['', plain], ...styled.map(splitAtEndOfSequence)].flatMap(([codes, text]) =>
    text.split(/(\s{2,})/).map((part) => ({ text: part, style: styleOf(codes) })),
  );
}

function splitAtEndOfSequence(text) {
  const end = text.indexOf('m');
  return [text.slice(0, end), text.slice(end + 1)];
}

function styleOf(codes) {
  if (codes === '0' || codes === '') return '';
  return codes
    .split(';')
    .map((code) => {
      if (!(code in STYLES)) throw new Error(`the picture does not support the style ${code}`);
      return ` ${STYLES[code]}`;
    })
    .join('');
}

const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
