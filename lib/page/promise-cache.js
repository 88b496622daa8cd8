'use strict';

/** A cache of promises by key. Evicts the least recently used ones, and those that fail. */
class PromiseCache {
  #most;
  #evicted;
  #weigh;
  /** @type {Map<unknown, Promise<any>>} */
  #values = new Map();
  /**
   * How much each promise takes of `most`; 1 until it is resolved.
   * @type {WeakMap<Promise<any>, number>}
   */
  #weights = new WeakMap();

  /**
   * Calls `evicted` with each evicted promise. `weigh` returns how much of `most` a value takes; the value used last is kept
   * whatever it weighs.
   *
   * @param {number} most
   * @param {{ evicted?: (value: Promise<any>) => void, weigh?: (value: any) => number }} options
   */
  constructor(most, { evicted = (_value) => {}, weigh = (_value) => 1 } = {}) {
    this.#most = most;
    this.#evicted = evicted;
    this.#weigh = weigh;
  }

  /**
   * Returns the promise of a key, made if it is not there.
   * @param {unknown} key
   * @param {() => Promise<any>} make
   */
  get(key, make) {
    const value = this.#values.get(key) ?? this.#added(make());
    this.#values.delete(key);
    this.#values.set(key, value);
    value.catch(() => this.#values.delete(key));
    this.#makeRoom();
    return value;
  }

  /** The keys and their promises, the least recently used first. */
  entries() {
    return [...this.#values];
  }

  /** @param {Promise<any>} value */
  #added(value) {
    value.then(
      (found) => {
        this.#weights.set(value, this.#weigh(found));
        this.#makeRoom();
      },
      () => {},
    );
    return value;
  }

  #makeRoom() {
    const weightOf = (/** @type {Promise<any>} */ value) => this.#weights.get(value) ?? 1;
    let sum = [...this.#values.values()].reduce((total, value) => total + weightOf(value), 0);
    for (const [key, value] of this.#values) {
      if (sum <= this.#most || this.#values.size === 1) return;
      sum -= weightOf(value);
      this.#values.delete(key);
      this.#evicted(value);
    }
  }
}

module.exports = { PromiseCache };
