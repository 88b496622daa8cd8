'use strict';

/** Promises that are kept by their key; what was not used for longest goes, and so does a failure. */
class Kept {
  #most;
  #values = new Map();

  constructor(most) {
    this.#most = most;
  }

  get(key, make) {
    const value = this.#values.get(key) ?? make();
    this.#values.delete(key);
    this.#values.set(key, value);
    value.catch(() => this.#values.delete(key));
    if (this.#values.size > this.#most) this.#values.delete(this.#values.keys().next().value);
    return value;
  }
}

module.exports = { Kept };
