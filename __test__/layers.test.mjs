// Who may use whom in JavaScript, as ARCHITECTURE.md has it; Cargo sees to the same in Rust. (Biome's noRestrictedImports
// knows no patterns for require.)

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { test } from 'node:test';
import { projectDirectory } from './support/peers.mjs';

/** Each layer, and the layers that its files may load, apart from files of its own folder. The first that fits counts. */
const LAYERS = [
  [/^lib\/(addon|errors|lazy|own-realm)\.js$/, []],
  [/^lib\/load(-tools)?\.js$/, ['lib/addon.js', 'binding.js']],
  [/^lib\/load-page\.js$/, ['lib/lazy.js']],
  [/^lib\/arguments\//, ['lib/errors.js', 'lib/lazy.js']],
  [/^lib\/rows\//, ['lib/errors.js', 'lib/lazy.js', 'lib/arguments/']],
  [/^lib\/connection\//, ['lib/errors.js', 'lib/lazy.js', 'lib/arguments/', 'lib/rows/', 'lib/load.js']],
  // The thread is a program of its own, which opens a store as any other.
  [/^lib\/viewer-thread\.js$/, ['lib/', 'entries/promises.js']],
  [/^lib\//, ['lib/']],
  [/^(entries\/|index\.js$)/, ['lib/']],
  [/^bin\//, ['lib/load-tools.js', 'entries/report.js']],
];

const filesIn = (folder) =>
  readdirSync(join(projectDirectory, folder), { recursive: true })
    .filter((name) => name.endsWith('.js'))
    .map((name) => posix.join(folder, name.replaceAll('\\', '/')));

const files = ['index.js', ...['lib', 'entries', 'bin'].flatMap(filesIn)];

/** The files of ours that a file loads. */
function loadedBy(file) {
  const text = readFileSync(join(projectDirectory, file), 'utf8');
  const paths = [...text.matchAll(/\brequire\('(\.[^']*)'\)/g)].map(([, path]) => path);
  return paths.map((path) => posix.join(posix.dirname(file), path));
}

for (const file of files) {
  test(`${file} loads only what stands below it`, () => {
    const [, allowed] = LAYERS.find(([layer]) => layer.test(file));
    const own = file.startsWith('lib/') && posix.dirname(file) !== 'lib' ? [`${posix.dirname(file)}/`] : [];
    const others = loadedBy(file).filter((path) => ![...allowed, ...own].some((start) => path.startsWith(start)));
    assert.deepEqual(others, []);
  });
}

test('no two files load each other', () => {
  const circles = files.filter((file) => loadedBy(file).some((other) => loadedBy(other).includes(file)));
  assert.deepEqual(circles, []);
});

test('lib/ writes to no console', () => {
  const writing = filesIn('lib').filter((file) =>
    /\bconsole\.\w+\(/.test(readFileSync(join(projectDirectory, file), 'utf8')),
  );
  assert.deepEqual(writing, []);
});
