'use strict';

/**
 * The thread of the live page, started by `lib/viewer.js`, so that the caller's thread is not blocked.
 */

const { parentPort, workerData } = require('node:worker_threads');

const { RunStore } = require('../entries/promises.js');
const { serve } = require('./page/server.js');

async function run() {
  const { path, host, port } = workerData;
  const store = await RunStore.open(path);
  let server;
  try {
    server = await serve(store, { host, port });
  } catch (error) {
    await store.close();
    throw error;
  }
  parentPort?.once('message', async () => {
    await server.close();
    await store.close();
  });
  parentPort?.postMessage({ url: server.url, port: server.port, token: server.token });
}

run().catch(({ message, code }) => {
  parentPort?.postMessage({ failure: { message, code } });
  parentPort?.close();
});
