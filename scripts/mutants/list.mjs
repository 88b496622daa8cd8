// The promises of docs/reliability.md: tests/mutants.json, and the last result of each in tests/reliability.json.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectDirectory } from '../../__test__/support/reference-packages.mjs';

const inProject = (path) => join(projectDirectory, path);
const RECORD = 'tests/reliability.json';

/**
 * Each with its promise, what protects it, the edits that remove the protection, and the test that must then fail.
 * `tries`: how often a test whose failure depends on chance may be run until it fails. `timeout`: seconds.
 */
export function readProtections() {
  const protections = JSON.parse(readFileSync(inProject('tests/mutants.json'), 'utf8'));
  return protections.map((one) => ({ tries: 1, timeout: 120, ...one }));
}

export function readRecord() {
  return JSON.parse(readFileSync(inProject(RECORD), 'utf8'));
}

/** Writes results in the order of their names, so that a diff shows only new ones. */
export function writeRecord({ withoutProtection, figures, longFigures }) {
  const record = {
    withoutProtection: sorted(withoutProtection),
    figures: sorted(figures),
    longFigures: sorted(longFigures),
  };
  writeFileSync(inProject(RECORD), `${JSON.stringify(record, null, 2)}\n`);
}

const sorted = (object) => Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));

export const isRust = ({ file }) => file.endsWith('.rs');

/** The folder of the crate that a file belongs to, with a slash, '' for the core; and its path within. */
function crateOf({ file }) {
  const [folder = ''] = /^crates\/[^/]+\//.exec(file) ?? [];
  return { folder, path: file.slice(folder.length) };
}

/** The crate that a file belongs to, by its name. */
export function cargoPackage(test) {
  const { folder } = crateOf(test);
  return ['runstore', ...folder.split('/').slice(1, 2)].join('-');
}

/** The test program that cargo makes of a file: `faults` of tests/faults/failing_calls.rs, none of src/. */
export function cargoTarget(test) {
  const { path } = crateOf(test);
  return path.startsWith('tests/') ? path.split('/')[1].replace(/\.rs$/, '') : undefined;
}

/** The name of a Rust test within its program. */
export function cargoName(test) {
  const { path } = crateOf(test);
  const { name } = test;
  const modules = path
    .replace(/\.rs$/, '')
    .split('/')
    .slice(path.startsWith('tests/') ? 2 : 1);
  return [...modules.filter((one) => one !== 'main' && one !== 'mod'), name].join('::');
}

/** The figures of a test in its longest run so far. A part of the name may match several tests of Node. */
export function figuresOf(test, { figures, longFigures }) {
  const all = { ...figures, ...longFigures };
  if (isRust(test)) return all[rustId(cargoTarget(test), cargoName(test))] ?? '';
  const named = Object.keys(all).filter((id) => id.startsWith(`${test.file} `) && id.includes(test.name));
  return [...new Set(named.map((id) => all[id]))].join('; ');
}

/** The names under which figures are recorded. */
export const rustId = (target = 'runstore', name) => `${target} ${name}`;
export const nodeId = (file, name) => `${file} ${name}`;

/** Returns a file without its protection. The text to replace must occur exactly once. */
export function edited(text, { file, find, replace }) {
  const found = text.split(find).length - 1;
  if (found !== 1) throw new Error(`${file}: "${find}" occurs ${found} times`);
  return text.replace(find, () => replace);
}

/** Describes what no longer fits the sources: edits whose text does not occur exactly once, and tests that no longer exist. */
export function misfits({ edits, test }) {
  const texts = new Map();
  const found = [];
  for (const edit of edits) {
    try {
      texts.set(edit.file, edited(texts.get(edit.file) ?? readFileSync(inProject(edit.file), 'utf8'), edit));
    } catch ({ message }) {
      found.push(message);
    }
  }
  const declared = isRust(test) ? `fn ${test.name.split('::').at(-1)}(` : test.name;
  const source = existsSync(inProject(test.file)) ? readFileSync(inProject(test.file), 'utf8') : '';
  if (!source.includes(declared)) found.push(`${test.file}: there is no test "${test.name}"`);
  return found;
}

/** The day, as it stands in the table. */
export const today = () => new Date().toISOString().slice(0, 10);
