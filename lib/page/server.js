'use strict';

/**
 * The server of the live page: it serves the page, and answers named queries about the store. No request names a path
 * of the file system.
 */

const { randomBytes } = require('node:crypto');
const { createServer } = require('node:http');

const { DEFAULT_BASELINE } = require('../constants.js');
const { askStore } = require('../connection/store-access.js');
const { loadLivePage } = require('../load-page.js');
const { saveAnnotations } = require('./annotations.js');
const { isLoopback, refusal } = require('./guard.js');
const { LivePairs } = require('./live-pairs.js');
const { LiveRuns } = require('./live-runs.js');

/** Interval of the check for new data. */
const LOOK_EVERY_MS = 1000;
const LONGEST_REQUEST = 1 << 20;

/** The content security policy of the page; the response header repeats it and adds what a server needs. */
const POLICY = /<meta http-equiv="Content-Security-Policy" content="([^"]*)">\n/;

/**
 * Serves the page for what `openSource` opened; resolves with its address and a function to stop it. `shown` are options of
 * pages: `lowerIsBetter`, `presets`.
 */
async function serve(source, { host, port, shown }) {
  const viewer = new Viewer(source, host, shown);
  const server = createServer((request, response) => {
    viewer.respond(request, response).catch((error) => fail(response, error));
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve(undefined));
  });
  const stopWatching = viewer.watch();
  /** @type {any} */
  const { port: chosen } = server.address();
  const close = () => {
    stopWatching();
    viewer.stopReading();
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  const { token } = viewer;
  const name = host.includes(':') ? `[${host}]` : host;
  // Reading from this machine needs no token.
  const query = source.readOnly !== undefined && isLoopback(host) ? '' : `?token=${token}`;
  return { url: `http://${name}:${chosen}/${query}`, port: chosen, token, close };
}

class Viewer {
  token = randomBytes(24).toString('base64url');
  #store;
  #host;
  /** Why writing is refused; `undefined` for a store. */
  #readOnly;
  #shown;
  #runs;
  #pairs;
  #watchers = new Set();
  #stopped = new AbortController();
  /** Writes of this server itself, which do not change `data_version`. */
  #written = 0;

  constructor({ store, forFigures = store, forPages = store, runs, readOnly }, host, shown) {
    const { signal } = this.#stopped;
    this.#store = store;
    this.#host = host;
    this.#readOnly = readOnly;
    this.#shown = shown;
    this.#runs = runs ?? new LiveRuns(store, forFigures, signal);
    this.#pairs = new LivePairs(store, forPages, { shown, signal });
  }

  async respond(request, response) {
    const { method, headers } = request;
    const { pathname, searchParams } = new URL(request.url, 'http://page.invalid');
    secure(response);
    const refused = refusal(
      { method, headers, pathname },
      {
        host: this.#host,
        token: this.token,
        readOnly: this.#readOnly,
      },
    );
    if (refused !== null) return send(response, refused.status, { error: refused.reason });
    if (pathname === '/') return sendPage(response, this.#readOnly !== undefined);
    if (pathname === '/api/events') return this.#follow(request, response);
    const answer =
      method === 'POST'
        ? await this.#write(pathname, await bodyOf(request))
        : await this.#answer(pathname, searchParams, abandoned(response));
    if (answer === undefined) return send(response, 404, { error: 'nothing is served at this address' });
    send(response, 200, answer);
  }

  async #answer(pathname, query, signal) {
    const whole = (name) => wholeNumber(query.get(name));
    switch (pathname) {
      case '/api/suites':
        return this.#runs.suites();
      case '/api/runs':
        return this.#list(query);
      case '/api/figures':
        return this.#runs.figures(query.get('run') ?? '', await this.#version());
      case '/api/page':
        return this.#pairs.head(await this.#asked(query), query.get('whole') !== null);
      case '/api/history':
        return this.#runs.history(query.get('suite') ?? '', await this.#version());
      case '/api/charts':
        return this.#pairs.charts(await this.#asked(query), whole('scorer'));
      case '/api/select':
        return this.#pairs.select(await this.#asked(query), signal);
      case '/api/progress':
        return this.#pairs.progress(await this.#asked(query));
      case '/api/rows':
        return this.#pairs.rows(await this.#asked(query), whole('from'), whole('to'));
      case '/api/place':
        return this.#pairs.place(await this.#asked(query), whole('row'));
      case '/api/view':
        return this.#pairs.view(await this.#asked(query), whole('row'));
      case '/api/body':
        return this.#pairs.body(await this.#asked(query), whole('row'));
      default:
        return undefined;
    }
  }

  async #list(query) {
    const [search, suite, cursor] = ['search', 'suite', 'cursor'].map((name) => query.get(name));
    const { lowerIsBetter } = this.#shown;
    return { ...(await this.#runs.page({ search, suite, cursor })), lowerIsBetter };
  }

  async #write(pathname, given) {
    switch (pathname) {
      case '/api/baseline':
        await this.#store.setBaseline(given.suite, given.run, DEFAULT_BASELINE);
        break;
      case '/api/annotations':
        await saveAnnotations(this.#store, given.annotations);
        break;
      default:
        return undefined;
    }
    this.#written++;
    this.#tell();
    return {};
  }

  /**
   * Returns the pair that a query asks for, as of when the page first read it, so that an open page does not change
   * while a run grows.
   */
  async #asked(query) {
    const baseline = query.get('baseline');
    return {
      run: await this.#runs.inStore(query.get('run') ?? 'latest'),
      baseline: baseline === null ? null : await this.#runs.inStore(baseline),
      version: query.get('version') ?? (await this.#version()),
      query: query.get('q') ?? '',
      sort: query.get('sort') ?? '',
    };
  }

  /** Resolves with a string that changes with each write. */
  async #version() {
    const version = await askStore(this.#store, 'viewer: store', (ask) => ask((answer) => answer, 'dataVersion'));
    return `${version}.${this.#written}`;
  }

  /** Ends abandoned readings of whole runs. */
  stopReading() {
    this.#stopped.abort();
  }

  #follow(request, response) {
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    response.write(': hello\n\n');
    this.#watchers.add(response);
    request.on('close', () => this.#watchers.delete(response));
  }

  #tell() {
    for (const watcher of this.#watchers) watcher.write('event: change\ndata: {}\n\n');
  }

  /** Notifies all followers of writes; returns a function that stops this. */
  watch() {
    let known;
    const timer = setInterval(async () => {
      if (this.#watchers.size === 0) return;
      const now = await this.#version().catch(() => known);
      if (known !== undefined && now !== known) this.#tell();
      known = now;
    }, LOOK_EVERY_MS);
    return () => {
      clearInterval(timer);
      for (const watcher of this.#watchers) watcher.end();
    };
  }
}

function secure(response) {
  response.setHeader('cache-control', 'no-store');
  response.setHeader('referrer-policy', 'no-referrer');
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('x-frame-options', 'DENY');
  response.setHeader('cross-origin-resource-policy', 'same-origin');
  response.setHeader('cross-origin-opener-policy', 'same-origin');
}

function sendPage(response, isReadOnly) {
  const { beforeTitle, beforeIndex, ...others } = loadLivePage();
  const mark = isReadOnly ? '<meta name="runstore-read-only">' : '';
  const html = [beforeTitle, 'runstore', beforeIndex, mark, ...Object.values(others)].join('');
  const [, policy] = POLICY.exec(html) ?? [];
  response.setHeader('content-security-policy', `${policy}; connect-src 'self'; frame-ancestors 'none'`);
  // The header allows more; the element would restrict it again.
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(html.replace(POLICY, ''));
}

/** Returns a signal of the end of a connection: a search whose filter was changed again is not continued. */
function abandoned(response) {
  const aborter = new AbortController();
  response.on('close', () => aborter.abort());
  return aborter.signal;
}

function send(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body ?? null));
}

/** Errors of the store are reported to the client; of all others, only that they happened. */
function fail(response, error) {
  if (response.headersSent) return response.destroy();
  const isKnown = typeof error?.code === 'string' && error.code.startsWith('ERR_RUNSTORE_');
  const status = error?.code === 'ERR_RUNSTORE_NOT_FOUND' ? 404 : isKnown ? 400 : (error?.status ?? 500);
  send(response, status, { error: isKnown || status < 500 ? error.message : 'the server failed' });
}

/** An error for a request that cannot be answered. */
const wrong = (status, message) => Object.assign(new Error(message), { status });

async function bodyOf(request) {
  const parts = [];
  let length = 0;
  for await (const part of request) {
    length += part.length;
    // Reads to the end in any case: a client that is cut off in the middle receives no response.
    if (length <= LONGEST_REQUEST) parts.push(part);
  }
  if (length > LONGEST_REQUEST) throw wrong(413, 'the request is too long');
  try {
    const given = JSON.parse(Buffer.concat(parts).toString('utf8'));
    if (typeof given === 'object' && given !== null && !Array.isArray(given)) return given;
  } catch {
    // The error is reported below.
  }
  throw wrong(400, 'the request is not a JSON object');
}

function wholeNumber(text) {
  const number = text === null || text === '' ? Number.NaN : Number(text);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  throw wrong(400, 'row and scorer must be whole numbers');
}

module.exports = { isLoopback, serve };
