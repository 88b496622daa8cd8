'use strict';

/** A cache of promises by key. Evicts the least recently used one, and those that fail. */
class PromiseCache {
  #most;
  #evicted;
  #values = new Map();

  /** Calls `evicted` with each promise that makes room for another. */
  constructor(most, evicted = (_value) => {}) {
    this.#most = most;
    this.#evicted = evicted;
  }

  get(key, make) {
    const value = this.#values.get(key) ?? make();
    this.#values.delete(key);
    this.#values.set(key, value);
    value.catch(() => this.#values.delete(key));
    if (this.#values.size > this.#most) this.#evict();
    return value;
  }

  /** The keys and their promises, the least recently used first. */
  entries() {
    return [...this.#values];
  }

  #evict() {
    const [[oldest, value]] = this.#values;
    this.#values.delete(oldest);
    this.#evicted(value);
  }
}

module.exports = { PromiseCache };
