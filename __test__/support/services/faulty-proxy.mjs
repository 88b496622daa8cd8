// A proxy on loopback before an object store, which does to requests what networks and busy services do.

import { once } from 'node:events';
import { createServer, request as send } from 'node:http';

/**
 * Starts a proxy before a port of this machine. `proxy.fault` may be set to a function that is given the method and the path of
 * a request, and returns what to do with it:
 *
 * - nothing: it is passed on
 * - `{ status }`: it is answered with that, and not passed on
 * - `{ cut: 'before' }`: the connection is cut, and it is not passed on
 * - `{ cut: 'after' }`: it is passed on, and the connection is cut before the answer
 * - `{ cut: 'within' }`: the connection is cut in the middle of the body of the answer
 * - `{ delayMs }`: it is passed on, and the answer comes later
 *
 * Writes to a service that is not atomic are passed on one after the other.
 */
export async function startFaultyProxy(target, { isAtomic = true } = {}) {
  const proxy = { fault: undefined };
  let last = Promise.resolve();
  const server = createServer((incoming, outgoing) => {
    const passed = () => pass(target, incoming, outgoing, proxy.fault?.(incoming.method, incoming.url) ?? {});
    const isWrite = incoming.method !== 'GET' && incoming.method !== 'HEAD';
    if (isAtomic || !isWrite) return passed();
    last = last.then(() => Promise.race([passed(), once(outgoing, 'close')]));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return Object.assign(proxy, {
    port: server.address().port,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  });
}

function pass(target, incoming, outgoing, { status, code = 'Injected', cut, delayMs = 0 }) {
  if (cut === 'before') return incoming.socket.destroy();
  if (status !== undefined) {
    incoming.resume();
    incoming.on('end', () => {
      outgoing.writeHead(status, { 'content-type': 'application/xml' });
      outgoing.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>injected</Message></Error>`);
    });
    return;
  }
  const { method, url: path, headers } = incoming;
  const done = new Promise((resolve) => {
    outgoing.once('close', resolve);
  });
  const forwarded = send({ host: '127.0.0.1', port: target, method, path, headers }, (answer) => {
    const chunks = [];
    answer.on('data', (chunk) => chunks.push(chunk));
    answer.on('end', () => setTimeout(reply, delayMs, answer, Buffer.concat(chunks)));
  });
  const reply = (answer, body) => {
    if (cut === 'after') return incoming.socket.destroy();
    outgoing.writeHead(answer.statusCode, answer.headers);
    if (cut !== 'within') return outgoing.end(body);
    outgoing.write(body.subarray(0, body.length >> 1), () => incoming.socket.destroy());
  };
  forwarded.on('error', () => incoming.socket.destroy());
  incoming.pipe(forwarded);
  return done;
}
