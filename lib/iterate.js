'use strict';

/**
 * Reads the cases of a run in chunks as they are consumed.
 */

const { setImmediate: nextTurn } = require('node:timers/promises');

/** `read(position)` returns `{ rows, position }`; no rows is the end. */
class CaseIterable {
  #read;

  constructor(read) {
    this.#read = read;
  }

  *[Symbol.iterator]() {
    for (let chunk = this.#read(null); chunk.rows.length > 0; chunk = this.#read(chunk.position)) yield* chunk.rows;
  }

  async *[Symbol.asyncIterator]() {
    for (let chunk = this.#read(null); chunk.rows.length > 0; chunk = this.#read(chunk.position)) {
      yield* chunk.rows;
      // Awaiting a row lets only microtasks run; timers and sockets run between chunks.
      await nextTurn();
    }
  }
}

module.exports = { CaseIterable };
