// The layers of ARCHITECTURE.md: in JavaScript (Biome's noRestrictedImports knows no patterns for require), and
// within the core, which is one crate. Between crates, Cargo enforces them. No part has files that load each other.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { test } from 'node:test';
import { projectDirectory } from './support/reference-packages.mjs';

/** Each layer, and the layers that its files may load, apart from files of its own folder. The first that fits counts. */
const LAYERS = [
  [/^lib\/(addon|constants|errors|lazy|own-realm)\.js$/, []],
  [/^lib\/load(-tools)?\.js$/, ['lib/addon.js', 'binding.js']],
  [/^lib\/load-page\.js$/, ['lib/lazy.js']],
  [/^lib\/arguments\//, ['lib/constants.js', 'lib/errors.js', 'lib/lazy.js']],
  [/^lib\/rows\//, ['lib/constants.js', 'lib/errors.js', 'lib/lazy.js', 'lib/arguments/']],
  [
    /^lib\/connection\//,
    ['lib/constants.js', 'lib/errors.js', 'lib/lazy.js', 'lib/arguments/', 'lib/rows/', 'lib/load.js'],
  ],
  // The thread is a program of its own, which opens a store as any other.
  [/^lib\/viewer-(thread|source)\.js$/, ['lib/', 'entries/']],
  [/^lib\//, ['lib/']],
  [/^(entries\/|index\.js$)/, ['lib/']],
  [/^bin\//, ['lib/constants.js', 'lib/load-tools.js', 'entries/report.js']],
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

test('no files of JavaScript load each other', () => {
  assert.deepEqual(circlesOf(new Map(files.map((file) => [file, loadedBy(file)]))), []);
});

/** Returns the files that lead to themselves, in groups of those that lead to each other. */
function circlesOf(uses) {
  const reachable = new Map();
  for (const file of uses.keys()) {
    const found = new Set();
    const next = [...uses.get(file)];
    while (next.length > 0) {
      const other = next.pop();
      if (found.has(other)) continue;
      found.add(other);
      next.push(...(uses.get(other) ?? []));
    }
    reachable.set(file, found);
  }
  const within = [...uses.keys()].filter((file) => reachable.get(file).has(file));
  const groups = within.map((file) =>
    within.filter((other) => reachable.get(file).has(other) && reachable.get(other).has(file)).join(' '),
  );
  return [...new Set(groups)];
}

test('circles are found, of two files and of more', () => {
  const uses = { a: ['b'], b: ['a'], c: ['a', 'd'], d: ['e'], e: ['c'], f: ['a', 'f2'], f2: [] };
  assert.deepEqual(circlesOf(new Map(Object.entries(uses))), ['a b', 'c d e']);
});

/** The files of a crate, without their comments and tests. */
function modulesOf(folder) {
  const names = readdirSync(join(projectDirectory, folder), { recursive: true });
  const sources = names.map((name) => name.replaceAll('\\', '/')).filter((name) => name.endsWith('.rs'));
  return new Map(sources.map((name) => [name, textWithoutTests(join(projectDirectory, folder, name))]));
}

function textWithoutTests(path) {
  return readFileSync(path, 'utf8')
    .replaceAll(/^\s*\/\/.*$/gm, '')
    .split('#[cfg(test)]')[0];
}

const core = modulesOf('src');

/** The paths that a file names from `crate` or `super`, each from the root of the crate. */
function pathsIn(name, modules) {
  const here = name.replace(/(\/mod)?\.rs$/, '').split('/');
  const paths = [];
  for (const [path] of modules.get(name).matchAll(/\b(?:crate|super)(?:::\w+)*(?:::\{[^;]*?\}(?=;))?/g)) {
    for (const one of spreadOut(path)) {
      const steps = one.split('::');
      const up = steps.filter((step) => step === 'super').length;
      const from = steps[0] === 'crate' ? [] : here.slice(0, here.length - up);
      paths.push([...from, ...steps.filter((step) => step !== 'crate' && step !== 'super')]);
    }
  }
  return paths;
}

/** `a::{b, c::{d, e}}` as `a::b`, `a::c::d` and `a::c::e`. */
function spreadOut(path) {
  const [start, list] = [path.slice(0, path.indexOf('{')), path.slice(path.indexOf('{') + 1, -1)];
  if (!path.includes('{')) return [path];
  const items = [];
  let depth = 0;
  let item = '';
  for (const character of `${list},`) {
    if (character === ',' && depth === 0) {
      if (item.trim() !== '') items.push(item.trim());
      item = '';
      continue;
    }
    depth += { '{': 1, '}': -1 }[character] ?? 0;
    item += character;
  }
  return items.flatMap((one) => spreadOut(start + one.replace(/^self$/, '').replace(/ as \w+$/, '')));
}

/** The file that a path leads to; none where that is the list of a folder. */
function fileAt(path, modules) {
  const starts = path.map((_, at) => `${path.slice(0, path.length - at).join('/')}.rs`);
  return starts.find((start) => modules.has(start) && start !== 'lib.rs');
}

/** The files that each file of a crate uses. */
function usesWithin(modules) {
  const used = (name) => pathsIn(name, modules).map((path) => fileAt(path, modules));
  return new Map(
    [...modules.keys()].map((name) => [name, used(name).filter((other) => other !== undefined && other !== name)]),
  );
}

const crates = readdirSync(join(projectDirectory, 'crates')).map((name) => `crates/${name}/src`);

for (const folder of ['src', ...crates]) {
  test(`no files of ${folder} use each other`, () => {
    const uses = usesWithin(modulesOf(folder));
    assert.ok([...uses.values()].flat().length > uses.size, 'uses are found');
    assert.deepEqual(circlesOf(uses), []);
  });
}

test('no files of the page load each other', () => {
  const names = readdirSync(join(projectDirectory, 'ui/src'), { recursive: true });
  const sources = names.map((name) => name.replaceAll('\\', '/')).filter((name) => /\.tsx?$/.test(name));
  const uses = new Map(
    sources.map((name) => {
      const text = readFileSync(join(projectDirectory, 'ui/src', name), 'utf8');
      const paths = [...text.matchAll(/\bfrom '(\.[^']*)'/g)].map(([, path]) => posix.join(posix.dirname(name), path));
      return [name, paths];
    }),
  );
  assert.ok([...uses.values()].flat().length > uses.size, 'imports are found');
  assert.deepEqual(circlesOf(uses), []);
});

test('each layer of the core uses only those before it', () => {
  const [told] = readFileSync(join(projectDirectory, 'src/lib.rs'), 'utf8').split('pub mod');
  const order = [...told.matchAll(/\[`(\w+)`\]/g)].map(([, layer]) => layer);
  const layerOf = (name) => name.split('/')[0].replace(/\.rs$/, '');
  const upwards = [...core.keys()].flatMap((name) => {
    const at = order.indexOf(layerOf(name));
    const others = at < 0 ? [] : pathsIn(name, core).map(([layer]) => layer);
    return others.filter((layer) => order.indexOf(layer) > at).map((layer) => `${name} uses ${layer}`);
  });
  assert.ok(order.length > 10);
  assert.deepEqual(upwards, []);
});

/** The parts of a crate, files or folders, in which a pattern stands. */
function partsWith(pattern, modules) {
  const found = [...modules].filter(([, text]) => pattern.test(text)).map(([name]) => name.split('/')[0]);
  return [...new Set(found)].sort();
}

const SQLITE = /\brusqlite\b/;
const NODE_API = /\bnapi(_derive)?::/;

test('SQLite, Node-API and SQL are each named in their own layers', () => {
  assert.deepEqual(partsWith(SQLITE, core), ['db']);
  assert.deepEqual(partsWith(NODE_API, core), ['binding', 'node_error.rs']);
  const sql = /"\s*(SELECT [\s\S]+? FROM|INSERT (OR \w+ )?INTO|UPDATE [\w{}]+ SET|DELETE FROM) /;
  assert.deepEqual(partsWith(sql, core), ['db', 'maintenance', 'schema', 'store']);
});

test('no crate names SQLite, and only that of the second addon names Node-API', () => {
  const naming = (pattern) => crates.filter((folder) => partsWith(pattern, modulesOf(folder)).length > 0);
  assert.deepEqual(naming(SQLITE), []);
  assert.deepEqual(naming(NODE_API), ['crates/tools/src']);
});

test('errors name arguments as Rust does; each interface spells them in its own way', () => {
  const rust = ['src', ...crates].flatMap((folder) => [...modulesOf(folder)].map(([, text]) => text));
  const named = rust.flatMap((text) => [...text.matchAll(/\b(?:Argument::\w+|Step::Option)\(([^()]*)\)/g)]);
  const words = named.flatMap(([, list]) => [...list.matchAll(/"([^"]*)"/g)].map(([, word]) => word));
  assert.ok(words.length > 20, `${words.length} arguments`);
  assert.deepEqual(
    words.filter((word) => !/^[a-z][a-z0-9_]*$/.test(word)),
    [],
  );
});

test('maintenance reads and writes runs through the store', () => {
  const names = [...core.keys()].filter((name) => name.startsWith('maintenance/'));
  const naming = names.filter((name) => /\b(FROM|INTO|UPDATE) (runs|cases|scores|trajectories)\b/.test(core.get(name)));
  assert.deepEqual(naming, []);
});

test('nothing is written to the console without a callback of the caller, but by compareRuns, as its reference does', () => {
  const library = files.filter((file) => !file.startsWith('bin/'));
  const writing = library.filter((file) =>
    /\bconsole\.\w+\(/.test(readFileSync(join(projectDirectory, file), 'utf8').replaceAll(/^\s*(\*|\/\/).*$/gm, '')),
  );
  assert.deepEqual(writing, ['entries/comparison.js']);
});
