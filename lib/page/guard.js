'use strict';

/**
 * Decides which requests the live page answers. Another web page must neither read a store nor write to it, by whatever
 * host name it reaches this machine; neither may another machine without the token.
 */

const { timingSafeEqual } = require('node:crypto');

const LOOPBACK = ['127.0.0.1', 'localhost', '::1'];

const isLoopback = (host) => LOOPBACK.includes(host);

/** Returns why a request is refused, `null` if it is not. */
function refusal({ method, headers, pathname }, { host, token, readOnly }) {
  const named = nameIn(headers.host ?? '');
  // Otherwise a foreign host name that resolves to this machine (DNS rebinding) could read the page.
  if (isLoopback(host) && !isLoopback(named)) return refused(421, 'this host name is not served here');
  if (isFromElsewhere(headers)) return refused(403, 'requests from other web pages are refused');
  if (method !== 'GET' && method !== 'POST') return refused(405, 'only GET and POST are supported');
  if (method === 'POST' && readOnly !== undefined) return refused(403, readOnly);
  if (method === 'POST' && headers['content-type'] !== 'application/json') return refused(415, 'only JSON is accepted');
  const needsToken = method === 'POST' || (!isLoopback(host) && pathname !== '/');
  if (needsToken && !isToken(headers.authorization, token)) {
    return refused(401, 'this requires the token: use the printed address');
  }
  return null;
}

const refused = (status, reason) => ({ status, reason });

/** Returns the name in a Host header without its port. */
function nameIn(host) {
  return host.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
}

function isFromElsewhere({ host, origin, 'sec-fetch-site': site }) {
  if (origin !== undefined && origin !== `http://${host}`) return true;
  return site !== undefined && site !== 'same-origin' && site !== 'none';
}

function isToken(authorization, token) {
  const [given, wanted] = [Buffer.from(authorization ?? ''), Buffer.from(`Bearer ${token}`)];
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

module.exports = { isLoopback, refusal };
