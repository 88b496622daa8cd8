import { clearLine, cursorTo } from 'node:readline';
import Table from 'cli-table3';
import stringWidth from 'string-width';

// hasColors exists on terminals only, and honours NO_COLOR.
const colors = process.stdout.hasColors?.() ?? false;

export function bold(text) {
  return colors ? `\u001b[1m${text}\u001b[22m` : text;
}

/** Returns a table with nothing but a line under its head. The columns in `left` hold text, the others numbers. */
export function table(head, rows, { left = [0] } = {}) {
  const grid = new Table({
    head,
    colAligns: head.map((_, column) => (left.includes(column) ? 'left' : 'right')),
    chars: { ...noLines, mid: '─', 'mid-mid': '─' },
    style: { head: [], border: [], compact: true },
  });
  grid.push(...rows);
  return grid.toString().replace(/ +$/gm, '');
}

const noLines = Object.fromEntries(
  ['top', 'bottom', 'left', 'mid', 'right']
    .flatMap((side) => [side, `${side}-mid`, `${side}-left`, `${side}-right`])
    .concat('middle')
    .map((name) => [name, '']),
);

/** Returns the beginning of the text, at most so many columns wide on a terminal. */
export function excerpt(text, columns) {
  const line = text.replace(/\s+/g, ' ');
  if (stringWidth(line) <= columns) return line;
  let beginning = '';
  for (const character of line) {
    if (stringWidth(beginning + character) >= columns) break;
    beginning += character;
  }
  return `${beginning}…`;
}

export function count(number) {
  return number.toLocaleString('en');
}

export function fraction(number) {
  return number.toFixed(3);
}

export function milliseconds(number) {
  return `${number.toFixed(2)} ms`;
}

/** Shows how far something is, on stderr and only when that is a terminal: what is piped stays clean. */
export function createProgress(name, total, every = 50) {
  const terminal = process.stderr;
  if (!terminal.isTTY) return { update() {}, clear() {} };
  return {
    update(done) {
      if (done % every > 0) return;
      cursorTo(terminal, 0);
      terminal.write(`${name}: ${count(done)} of ${count(total)}`);
    },
    clear() {
      cursorTo(terminal, 0);
      clearLine(terminal, 0);
    },
  };
}
