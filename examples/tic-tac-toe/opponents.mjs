import { moves, other, outcome, play } from './game.mjs';

const pick = (random, list) => list[Math.floor(random() * list.length)];

/** Moves anywhere. */
export const anywhere = (random) => (board) => pick(random, moves(board));

/** Never loses: of the moves that are best when both sides see the end, it takes any. */
export const perfect = (random) => (board, mark) => {
  const valued = moves(board).map((place) => ({ place, value: -valueFor(play(board, place, mark), other(mark)) }));
  const best = Math.max(...valued.map(({ value }) => value));
  return pick(
    random,
    valued.filter(({ value }) => value === best),
  ).place;
};

const known = new Map();

/** Returns 1 when who is to move wins, -1 when they lose, and 0 for a draw. */
function valueFor(board, mark) {
  const ended = outcome(board);
  if (ended !== undefined) return ended === 'draw' ? 0 : -1;
  const key = board + mark;
  if (!known.has(key)) {
    known.set(key, Math.max(...moves(board).map((place) => -valueFor(play(board, place, mark), other(mark)))));
  }
  return known.get(key);
}
