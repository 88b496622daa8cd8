'use strict';

const check = require('../lib/arguments/check.js');
const { rangeError, typeError } = require('../lib/errors.js');
const { askStore } = require('../lib/connection/store-access.js');
const { Options } = require('../lib/arguments/options.js');

/** The widest offset from UTC that Python takes, in minutes. */
const MOST_OFFSET = 24 * 60 - 1;

function importEvalStore(store, path, options = undefined) {
  return askStore(store, 'importEvalStore: store', (ask) => {
    const from = check.path(path, 'importEvalStore: path');
    const given = new Options('importEvalStore', options);
    const args = [
      given.readSet('suite', check.text) ?? 'tinker',
      given.readSet('runs', ids) ?? null,
      given.readSet('strict', check.boolean) ?? false,
      given.readSet('utcOffset', (value, name) => check.integer(value, name, -MOST_OFFSET, MOST_OFFSET)) ?? 0,
    ];
    given.refuseOthers();
    return ask(JSON.parse, 'importEvalStore', from, ...args);
  });
}

function exportEvalStore(store, runIds, path, options = undefined) {
  return askStore(store, 'exportEvalStore: store', (ask) => {
    const runs = ids(runIds, 'exportEvalStore: runIds');
    const to = check.path(path, 'exportEvalStore: path');
    const given = new Options('exportEvalStore', options);
    const overwrite = given.readSet('overwrite', check.boolean) ?? false;
    given.refuseOthers();
    return ask(JSON.parse, 'exportEvalStore', runs, to, overwrite);
  });
}

/** Ids of runs, each once. */
function ids(value, name) {
  // One id is an iterable as well: of its characters.
  if (typeof value === 'string') throw typeError(`${name} must be an array of ids, not a string`);
  const texts = Array.from(check.iterable(value, name), (id, at) => check.text(id, `${name}[${at}]`));
  const seen = new Set();
  const twice = texts.find((id) => seen.size === seen.add(id).size);
  if (twice !== undefined) throw rangeError(`${name} has ${JSON.stringify(twice)} twice`);
  return texts;
}

module.exports = { exportEvalStore, importEvalStore };
