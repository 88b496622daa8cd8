'use strict';

/** Starts the live page on a thread of its own, with its own store on the same file. */

const { once } = require('node:events');
const { join } = require('node:path');
const { Worker } = require('node:worker_threads');

const { storeError } = require('./errors.js');

/** `source` has the `path` of a store, an `archive` with its `project`, or a `resultsDir`. */
async function startViewer(source, { host, port, ...shown }) {
  const worker = new Worker(join(__dirname, 'viewer-thread.js'), { workerData: { source, host, port, shown } });
  const [{ failure, ...started }] = await once(worker, 'message');
  if (failure !== undefined) {
    await worker.terminate();
    throw failed(failure, { host, port });
  }
  let closed;
  const close = () => {
    closed ??= (async () => {
      const ended = once(worker, 'exit');
      worker.postMessage('close');
      await ended;
    })();
    return closed;
  };
  return { ...started, close, [Symbol.asyncDispose ?? Symbol.for('Symbol.asyncDispose')]: close };
}

/** Turns an error of the thread into an error of this one. */
function failed({ message, code }, { host, port }) {
  if (typeof code === 'string' && code.startsWith('ERR_RUNSTORE_')) return storeError(code, message);
  const place = `${host}:${port}`;
  const why = code === 'EADDRINUSE' ? 'another program listens there already' : message;
  return storeError('ERR_RUNSTORE_IO', `startViewer: cannot listen at ${place}: ${why}`, { operation: 'startViewer' });
}

module.exports = { startViewer };
