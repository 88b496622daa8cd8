/**
 * The pure-Rust limit: benches/limit does the same work through rusqlite on rows that it already has in memory, on
 * files that runstore made, so with its schema. No JavaScript, no boundary, no JSON.
 *
 * It stays alive and answers one line of JSON per line of JSON, so that it can take its turn in every round.
 */

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { buildProgram } from './cargo.mjs';

export class Limit {
  #child;
  #answers;

  constructor(program = buildProgram('limit')) {
    this.#child = spawn(program, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#answers = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /** Sends a request; resolves to the milliseconds that the work took. */
  async ask(request) {
    const { ms } = await this.#request(request);
    return ms;
  }

  /** Resolves to the version of the SQLite inside, which is runstore's own. */
  async sqliteVersion() {
    const { version } = await this.#request({ op: 'version' });
    return version;
  }

  async #request(request) {
    this.#child.stdin.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await this.#answers.next();
    if (done) throw new Error(`benches/limit ended during ${request.op}`);
    const answer = JSON.parse(value);
    if (answer.error) throw new Error(`benches/limit, ${request.op}: ${answer.error}`);
    return answer;
  }

  close() {
    this.#child.stdin.end();
  }
}
