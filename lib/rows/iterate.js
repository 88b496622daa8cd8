'use strict';

/**
 * Reads the cases of a run in chunks as they are consumed.
 */

const { setImmediate: nextTurn } = require('node:timers/promises');

/** `read(position)` returns `{ rows, position }`, or a promise of that; no rows is the end. */
class AsyncCaseIterable {
  #read;

  constructor(read) {
    this.#read = read;
  }

  async *[Symbol.asyncIterator]() {
    for (let chunk = await this.#read(null); chunk.rows.length > 0; chunk = await this.#read(chunk.position)) {
      yield* chunk.rows;
      // Awaiting a row lets only microtasks run; timers and sockets run between chunks.
      await nextTurn();
    }
  }
}

/** `read(position)` returns no promise. */
class CaseIterable extends AsyncCaseIterable {
  #read;

  constructor(read) {
    super(read);
    this.#read = read;
  }

  *[Symbol.iterator]() {
    for (let chunk = this.#read(null); chunk.rows.length > 0; chunk = this.#read(chunk.position)) yield* chunk.rows;
  }
}

module.exports = { AsyncCaseIterable, CaseIterable };
