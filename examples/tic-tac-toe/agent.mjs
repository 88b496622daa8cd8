import { EMPTY, moves, other, outcome, play } from './game.mjs';

/** What a board is worth that nothing is known of. */
const UNKNOWN = 0.5;
const LEARNING_RATE = 0.3;
const EXPLORATION = 0.3;

/**
 * Learns by Q-learning with a table. A move is worth what the resulting board is worth to the player who made it, so the table has
 * boards, seen by their player, in place of boards and moves.
 */
export class Agent {
  #values = new Map();
  #random;

  constructor(random) {
    this.#random = random;
  }

  /** Returns the best move that it knows; among equals the first. */
  choose(board, mark) {
    return this.#best(board, mark).place;
  }

  /** What the agent believes of a move, from 0 (lost) to 1 (won). */
  value(board, place, mark) {
    const after = play(board, place, mark);
    const ended = outcome(after);
    if (ended !== undefined) return ended === 'draw' ? 0.5 : 1;
    return this.#values.get(seenBy(after, mark)) ?? UNKNOWN;
  }

  /** Plays games against itself, and learns from both sides. */
  train(games) {
    for (let game = 0; game < games; game++) this.#playAgainstItself();
  }

  #playAgainstItself() {
    let board = EMPTY;
    let mark = 'X';
    const before = { X: undefined, O: undefined };
    for (;;) {
      // The value of its last board is the value of the best move from there, whichever move is made.
      const best = this.#best(board, mark);
      this.#learn(before[mark], best.value);
      const open = moves(board);
      const place = this.#random() < EXPLORATION ? open[Math.floor(this.#random() * open.length)] : best.place;
      board = play(board, place, mark);
      const ended = outcome(board);
      if (ended !== undefined) {
        this.#learn(before[other(mark)], ended === 'draw' ? 0.5 : 0);
        return;
      }
      before[mark] = seenBy(board, mark);
      mark = other(mark);
    }
  }

  #best(board, mark) {
    const known = moves(board).map((place) => ({ place, value: this.value(board, place, mark) }));
    return known.reduce((best, one) => (one.value > best.value ? one : best));
  }

  #learn(board, target) {
    if (board === undefined) return;
    const known = this.#values.get(board) ?? UNKNOWN;
    this.#values.set(board, known + LEARNING_RATE * (target - known));
  }
}

function seenBy(board, mark) {
  return mark === 'X' ? board : board.replace(/[XO]/g, other);
}
