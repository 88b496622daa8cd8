// Moto's server, an S3 that keeps its conditions, from PyPI; it is installed with the engines.

import { spawn } from 'node:child_process';
import { enginesPython } from '../engines.mjs';
import { freePort, ready } from './ports.mjs';

/** It checks no signature, but refuses objects to requests without any. */
const SIGNED = {
  authorization: 'AWS4-HMAC-SHA256 Credential=id/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0',
};

/** Starts it with one bucket, in memory. */
export async function startMoto(bucket) {
  const port = await freePort();
  const child = spawn(enginesPython(), ['-m', 'moto.server', '-H', '127.0.0.1', '-p', `${port}`], { stdio: 'ignore' });
  await ready(child, port);
  const made = await fetch(`http://127.0.0.1:${port}/${bucket}`, { method: 'PUT' });
  if (!made.ok) throw new Error(`moto made no bucket: ${made.status} ${await made.text()}`);
  return {
    port,
    // It looks whether an object is there, and then writes it: of two threads that do so at once, both may succeed.
    isAtomic: false,
    credentials: (through) => ({
      AWS_ACCESS_KEY_ID: 'id',
      AWS_SECRET_ACCESS_KEY: 'key',
      AWS_REGION: 'us-east-1',
      AWS_ENDPOINT_URL: `http://127.0.0.1:${through}`,
    }),
    async names(prefix) {
      const query = new URLSearchParams({ 'list-type': '2', prefix });
      const listed = await (await fetch(`http://127.0.0.1:${port}/${bucket}?${query}`)).text();
      return [...listed.matchAll(/<Key>(.*?)<\/Key>/g)].map(([, name]) => name);
    },
    async content(name) {
      const found = await fetch(`http://127.0.0.1:${port}/${bucket}/${encodeURI(name)}`, { headers: SIGNED });
      return found.text();
    },
    close: () => child.kill('SIGKILL'),
  };
}
