'use strict';

/**
 * The thread of the live page, which leaves the event loop of the program alone. `lib/viewer.js` starts it.
 */

const { parentPort, workerData } = require('node:worker_threads');

const { serve } = require('./page/server.js');
const { openSource } = require('./viewer-source.js');

async function run() {
  const { source, ...options } = workerData;
  const opened = await openSource(source);
  let server;
  try {
    server = await serve(opened, options);
  } catch (error) {
    await opened.close();
    throw error;
  }
  parentPort?.once('message', async () => {
    await server.close();
    await opened.close();
  });
  parentPort?.postMessage({ url: server.url, port: server.port, token: server.token });
}

run().catch(({ message, code }) => {
  parentPort?.postMessage({ failure: { message, code } });
  parentPort?.close();
});
