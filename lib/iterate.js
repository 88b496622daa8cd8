'use strict';

/**
 * Reads the cases or trajectories of a run in chunks as they are consumed.
 */

const { setImmediate: nextTurn } = require('node:timers/promises');

/** `read(position)` returns `{ rows, position }`; no position is the end. */
class ChunkIterable {
  #read;

  constructor(read) {
    this.#read = read;
  }

  *[Symbol.iterator]() {
    for (const rows of this.#chunks()) yield* rows;
  }

  async *[Symbol.asyncIterator]() {
    for (const rows of this.#chunks()) {
      yield* rows;
      // Awaiting a row lets only microtasks run; timers and sockets run between chunks.
      await nextTurn();
    }
  }

  *#chunks() {
    let position = null;
    do {
      const chunk = this.#read(position);
      yield chunk.rows;
      position = chunk.position;
    } while (position !== null);
  }
}

module.exports = { ChunkIterable };
