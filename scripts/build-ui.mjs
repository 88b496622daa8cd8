// Builds ui/ into ui/dist: the code and the style of the page, each one file. Fails where the code outgrows its budget.

import { mkdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const ui = fileURLToPath(new URL('../ui/', import.meta.url));
/** Of code and style together, compressed. */
const MOST_BYTES = 30_000;

mkdirSync(`${ui}dist`, { recursive: true });
const common = {
  bundle: true,
  minify: true,
  charset: 'utf8',
  legalComments: 'none',
  logLevel: 'warning',
  target: 'es2022',
};
await build({
  ...common,
  entryPoints: [`${ui}src/main.tsx`],
  outfile: `${ui}dist/page.js`,
  format: 'iife',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  // Inside HTML, this would end the script.
  supported: { 'inline-script': false },
});
await build({ ...common, entryPoints: [`${ui}src/style.css`], outfile: `${ui}dist/page.css` });
// What the server shares with the page: which rows a filter chooses, and what the charts show.
await build({
  ...common,
  minify: false,
  entryPoints: [`${ui}src/shared.ts`],
  outfile: `${ui}dist/shared.js`,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
});

const bytes = ['page.js', 'page.css'].reduce(
  (sum, file) => sum + gzipSync(readFileSync(`${ui}dist/${file}`), { level: 9 }).length,
  0,
);
console.error(`page: ${bytes} bytes compressed, of ${MOST_BYTES}`);
if (bytes > MOST_BYTES) process.exit(1);
