'use strict';

/**
 * Reads the cases of a run in chunks as they are consumed.
 */

const { setImmediate: nextTurn } = require('node:timers/promises');

/** `read(position)` returns `{ rows, position }`, or a promise of it; no rows means the end. */
class AsyncCaseIterable {
  #read;

  constructor(read) {
    this.#read = read;
  }

  async *[Symbol.asyncIterator]() {
    for (let chunk = await this.#read(null); chunk.rows.length > 0; chunk = await this.#read(chunk.position)) {
      yield* chunk.rows;
      // Awaiting a row runs only microtasks; timers and sockets get their turn between chunks.
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
