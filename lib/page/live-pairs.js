'use strict';

/**
 * The runs that are open in the live page. Their rows are cached, so that scrolling reads nothing again. Until all rows of large
 * runs are read, which takes time in proportion to their number, the first ones are shown.
 */

const { setImmediate } = require('node:timers/promises');
const { ROWS_IN_BLOCK } = require('../constants.js');
const { rangeError } = require('../errors.js');
const { loadShared } = require('../load-page.js');
const { asking } = require('./asking.js');
const { PromiseCache } = require('./promise-cache.js');

/** Number of cached pairs of runs, and of selections. A pair with more rows counts for several. */
const KEPT_PAIRS = 4;
const KEPT_SELECTIONS = 16;
const ROWS_OF_ONE = 250_000;
/** Number of bodies that a text search reads at once. */
const BATCH = 200;
/** What the page asks for at first: all rows, in their order or the worst first. */
const FIRST_SORT = '';

class LivePairs {
  #shown;
  #answers;
  #reads;
  #wholes = new PromiseCache(KEPT_PAIRS, { weigh: ({ index }) => Math.ceil(index.rows.count / ROWS_OF_ONE) });
  #beginnings = new PromiseCache(KEPT_PAIRS);
  #selections = new PromiseCache(KEPT_SELECTIONS);
  /** The shares that running searches have read. */
  #searching = new Map();

  /**
   * `reading` reads whole runs; while it does, `store` answers what is asked for. `shown` are options of pages; `signal` ends
   * the reading.
   */
  constructor(store, reading, { shown, signal }) {
    this.#shown = shown;
    this.#answers = asking(store, signal);
    this.#reads = asking(reading, signal);
  }

  /** Resolves with the data of the runs except their rows; with what is there already unless all of it is wanted. */
  async head(asked, isAllWanted) {
    const { index, isWhole } = await (isAllWanted ? this.#whole(asked) : this.#soonest(asked));
    const { rows, ...head } = index;
    const counts = isWhole ? loadShared().countsOf(index) : null;
    return { head, counts, count: rows.count, version: asked.version };
  }

  /** Resolves with what the charts of a scorer show. */
  async charts(asked, scorer) {
    const { index } = await this.#whole(asked);
    const { length } = index.scorers;
    if (scorer >= length) throw rangeError('viewer: scorer', `must be less than ${length}, not ${scorer}`);
    return loadShared().chartsOf(index, scorer);
  }

  /** Resolves with the number of rows that a filter selects. `signal` ends a search whose result is no longer needed. */
  async select(asked, signal) {
    const { rows, problems } = await this.#selected(asked, await this.#fitting(asked), signal);
    return { total: rows.length, problems };
  }

  /** Returns the share of the texts that the search for a selection has read, from 0 to 1. */
  progress(asked) {
    return this.#searching.get(selectionKey(asked)) ?? 0;
  }

  async rows(asked, from, to) {
    const pair = await this.#fitting(asked);
    const { rows } = await this.#selected(asked, pair);
    return rows.slice(from, Math.min(to, from + ROWS_IN_BLOCK)).map((row) => loadShared().viewOf(pair.index, row));
  }

  /** Resolves with the position of a row in the selection, −1 if it is not in it. */
  async place(asked, row) {
    const { rows } = await this.#selected(asked, await this.#fitting(asked));
    return rows.indexOf(row);
  }

  async view(asked, row) {
    const { index } = await this.#with(asked, row);
    return loadShared().viewOf(index, row);
  }

  async body(asked, row) {
    const { ids } = await this.#with(asked, row);
    const [body] = await this.#bodiesOf([ids[row]]);
    return body;
  }

  /** A page first names runs as its address does, then by their ids: large runs are read once for both. */
  async #whole(asked) {
    const named = namedById(asked, await this.#beginning(asked));
    return this.#wholes.get(keyOf(named), async () => {
      const [, index, ids] = await this.#reads('page', named.run, this.#optionsOf(named));
      return { index: JSON.parse(index), ids: JSON.parse(ids), isWhole: true };
    });
  }

  /** Resolves with the first rows of large runs, null for others. */
  #beginning(asked) {
    return this.#beginnings.get(keyOf(asked), async () => {
      const [index, ids] = await this.#answers('pageBeginning', asked.run, this.#optionsOf(asked));
      return index === undefined ? null : { index: JSON.parse(index), ids: JSON.parse(ids), isWhole: false };
    });
  }

  /** Resolves with the whole pair if it is read or small, otherwise with its beginning. */
  async #soonest(asked) {
    const beginning = await this.#beginning(asked);
    const whole = this.#whole(asked);
    // A whole pair that is there already wins.
    return beginning === null ? whole : Promise.race([whole, setImmediate(beginning)]);
  }

  /** Filters and other orders need all rows. */
  #fitting(asked) {
    return asked.query === '' && asked.sort === FIRST_SORT ? this.#soonest(asked) : this.#whole(asked);
  }

  /** Resolves with a pair that has this row. */
  async #with(asked, row) {
    const soon = await this.#soonest(asked);
    const pair = soon.isWhole || rowsIn(soon.index).includes(row) ? soon : await this.#whole(asked);
    const { count } = pair.index.rows;
    if (row < count) return pair;
    throw rangeError('viewer: row', `must be less than ${count}, not ${row}`);
  }

  async #selected(asked, pair, signal = /** @type {AbortSignal | undefined} */ (undefined)) {
    const key = JSON.stringify([selectionKey(asked), pair.isWhole]);
    try {
      return await this.#selections.get(key, async () =>
        pair.isWhole ? this.#choose(pair, asked, signal) : { rows: rowsIn(pair.index), problems: [] },
      );
    } catch (error) {
      // Another request began the search, and was abandoned.
      if (error.name === 'AbortError' && signal?.aborted === false) return this.#selected(asked, pair, signal);
      throw error;
    }
  }

  async #choose({ index, ids }, asked, signal) {
    const { query, sort } = asked;
    const { bodyTest, orderOf, parseQuery, searched, select } = loadShared();
    const names = index.scorers.map(({ name }) => name);
    const { any, problems } = parseQuery(query, names);
    const rows = select(index, any, orderOf(sort));
    const test = bodyTest(index, any);
    if (test === null) return { rows, problems };
    const key = selectionKey(asked);
    try {
      const onProgress = (part) => this.#searching.set(key, part);
      const read = (wanted) => this.#bodies(ids, wanted, onProgress, signal);
      return { rows: await searched(rows, test, read), problems };
    } finally {
      this.#searching.delete(key);
    }
  }

  async *#bodies(ids, rows, onProgress, signal) {
    for (let from = 0; from < rows.length; from += BATCH) {
      signal?.throwIfAborted();
      onProgress(from / rows.length);
      const some = rows.slice(from, from + BATCH);
      const bodies = await this.#bodiesOf(some.map((row) => ids[row]));
      for (const [at, row] of some.entries()) yield { row, body: bodies[at] };
    }
  }

  /** The history has a request of its own, because it needs other runs. */
  #optionsOf({ baseline }) {
    const options = { ...this.#shown, history: 0 };
    return JSON.stringify(baseline === null ? options : { ...options, baseline });
  }

  #bodiesOf(ids) {
    return this.#answers('pageBodies', JSON.stringify(ids), '[]').then(JSON.parse);
  }
}

function namedById(asked, beginning) {
  if (beginning === null) return asked;
  const { candidate, baseline } = beginning.index;
  return { ...asked, run: candidate.id, baseline: baseline?.id ?? null };
}

function keyOf({ run, baseline, version }) {
  return JSON.stringify([run, baseline, version]);
}

function selectionKey(asked) {
  return JSON.stringify([keyOf(asked), asked.query, asked.sort]);
}

/** The rows of a beginning that both runs have; what one of them lacks may come later in it. */
function rowsIn({ rows: { count, baseline, candidate } }) {
  const isThere = (row) => candidate.trials[row] > 0 && baseline?.trials[row] !== 0;
  return Array.from({ length: count }, (_, row) => row).filter(isThere);
}

module.exports = { LivePairs };
