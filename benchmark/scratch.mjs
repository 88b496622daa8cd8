/** Files of the bench: made fresh, removed when done. */

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';

export class Scratch {
  #folder;
  #count = 0;

  constructor(parent) {
    mkdirSync(parent, { recursive: true });
    this.#folder = mkdtempSync(join(parent, 'run-'));
    process.once('exit', () => this.removeAll());
    // Without a handler, a signal would end the process and leave gigabytes behind.
    process.once('SIGINT', () => process.exit(130));
    process.once('SIGTERM', () => process.exit(143));
  }

  /** Returns a path that nothing has used. */
  path(name) {
    return join(this.#folder, `${++this.#count}-${name}`);
  }

  /** Removes a database file with its companions. */
  remove(path) {
    for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(path + suffix, { force: true });
  }

  removeAll() {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
