// Joins the JavaScript of a copy of the project into one file, lib/bundle.js, which loads in half the time of its parts. Each
// entry becomes a line that takes its exports from there. "npm run prepare-release" runs it where a release is made, and the
// benchmark for the copy that it measures; a checkout loads the parts.
//
//   node scripts/bundle.mjs [directory]

import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The files that are loaded from outside, without their ending. The command loads an addon of its own. */
const entriesOf = (directory) => [
  'index',
  ...readdirSync(join(directory, 'entries'))
    .filter((name) => name.endsWith('.js'))
    .map((name) => `entries/${name.slice(0, -'.js'.length)}`),
  'lib/constants',
  'lib/load-tools',
  'lib/viewer-thread',
];

/** Exports of an entry by name, which `import` of a CommonJS module finds in its text. */
function namesOf(directory, entry) {
  if (entry.startsWith('lib/')) return [];
  return Object.keys(createRequire(join(directory, 'package.json'))(`./${entry}.js`));
}

/** Loads an entry when it is asked for, and no part of the bundle before it is needed. */
const contentsFor = (entries) =>
  entries.map((entry) => `exports[${JSON.stringify(entry)}] = () => require('./${entry}.js');`).join('\n');

async function bundle(directory, entries) {
  const { outputFiles } = await build({
    stdin: { contents: contentsFor(entries), resolveDir: directory, sourcefile: 'entries' },
    absWorkingDir: directory,
    outfile: join(directory, 'lib/bundle.js'),
    write: false,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20.4',
    keepNames: true,
    minifyWhitespace: true,
    lineLimit: 160, // Node shows the line of an uncaught error
    sourcemap: true,
    external: ['../binding.js'],
    logLevel: 'warning',
  });
  return outputFiles;
}

function stub(entry, names) {
  const path = entry.startsWith('entries/')
    ? '../lib/bundle.js'
    : entry === 'index'
      ? './lib/bundle.js'
      : './bundle.js';
  const named = names.length > 0 ? `0 && (module.exports = { ${names.join(', ')} });\n` : '';
  return `'use strict';\n\nmodule.exports = require('${path}')[${JSON.stringify(entry)}]();\n${named}`;
}

/** Replaces the parts in `directory` by the bundle. */
export async function bundleIn(directory) {
  const entries = entriesOf(directory);
  const stubs = entries.map((entry) => [entry, stub(entry, namesOf(directory, entry))]);
  const made = await bundle(directory, entries);
  rmSync(join(directory, 'lib'), { recursive: true });
  mkdirSync(join(directory, 'lib'));
  for (const { path, contents } of made) writeFileSync(path, contents);
  for (const [entry, text] of stubs) writeFileSync(join(directory, `${entry}.js`), text);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await bundleIn(resolve(process.argv[2] ?? root));
