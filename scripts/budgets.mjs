// The size of an installation and the time to load it, with their limits. An addon or a page that is too large fails;
// times are printed only, because a busy machine would fail them.
//
//   node scripts/budgets.mjs    after `npm run build`

import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const root = fileURLToPath(new URL('..', import.meta.url));
const MB = 1_000_000;
const ROUNDS = 11;

/**
 * The most bytes of each addon, built as it is released. The first has scorecards, the data of the page and the intervals that
 * know the scale; that of the tools CSV, XML, ZIP, Parquet, and the clients of object stores with TLS, which are 6 of its 19 MB.
 */
const SIZES = { runstore: 7.5 * MB, 'runstore-tools': 19.5 * MB };

const addons = readdirSync(root).filter((name) => name.endsWith('.node'));
let isOver = false;
for (const [name, most] of Object.entries(SIZES)) {
  const file = addons.find((addon) => addon.startsWith(`${name}.`));
  if (file === undefined) throw new Error(`${name} is not built: run "npm run build"`);
  const { size } = statSync(join(root, file));
  const verdict = size > most ? 'TOO LARGE' : 'ok';
  console.log(`${file}: ${(size / MB).toFixed(2)} of ${(most / MB).toFixed(2)} MB, ${verdict}`);
  isOver ||= size > most;
}

/** The most bytes of the code of the page, compressed. */
const PAGE_SIZE = 30_000;
for (const name of ['page.html', 'live.html']) {
  const [, code] = /<script>(.*)<\/script>/s.exec(readFileSync(join(root, 'ui/dist', name), 'utf8'));
  const size = gzipSync(code, { level: 9 }).length;
  console.log(
    `code of ui/dist/${name}: ${size} of ${PAGE_SIZE} bytes, compressed, ${size > PAGE_SIZE ? 'TOO LARGE' : 'ok'}`,
  );
  isOver ||= size > PAGE_SIZE;
}

const program = `
  const start = process.hrtime.bigint();
  const { RunStore } = require(${JSON.stringify(join(root, 'index.js'))});
  const loaded = process.hrtime.bigint();
  new RunStore(':memory:').listSuites();
  const opened = process.hrtime.bigint();
  console.log(JSON.stringify([Number(loaded - start) / 1e6, Number(opened - loaded) / 1e6]));`;
const rounds = Array.from({ length: ROUNDS }, () => JSON.parse(execFileSync(process.execPath, ['-e', program])));
const median = (values) => values.toSorted((a, b) => a - b)[ROUNDS >> 1].toFixed(1);
console.log(
  `in a fresh process, median of ${ROUNDS}: loading ${median(rounds.map(([loading]) => loading))} ms, ` +
    `opening a store in memory and the first answer ${median(rounds.map(([, opening]) => opening))} ms`,
);
process.exitCode = isOver ? 1 : 0;
