// The storages of archives. The tests start each of them on this machine; object stores are reached through a proxy
// that can disturb them.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after } from 'node:test';
import { temporaryDirectory } from './connections.mjs';
import { isFirstNode } from './first-node.mjs';
import { isShort } from './scope.mjs';
import { startAzurite } from './services/azurite.mjs';
import { startFaultyProxy } from './services/faulty-proxy.mjs';
import { startGoogleStorage } from './services/google-storage.mjs';
import { startMoto } from './services/moto.mjs';

const BUCKET = 'evals-bucket';

/** Services that have to be installed first are tested by `npm run test:ci` only. */
export const storages = [
  { name: 'local disk', start: startDisk },
  { name: 'gs', start: bucketOf('gs', startGoogle) },
  ...(isShort || !isFirstNode
    ? []
    : [
        { name: 's3', start: bucketOf('s3', startMoto) },
        { name: 'az', start: bucketOf('az', startAzurite) },
      ]),
];

async function startDisk() {
  const root = temporaryDirectory({ after });
  let opened = 0;
  return {
    place() {
      opened += 1;
      return { url: join(root, `archive ${opened}`), options: {} };
    },
    content: async (url, file) => readFileSync(join(url, file), 'utf8'),
    stop() {},
  };
}

async function startGoogle(bucket) {
  const server = await startGoogleStorage(bucket);
  const credentials = (through) => ({ STORAGE_EMULATOR_HOST: `http://127.0.0.1:${through}` });
  return { ...server, credentials };
}

/**
 * Starts a service with a bucket. `place()` returns the URL of an unused archive and the options to open it
 * with; `names(url, folder)` the files in a folder of it and `content(url, file)` its content, both read from the service
 * itself.
 */
function bucketOf(scheme, startService) {
  return async () => {
    const service = await startService(BUCKET);
    const proxy = await startFaultyProxy(service.port, service);
    let opened = 0;
    return {
      proxy,
      place() {
        opened += 1;
        const credentials = service.credentials(proxy.port);
        return { url: `${scheme}://${BUCKET}/archive ${opened}`, options: { credentials, timeoutMs: 5_000 } };
      },
      stop() {
        proxy.close();
        service.close();
      },
      content: async (url, file) => service.content(`${url.slice(`${scheme}://${BUCKET}/`.length)}/${file}`),
      names: async (url, folder) => service.names(`${url.slice(`${scheme}://${BUCKET}/`.length)}/${folder}`),
    };
  };
}
