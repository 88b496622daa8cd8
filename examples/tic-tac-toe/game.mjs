/** Tic-tac-toe. A board is a string of nine characters: X, O, or a dot for a free place. */

export const EMPTY = '.........';

const LINES = [
  [0, 1, 2],
  [3, 4, 5],
  [6, 7, 8],
  [0, 3, 6],
  [1, 4, 7],
  [2, 5, 8],
  [0, 4, 8],
  [2, 4, 6],
];

export const other = (mark) => (mark === 'X' ? 'O' : 'X');

export function moves(board) {
  return [...board].flatMap((mark, place) => (mark === '.' ? [place] : []));
}

export function play(board, place, mark) {
  return board.slice(0, place) + mark + board.slice(place + 1);
}

/** Returns X or O for the player with three in a line, `draw` for a full board, and `undefined` during the game. */
export function outcome(board) {
  for (const [a, b, c] of LINES) {
    if (board[a] !== '.' && board[a] === board[b] && board[a] === board[c]) return board[a];
  }
  return board.includes('.') ? undefined : 'draw';
}

/** Returns the board as people see it. */
export function show(board) {
  return [0, 3, 6].map((row) => [...board.slice(row, row + 3)].join(' ')).join('\n');
}
