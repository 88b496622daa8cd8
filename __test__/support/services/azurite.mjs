// Azurite, Microsoft's own emulator of Azure's storage, from npm.

import { execFile, spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { nodeWithSqlite, projectDirectory } from '../reference-packages.mjs';
import { freePort, ready } from './ports.mjs';

const VERSION = '3.37.0';
const folder = join(projectDirectory, `.bench/azurite-${VERSION}`);
const program = join(folder, 'node_modules/azurite/dist/src/blob/main.js');

/** The account and the key of every Azurite, which are no secret. */
const ACCOUNT = 'devstoreaccount1';
const KEY = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

/** Installs it where it is missing: 360 MB, so only where all tests run. */
export async function installAzurite(log) {
  if (existsSync(program)) return;
  log(`installing azurite ${VERSION} from npm`);
  mkdirSync(folder, { recursive: true });
  const flags = ['--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  await promisify(execFile)('npm', ['install', ...flags, `azurite@${VERSION}`], {
    shell: process.platform === 'win32',
  });
}

/** Starts it with one container, in memory. */
export async function startAzurite(container) {
  if (!existsSync(program))
    throw new Error('azurite is not installed: run node scripts/install-reference-packages.mjs --all');
  const port = await freePort();
  const flags = ['--silent', '--inMemoryPersistence', '--disableTelemetry', '--skipApiVersionCheck'];
  // It needs Node 22.
  const child = spawn(nodeWithSqlite(), [program, ...flags, '--blobHost', '127.0.0.1', '--blobPort', `${port}`], {
    stdio: 'ignore',
  });
  await ready(child, port);
  const made = await ask(port, 'PUT', `/${container}`, { restype: 'container' });
  if (made.status !== 201) throw new Error(`azurite made no container: ${made.status} ${await made.text()}`);
  return {
    port,
    credentials: (through) => ({
      AZURE_STORAGE_CONNECTION_STRING: `AccountName=${ACCOUNT};AccountKey=${KEY};BlobEndpoint=http://127.0.0.1:${through}/${ACCOUNT};`,
    }),
    async names(prefix) {
      const listed = await ask(port, 'GET', `/${container}`, { comp: 'list', prefix, restype: 'container' });
      return [...(await listed.text()).matchAll(/<Name>(.*?)<\/Name>/g)].map(([, name]) => name);
    },
    content: async (name) => (await ask(port, 'GET', `/${container}/${encodeURI(name)}`, {})).text(),
    close: () => child.kill('SIGKILL'),
  };
}

/** Makes a request that is signed with the key of the account. */
function ask(port, method, path, query) {
  const headers = { 'x-ms-date': new Date().toUTCString(), 'x-ms-version': '2021-08-06' };
  const signedHeaders = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`);
  const parameters = Object.entries(query).sort(([a], [b]) => (a < b ? -1 : 1));
  // The account stands there twice: once for the account, once in the path.
  const resource = [`/${ACCOUNT}/${ACCOUNT}${path}`, ...parameters.map(([name, value]) => `${name}:${value}`)];
  const text = `${method}${'\n'.repeat(12)}${signedHeaders.join('')}${resource.join('\n')}`;
  const signature = createHmac('sha256', Buffer.from(KEY, 'base64')).update(text).digest('base64');
  return fetch(`http://127.0.0.1:${port}/${ACCOUNT}${path}?${new URLSearchParams(query)}`, {
    method,
    headers: { ...headers, authorization: `SharedKey ${ACCOUNT}:${signature}` },
  });
}
