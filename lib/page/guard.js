'use strict';

/**
 * Which requests the live page answers. A page elsewhere on the web must neither read a store nor write to it, by whatever
 * name it reaches this machine; nor must another machine without the token.
 */

const { timingSafeEqual } = require('node:crypto');

const LOOPBACK = ['127.0.0.1', 'localhost', '::1'];

const isLoopback = (host) => LOOPBACK.includes(host);

/** Returns why a request is not answered, `null` where it is. */
function refusal({ method, headers, pathname }, { host, token }) {
  const named = nameIn(headers.host ?? '');
  // A name of another page that leads here would otherwise make that page this one.
  if (isLoopback(host) && !isLoopback(named)) return refused(421, 'this address is not served here');
  if (isFromElsewhere(headers)) return refused(403, 'another page may not ask');
  if (method !== 'GET' && method !== 'POST') return refused(405, 'only GET and POST are understood');
  if (method === 'POST' && headers['content-type'] !== 'application/json') return refused(415, 'only JSON is taken');
  const needsToken = method === 'POST' || (!isLoopback(host) && pathname !== '/');
  if (needsToken && !isToken(headers.authorization, token)) {
    return refused(401, 'this takes the token: use the address that was printed');
  }
  return null;
}

const refused = (status, reason) => ({ status, reason });

/** Returns the name in a Host header, without its port. */
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
