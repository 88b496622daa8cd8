'use strict';

/**
 * Reads the cases of a run in chunks as they are consumed.
 */

const { setImmediate: nextTurn } = require('node:timers/promises');

/**
 * No rows means the end.
 * @typedef {{ rows: any[], position?: unknown }} Chunk
 */

/** Reads the next chunk, now or with a promise. */
class AsyncCaseIterable {
  #read;

  /** @param {(position: any) => Chunk | Promise<Chunk>} read */
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

/** Reads the next chunk now. */
class CaseIterable extends AsyncCaseIterable {
  #read;

  /** @param {(position: any) => Chunk} read */
  constructor(read) {
    super(read);
    this.#read = read;
  }

  *[Symbol.iterator]() {
    for (let chunk = this.#read(null); chunk.rows.length > 0; chunk = this.#read(chunk.position)) yield* chunk.rows;
  }
}

module.exports = { AsyncCaseIterable, CaseIterable };
