'use strict';

/** The runs that are open in the live page. Their rows are cached, so that scrolling reads nothing again. */

const { ROWS_IN_BLOCK } = require('../constants.js');
const { askStore } = require('../connection/store-access.js');
const { rangeError } = require('../errors.js');
const { loadShared } = require('../load-page.js');
const { PromiseCache } = require('./promise-cache.js');

/** Number of cached pairs of runs, and of selections. */
const KEPT_PAIRS = 4;
const KEPT_SELECTIONS = 16;
/** Number of bodies that a text search reads at once. */
const BATCH = 200;

class LivePairs {
  #store;
  #pairs = new PromiseCache(KEPT_PAIRS);
  #selections = new PromiseCache(KEPT_SELECTIONS);

  constructor(store) {
    this.#store = store;
  }

  /** Resolves with the data of the runs except their rows. */
  async head(asked) {
    const { index } = await this.#pair(asked);
    const { rows, ...head } = index;
    return { head, charts: loadShared().chartsOf(index), count: rows.count, version: asked.version };
  }

  async select(asked) {
    const { rows, problems } = await this.#selected(asked);
    return { total: rows.length, problems };
  }

  async rows(asked, from, to) {
    const { index } = await this.#pair(asked);
    const { rows } = await this.#selected(asked);
    return rows.slice(from, Math.min(to, from + ROWS_IN_BLOCK)).map((row) => loadShared().viewOf(index, row));
  }

  /** Resolves with the position of a row in the selection, −1 if it is not in it. */
  async place(asked, row) {
    const { rows } = await this.#selected(asked);
    return rows.indexOf(row);
  }

  async view(asked, row) {
    const { index } = await this.#pair(asked);
    return loadShared().viewOf(index, existing(index, row));
  }

  async body(asked, row) {
    const { index, ids } = await this.#pair(asked);
    const [body] = await this.#read([ids[existing(index, row)]]);
    return body;
  }

  #pair({ run, baseline, version }) {
    return this.#pairs.get(JSON.stringify([run, baseline, version]), async () => {
      const options = JSON.stringify(baseline === null ? {} : { baseline });
      const [, index, ids] = await this.#ask('page', run, options);
      return { index: JSON.parse(index), ids: JSON.parse(ids) };
    });
  }

  async #selected(asked) {
    const pair = await this.#pair(asked);
    const { run, baseline, version, query, sort } = asked;
    return this.#selections.get(JSON.stringify([run, baseline, version, query, sort]), () =>
      this.#choose(pair, query, sort),
    );
  }

  async #choose({ index, ids }, query, sort) {
    const { bodyTest, parseQuery, searched, select } = loadShared();
    const names = index.scorers.map(({ name }) => name);
    const { terms, problems } = parseQuery(query, names);
    const rows = select(index, terms, { by: sort.replace(/^-/, ''), descending: sort.startsWith('-') });
    const test = bodyTest(index, terms);
    if (test === null) return { rows, problems };
    return { rows: await searched(rows, test, (wanted) => this.#bodies(ids, wanted)), problems };
  }

  async *#bodies(ids, rows) {
    for (let from = 0; from < rows.length; from += BATCH) {
      const some = rows.slice(from, from + BATCH);
      const bodies = await this.#read(some.map((row) => ids[row]));
      for (const [at, row] of some.entries()) yield { row, body: bodies[at] };
    }
  }

  #read(ids) {
    return this.#ask('pageBodies', JSON.stringify(ids), '[]').then(JSON.parse);
  }

  #ask(method, ...args) {
    return askStore(this.#store, 'viewer: store', (ask) => ask((answer) => answer, method, 'viewer', ...args));
  }
}

function existing({ rows }, row) {
  if (row < rows.count) return row;
  throw rangeError('viewer: row', `must be less than ${rows.count}, not ${row}`);
}

module.exports = { LivePairs };
