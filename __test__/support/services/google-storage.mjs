// A small Google Cloud Storage on loopback: the XML API as far as archives use it, with its conditions, which no emulator in
// the package registries enforces. Objects are in memory.

import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';

/** Keys that a listing returns at once; the real one has 1,000. */
const PAGE = 100;

/** Starts a server with one bucket, and returns its port, and ways to look at its objects. */
export async function startGoogleStorage(bucket) {
  const state = { bucket, objects: new Map(), uploads: new Map(), generation: Date.now() * 1000 };
  const server = createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => answer(state, request, Buffer.concat(chunks), response));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: server.address().port,
    names: (prefix) => [...state.objects.keys()].filter((name) => name.startsWith(prefix)).sort(),
    content: (name) => state.objects.get(name).body.toString(),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function answer(state, request, body, response) {
  const url = new URL(request.url, 'http://localhost');
  const [, bucket, ...rest] = url.pathname.split('/');
  if (decodeURIComponent(bucket) !== state.bucket) return refuse(response, 404, 'NoSuchBucket');
  const name = decodeURIComponent(rest.join('/'));
  const call = { name, body, query: url.searchParams, headers: request.headers, response };
  if (name === '') return list(state, call);
  if (call.query.has('uploads')) return beginUpload(state, call);
  if (call.query.has('uploadId')) return continueUpload(state, request.method, call);
  const method = { GET: read, HEAD: read, PUT: write, DELETE: remove }[request.method];
  if (method === undefined) return refuse(response, 405, 'MethodNotAllowed');
  method(state, call, request.method);
}

function read(state, { name, headers, response }, method) {
  const found = state.objects.get(name);
  if (found === undefined) return refuse(response, 404, 'NoSuchKey');
  if (headers['if-match'] !== undefined && headers['if-match'] !== found.etag) {
    return refuse(response, 412, 'PreconditionFailed');
  }
  const { status, start, end, range } = rangeOf(headers.range, found.body.length);
  if (status === 416) return refuse(response, 416, 'InvalidRange');
  response.writeHead(status, { ...described(found), 'content-length': end - start, ...range });
  response.end(method === 'HEAD' ? undefined : found.body.subarray(start, end));
}

function rangeOf(text, size) {
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(text ?? '') ?? [];
  if (from === undefined) return { status: 200, start: 0, end: size };
  const [start, end] = [Number(from), Math.min(size, to === '' ? size : Number(to) + 1)];
  if (start >= size) return { status: 416 };
  return { status: 206, start, end, range: { 'content-range': `bytes ${start}-${end - 1}/${size}` } };
}

function write(state, { name, body, headers, response }) {
  if (!meetsCondition(state, name, headers)) return refuse(response, 412, 'PreconditionFailed');
  response.writeHead(200, described(put(state, name, body))).end();
}

/** x-goog-if-generation-match: 0 for an object that must not be there, else the number of the one that must. */
function meetsCondition(state, name, headers) {
  const wanted = headers['x-goog-if-generation-match'];
  return wanted === undefined || wanted === String(state.objects.get(name)?.generation ?? 0);
}

function put(state, name, body) {
  state.generation += 1;
  const etag = `"${createHash('md5').update(body).digest('hex')}"`;
  const object = { body, etag, generation: state.generation, changedAt: new Date() };
  state.objects.set(name, object);
  return object;
}

function described({ etag, generation, changedAt }) {
  return { etag, 'x-goog-generation': generation, 'last-modified': changedAt.toUTCString() };
}

function remove(state, { name, response }) {
  if (!state.objects.delete(name)) return refuse(response, 404, 'NoSuchKey');
  response.writeHead(204).end();
}

function list(state, { query, response }) {
  const prefix = query.get('prefix') ?? '';
  const after = query.get('continuation-token') ?? query.get('start-after') ?? '';
  const names = [...state.objects.keys()].filter((name) => name.startsWith(prefix) && name > after).sort();
  const contents = names.slice(0, PAGE).map((name) => {
    const { body, etag, changedAt } = state.objects.get(name);
    return `<Contents><Key>${escaped(name)}</Key><LastModified>${changedAt.toISOString()}</LastModified><ETag>${escaped(
      etag,
    )}</ETag><Size>${body.length}</Size></Contents>`;
  });
  const next = names.length > PAGE ? `<NextContinuationToken>${escaped(names[PAGE - 1])}</NextContinuationToken>` : '';
  xml(response, `<ListBucketResult>${contents.join('')}${next}</ListBucketResult>`);
}

function beginUpload(state, { name, response }) {
  const id = `upload-${state.uploads.size}`;
  state.uploads.set(id, new Map());
  xml(
    response,
    `<InitiateMultipartUploadResult><Bucket>${state.bucket}</Bucket><Key>${escaped(name)}</Key><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`,
  );
}

function continueUpload(state, method, { name, body, query, response }) {
  const parts = state.uploads.get(query.get('uploadId'));
  if (parts === undefined) return refuse(response, 404, 'NoSuchUpload');
  const number = Number(query.get('partNumber'));
  if (method === 'PUT') {
    parts.set(number, body);
    return response.writeHead(200, { etag: `"part-${number}"` }).end();
  }
  state.uploads.delete(query.get('uploadId'));
  if (method === 'DELETE') return response.writeHead(204).end();
  const whole = Buffer.concat([...parts].sort(([a], [b]) => a - b).map(([, part]) => part));
  const { etag } = put(state, name, whole);
  xml(
    response,
    `<CompleteMultipartUploadResult><Key>${escaped(name)}</Key><ETag>${escaped(etag)}</ETag></CompleteMultipartUploadResult>`,
  );
}

function xml(response, text) {
  response.writeHead(200, { 'content-type': 'application/xml' }).end(`<?xml version="1.0"?>${text}`);
}

function refuse(response, status, code) {
  response.writeHead(status, { 'content-type': 'application/xml' }).end(`<Error><Code>${code}</Code></Error>`);
}

function escaped(text) {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}
