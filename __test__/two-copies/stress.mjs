// Opens, writes, reads and closes one file through connections of many kinds in random order.

import { Random } from '../differential/random.mjs';

const MOST_OPEN = 6;

export class Stress {
  #open = [];
  #random;
  /** Ids of the rows whose write has returned. */
  acknowledged = [];

  /**
   * @param options.kinds what may be opened, see connections.mjs
   * @param options.prefix of the ids that are written
   * @param options.alone whether no other process writes to the file, so that each connection must see exactly our rows
   */
  constructor({ path, kinds, seed, prefix = 'row', alone = true }) {
    Object.assign(this, { path, kinds, prefix, alone });
    this.#random = new Random(seed);
  }

  run(steps) {
    for (let step = 0; step < steps; step++) this.#step();
  }

  closeAll() {
    while (this.#open.length > 0) this.#close();
  }

  #step() {
    const actions = { open: this.#open.length < MOST_OPEN ? 3 : 0, write: 6, count: 2, close: 2 };
    const action = this.#open.length === 0 ? 'open' : this.#random.weighted(actions);
    if (action === 'open') this.#openOne();
    if (action === 'write') this.#write();
    if (action === 'count') this.#count();
    if (action === 'close') this.#close();
  }

  #openOne() {
    const kind = this.#random.pick(Object.keys(this.kinds));
    this.#open.push({ kind, ...this.kinds[kind](this.path) });
  }

  #write() {
    const connection = this.#random.pick(this.#open);
    for (let left = this.#random.between(1, 4); left > 0; left--) {
      const id = `${this.prefix}-${this.acknowledged.length}`;
      connection.write(id);
      this.acknowledged.push(id);
    }
  }

  #count() {
    const { kind, count } = this.#random.pick(this.#open);
    const seen = count();
    const missing = this.alone ? seen !== this.acknowledged.length : seen < this.acknowledged.length;
    if (missing) throw new Error(`${kind} sees ${seen} rows of ${this.acknowledged.length} acknowledged`);
  }

  #close() {
    const [connection] = this.#open.splice(this.#random.below(this.#open.length), 1);
    connection.close();
  }
}
