'use strict';

/**
 * The server of the live page. It answers on one address of this machine, to requests that name it, and gives out nothing but
 * the page and what is in the store: there is no path of the file system in any request.
 */

const { randomBytes, timingSafeEqual } = require('node:crypto');
const { createServer } = require('node:http');

const { page } = require('./shell.js');
const { Views } = require('./views.js');

const LOOPBACK = ['127.0.0.1', 'localhost', '::1'];
/** How often it is looked whether something was written. */
const LOOK_EVERY_MS = 1000;

/** Serves the page over a store of `runstore/promises` until the server is closed; resolves with its address. */
async function serve(store, { host, port }) {
  const token = randomBytes(24).toString('base64url');
  const views = new Views(store);
  const watchers = new Set();
  const server = createServer((request, response) => {
    respond({ request, response, host, token, views, watchers }).catch((error) => fail(response, error));
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const stopWatching = watch(views, watchers);
  server.on('close', stopWatching);
  const { port: chosen } = server.address();
  const name = host.includes(':') ? `[${host}]` : host;
  const isOpen = LOOPBACK.includes(host);
  const url = `http://${name}:${chosen}/${isOpen ? '' : `?token=${token}`}`;
  return { server, url, token };
}

async function respond(exchange) {
  const { request, response, views } = exchange;
  secure(response);
  const url = new URL(request.url, 'http://page.invalid');
  const refusal = refused(exchange, url);
  if (refusal !== null) return send(response, refusal.status, { error: refusal.reason });
  if (request.method !== 'GET') return send(response, 405, { error: 'only GET is understood' });
  if (url.pathname === '/') return sendPage(exchange, url);
  if (url.pathname === '/api/events') return follow(exchange);
  const answer = await views.answer(url.pathname, url.searchParams);
  if (answer === undefined) return send(response, 404, { error: 'there is nothing at this address' });
  send(response, 200, answer);
}

/** Returns why a request is not answered: it comes by another name, from another page, or without the token. */
function refused({ request, host, token }, url) {
  const isOpen = LOOPBACK.includes(host);
  const { host: asked = '', origin, 'sec-fetch-site': site } = request.headers;
  const name = asked.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
  // A page elsewhere whose name leads here would otherwise read what is served.
  if (isOpen ? !LOOPBACK.includes(name) : false) return { status: 421, reason: 'this address is not served' };
  if (origin !== undefined && origin !== `http://${asked}`) return { status: 403, reason: 'another page may not ask' };
  if (site !== undefined && !['same-origin', 'none'].includes(site))
    return { status: 403, reason: 'another page may not ask' };
  if (!isOpen && !isToken(given(request, url), token))
    return { status: 401, reason: 'the token is missing: use the address that was printed' };
  return null;
}

function given(request, url) {
  const cookie = /(?:^|;\s*)runstore-token=([\w-]+)/.exec(request.headers.cookie ?? '');
  return url.searchParams.get('token') ?? cookie?.[1] ?? '';
}

function isToken(text, token) {
  const [given, wanted] = [Buffer.from(text), Buffer.from(token)];
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

function secure(response) {
  response.setHeader('cache-control', 'no-store');
  response.setHeader('referrer-policy', 'no-referrer');
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('x-frame-options', 'DENY');
  response.setHeader('cross-origin-resource-policy', 'same-origin');
}

function sendPage({ response, token, host }, url) {
  const { html, policy } = page('runstore');
  response.setHeader('content-security-policy', policy);
  if (!LOOPBACK.includes(host) && url.searchParams.has('token')) {
    response.setHeader('set-cookie', `runstore-token=${token}; HttpOnly; SameSite=Strict; Path=/`);
  }
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(html);
}

function send(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body ?? null));
}

/** What the store says of a request is the asker's to know; all else is a fault of ours, of which only that is said. */
function fail(response, error) {
  if (response.headersSent) return response.destroy();
  const isKnown = typeof error?.code === 'string' && error.code.startsWith('ERR_RUNSTORE_');
  const status = error?.code === 'ERR_RUNSTORE_NOT_FOUND' ? 404 : isKnown ? 400 : 500;
  send(response, status, { error: isKnown ? error.message : 'the server failed' });
}

function follow({ response, watchers, request }) {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
  response.write('retry: 2000\n\n');
  watchers.add(response);
  request.on('close', () => watchers.delete(response));
}

/** Tells all who follow when something was written; returns what ends it. */
function watch(views, watchers) {
  let version;
  const timer = setInterval(async () => {
    if (watchers.size === 0) return;
    const now = await views.version().catch(() => version);
    if (version !== undefined && now !== version)
      for (const watcher of watchers) watcher.write('event: change\ndata: {}\n\n');
    version = now;
  }, LOOK_EVERY_MS);
  return () => {
    clearInterval(timer);
    for (const watcher of watchers) watcher.end();
  };
}

module.exports = { serve };
