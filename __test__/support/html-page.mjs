// Reads the content of a page without a browser.

import { gunzipSync } from 'node:zlib';

const BLOCK = /<script type="application\/octet-stream" id="runstore-([\w-]+)">([\w+/=]*)<\/script>/g;

/** Returns the index of a page and the bodies of its rows. */
export function readPage(html) {
  const blocks = new Map(
    [...html.matchAll(BLOCK)].map(([, id, base64]) => [id, JSON.parse(gunzipSync(Buffer.from(base64, 'base64')))]),
  );
  const bodies = [];
  for (let at = 0; blocks.has(`block-${at}`); at++) bodies.push(...blocks.get(`block-${at}`));
  return { index: blocks.get('index'), bodies, blocks: blocks.size - 1 };
}

/** Returns the page without its data; of the store, only the title is left. */
export const withoutBlocks = (html) => html.replaceAll(BLOCK, '');
