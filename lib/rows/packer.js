'use strict';

/**
 * Packs rows into three buffers, so that hundreds of rows cross to Rust in one call.
 *
 * All text is in one buffer; its lengths, and all numbers, are in arrays beside it, in the order in which
 * `src/store/packed.rs` reads them.
 */

const { BATCH_BYTES, BATCH_ROWS, MAX_ROW_BYTES } = require('../constants.js');
const { tooLarge } = require('../errors.js');

const NONE = -1;
const SAME = -2;

/** Room for the lengths and numbers of most rows. */
const LENGTHS = BATCH_ROWS * 24;
const NUMBERS = BATCH_ROWS * 12;
/** A buffer that a huge row enlarged beyond this is not kept for later rows. */
const KEPT_BYTES = 8 << 20;

/**
 * Allocates memory for text. Node has `utf8Write`, its types do not.
 * @param {number} bytes
 * @returns {Buffer & { utf8Write(text: string, at: number, most: number): number }}
 */
function newText(bytes) {
  return /** @type {any} */ (Buffer.allocUnsafeSlow(bytes));
}

class Packer {
  text = newText(BATCH_BYTES);
  lengths = new Int32Array(LENGTHS);
  numbers = new Float64Array(NUMBERS);
  rows = 0;
  firstRow = 0;
  /** Whether earlier rows of the same call have crossed already, in an open transaction. */
  inBatch = false;
  /** The name of the list, for errors about a row. */
  list = '';
  row = 0;
  part = '';
  #textEnd = 0;
  #lengthsEnd = 0;
  #numbersEnd = 0;
  #repeated = null;

  get isFull() {
    return this.rows >= BATCH_ROWS || this.#textEnd >= BATCH_BYTES;
  }

  /** Returns the used parts of text, lengths and numbers. */
  used() {
    return [
      this.text.subarray(0, this.#textEnd),
      this.lengths.subarray(0, this.#lengthsEnd),
      this.numbers.subarray(0, this.#numbersEnd),
    ];
  }

  /** Makes room for the rows after those that have crossed. */
  next() {
    this.firstRow += this.rows;
    this.rows = 0;
    this.#textEnd = 0;
    this.#lengthsEnd = 0;
    this.#numbersEnd = 0;
    this.#repeated = null;
    this.#shrink();
  }

  #shrink() {
    if (this.text.byteLength > KEPT_BYTES) this.text = newText(BATCH_BYTES);
    if (this.lengths.byteLength > KEPT_BYTES) this.lengths = new Int32Array(LENGTHS);
    if (this.numbers.byteLength > KEPT_BYTES) this.numbers = new Float64Array(NUMBERS);
  }

  reset() {
    this.next();
    this.firstRow = 0;
    this.inBatch = false;
  }

  #putLength(length) {
    if (this.#lengthsEnd === this.lengths.length) this.lengths = grown(this.lengths, Int32Array);
    this.lengths[this.#lengthsEnd++] = length;
  }

  putNumber(number) {
    if (this.#numbersEnd === this.numbers.length) this.numbers = grown(this.numbers, Float64Array);
    this.numbers[this.#numbersEnd++] = number;
  }

  putText(text) {
    // A UTF-16 code unit takes at most three bytes (a surrogate pair, two units, takes four).
    let most = text.length * 3;
    if (this.text.length - this.#textEnd < most) {
      if (most > BATCH_BYTES) most = Buffer.byteLength(text);
      this.#growText(most);
    }
    const length = this.text.utf8Write(text, this.#textEnd, most);
    this.#textEnd += length;
    this.#putLength(length);
  }

  putNone() {
    this.#putLength(NONE);
  }

  /** For a column whose neighbours are mostly equal. */
  putRepeated(text) {
    if (text === this.#repeated) this.#putLength(SAME);
    else this.putText((this.#repeated = text));
  }

  putSame() {
    this.#putLength(SAME);
  }

  putFlag(flag) {
    this.#putLength(flag);
  }

  /** Reserves space for a count that is known only later. */
  reserveCount() {
    this.#putLength(0);
    return this.#lengthsEnd - 1;
  }

  setCount(place, count) {
    this.lengths[place] = count;
  }

  #growText(most) {
    // The rows before this one take less than BATCH_BYTES.
    if (this.#textEnd + most > BATCH_BYTES + MAX_ROW_BYTES) {
      const limit = `the texts of a row take ${MAX_ROW_BYTES} bytes at most`;
      throw tooLarge(`${this.list}[${this.row}]`, `is too large: ${limit}`);
    }
    if (this.text.length - this.#textEnd >= most) return;
    const larger = newText(Math.max(this.text.length * 2, this.#textEnd + most));
    this.text.copy(larger, 0, 0, this.#textEnd);
    this.text = larger;
  }
}

function grown(array, Type) {
  const larger = new Type(array.length * 2);
  larger.set(array);
  return larger;
}

// Code of the caller (getters, toJSON, iterators) runs while a batch is packed, and may save a batch of its own.
let idle = null;

function take() {
  const packer = idle ?? new Packer();
  idle = null;
  return packer;
}

function giveBack(packer) {
  packer.reset();
  idle = packer;
}

module.exports = { giveBack, take };
