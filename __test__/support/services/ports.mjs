// Ports of this machine for services that tests start.

import { once } from 'node:events';
import { connect, createServer } from 'node:net';

const PATIENCE_MS = 120_000;

/** A port that is free at the moment. */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** Waits until a process listens on a port. */
export async function ready(child, port) {
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`${child.spawnargs.join(' ')} ended with ${child.exitCode}`);
    if (await listens(port)) return;
    if (Date.now() > until) throw new Error(`${child.spawnargs.join(' ')} does not listen on port ${port}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function listens(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
