'use strict';

/** A cache of promises by key. Evicts the least recently used one, and those that fail. */
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
