'use strict';

/** What the live page asks for. The rows of the runs that are looked at are kept, so that a scroll reads nothing anew. */

const { statSync } = require('node:fs');

const shared = require('../../ui/dist/shared.js');
const { readBodies, readIndex, readRunRows } = require('./reader.js');

/** Pairs of runs whose rows are kept, and selections of each. */
const KEPT = 4;
/** Rows that are given out at once. */
const MOST_ROWS = 500;
/** Bodies that are read at once when texts are searched. */
const BATCH = 500;

class Views {
  #store;
  #pairs = new Map();
  #selections = new Map();

  constructor(store) {
    this.#store = store;
  }

  /** Resolves with the answer to one question of the page, `undefined` where there is no such question. */
  async answer(path, query) {
    switch (path) {
      case '/api/runs':
        return readRunRows(this.#store, query.get('search') ?? '');
      case '/api/page': {
        const { index } = await this.#pair(query);
        const { rows, ...head } = index;
        return { head, charts: shared.chartsOf(index), count: rows.count };
      }
      case '/api/select': {
        const { rows, problems } = await this.#select(query);
        return { total: rows.length, problems };
      }
      case '/api/rows': {
        const [{ index }, { rows }] = [await this.#pair(query), await this.#select(query)];
        const from = whole(query, 'from');
        return rows.slice(from, Math.min(whole(query, 'to'), from + MOST_ROWS)).map((row) => shared.viewOf(index, row));
      }
      case '/api/place': {
        const { rows } = await this.#select(query);
        return rows.indexOf(whole(query, 'row'));
      }
      case '/api/view': {
        const pair = await this.#pair(query);
        return shared.viewOf(pair.index, existing(pair, whole(query, 'row')));
      }
      case '/api/body': {
        const pair = await this.#pair(query);
        const [body] = await readBodies(this.#store, pair, [existing(pair, whole(query, 'row'))]);
        return body;
      }
      default:
        return undefined;
    }
  }

  /** Resolves with what is another value once something was written. */
  async version() {
    const { path } = this.#store;
    return [path, `${path}-wal`].map((file) => fingerprint(file)).join(' ');
  }

  async #pair(query) {
    const [candidate, baseline] = [query.get('run') ?? 'latest', query.get('baseline')];
    const version = await this.version();
    return kept(this.#pairs, JSON.stringify([candidate, baseline, version]), () =>
      readIndex(this.#store, candidate, { baseline }),
    );
  }

  async #select(query) {
    const pair = await this.#pair(query);
    const [text, sort] = [query.get('q') ?? '', query.get('sort') ?? 'case'];
    const key = JSON.stringify([
      pair.index.candidate.id,
      pair.index.baseline?.id ?? null,
      pair.index.createdAt,
      text,
      sort,
    ]);
    return kept(this.#selections, key, () => this.#selected(pair, text, sort));
  }

  async #selected(pair, text, sort) {
    const { index } = pair;
    const names = index.scorers.map(({ name }) => name);
    const { terms, problems } = shared.parseQuery(text, names);
    const rows = shared.select(index, terms, { by: sort.replace(/^-/, ''), descending: sort.startsWith('-') });
    const test = shared.bodyTest(index, terms);
    if (test === null) return { rows, problems };
    return { rows: await shared.searched(rows, test, (wanted) => this.#bodies(pair, wanted)), problems };
  }

  async *#bodies(pair, rows) {
    for (let from = 0; from < rows.length; from += BATCH) {
      const some = rows.slice(from, from + BATCH);
      const bodies = await readBodies(this.#store, pair, some);
      for (const [at, row] of some.entries()) yield { row, body: bodies[at] };
    }
  }
}

/** Returns what is kept under `key`, made where it is not; what was not used for longest goes. A failure is not kept. */
function kept(map, key, make) {
  const value = map.get(key) ?? make();
  map.delete(key);
  map.set(key, value);
  value.catch(() => map.delete(key));
  if (map.size > KEPT) map.delete(map.keys().next().value);
  return value;
}

function whole(query, name) {
  const number = Number(query.get(name) ?? Number.NaN);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  throw Object.assign(new RangeError(`"${name}" must be a whole number`), { code: 'ERR_RUNSTORE_INVALID_ARGUMENT' });
}

function existing({ index }, row) {
  if (row < index.rows.count) return row;
  throw Object.assign(new RangeError(`there is no row ${row}`), { code: 'ERR_RUNSTORE_NOT_FOUND' });
}

function fingerprint(file) {
  const found = statSync(file, { throwIfNoEntry: false });
  return found === undefined ? '-' : `${found.mtimeMs}:${found.size}`;
}

module.exports = { Views };
