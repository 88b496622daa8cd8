'use strict';

/**
 * What an archive exchanges with the second addon: entries that come as columns (`crates/tools/src/entries.rs`), and scores that
 * go as columns, too (`crates/tools/src/frame.rs`).
 */

const check = require('../arguments/check.js');
const { Options, number } = require('../arguments/options.js');
const { mustBe, rangeError, typeError } = require('../errors.js');

/** Creates the entries of a listing. */
function entriesOf(chunks) {
  const entries = [];
  for (const chunk of chunks) addEntries(entries, chunk);
  return entries;
}

/** Numbers of an entry in `places` and in `numbers`. */
const PLACES = 9;
const NUMBERS = 3;

function addEntries(into, { texts, words, places, numbers }) {
  let end = 0;
  const next = (length) => {
    const start = end;
    end += length;
    return texts.slice(start, end);
  };
  for (let at = 0, number = 0; at < places.length; at += PLACES, number += NUMBERS) {
    const verdict = places[at + 7];
    const parent = places[at + 8];
    // In the order in which the texts lie.
    into.push({
      run_id: next(places[at]),
      model_id: words[places[at + 1]],
      task_id: words[places[at + 2]],
      metric_name: words[places[at + 3]],
      ts: next(places[at + 4]),
      path: next(places[at + 5]),
      n_items: numbers[number],
      config_hash: words[places[at + 6]],
      delta: orNull(numbers[number + 1]),
      p_value: orNull(numbers[number + 2]),
      verdict: verdict < 0 ? null : words[verdict],
      parent_run_id: parent < 0 ? null : next(parent),
    });
  }
}

const orNull = (number) => (Number.isNaN(number) ? null : number);

/** Returns a frame as JSON, with each item checked: a list for each field of the items (`crates/tools/src/frame.rs`). */
function frameJson(frame) {
  const given = new Options('writeRun', frame, 'run.frame');
  const names = ['run_id', 'model_id', 'task_id', 'metric_name'];
  const json = Object.fromEntries(names.map((name) => [name, given.require(name, check.text)]));
  json.config_hash = given.readSet('config_hash', check.text) ?? '';
  json.items = given.require('items', itemsOf);
  given.refuseOthers();
  return check.stringify(json, () => partThatIsNoJson(json.items));
}

/** Names what cannot be written as JSON: the metadata of an item, or all items if they are only too long together. */
function partThatIsNoJson({ metadata = [] }) {
  const isNoJson = (value) => {
    try {
      JSON.stringify(value);
      return false;
    } catch {
      return true;
    }
  };
  const at = metadata.findIndex(isNoJson);
  return at < 0 ? 'writeRun: run.frame.items' : `writeRun: run.frame.items[${at}].metadata`;
}

function itemsOf(items, name) {
  const columns = { item_id: [], score: [], cluster_id: [], epoch: [], metadata: [] };
  for (const item of check.iterable(items, name)) {
    if (!addPlainItem(columns, item)) addItem(columns, checkedItem(item, columns.item_id.length));
  }
  if (columns.item_id.length === 0)
    throw rangeError(name, 'needs at least one item: evalsig could not load such a run');
  for (const field of OPTIONAL) if (columns[field].every(isUnset)) delete columns[field];
  return columns;
}

const OPTIONAL = ['cluster_id', 'epoch', 'metadata'];
const ITEM_KEYS = new Set(['item_id', 'score', ...OPTIONAL]);
const isUnset = (value) => value === undefined;

function addItem(columns, { item_id, score, cluster_id, epoch, metadata }) {
  columns.item_id.push(item_id);
  columns.score.push(score);
  columns.cluster_id.push(cluster_id);
  columns.epoch.push(epoch);
  columns.metadata.push(metadata);
}

/** Adds an item that is plainly right, as nearly all are; returns false for one that {@link checkedItem} has to look at. */
function addPlainItem(columns, item) {
  if (typeof item !== 'object' || item === null) return false;
  for (const key in item) if (!ITEM_KEYS.has(key)) return false;
  const { item_id, score, cluster_id, epoch, metadata } = item;
  const isRight =
    isPlainText(item_id) &&
    Number.isFinite(score) &&
    (cluster_id === undefined || isPlainText(cluster_id)) &&
    (epoch === undefined || isEpoch(epoch)) &&
    (metadata === undefined || isObject(metadata));
  if (isRight) addItem(columns, { item_id, score, cluster_id, epoch, metadata });
  return isRight;
}

const isPlainText = (value) => typeof value === 'string' && value.isWellFormed();
const isEpoch = (value) => Number.isInteger(value) && value >= 0 && value < 2 ** 31;
const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Metadata are fields by name: a list has none. */
function metadataOf(value, name) {
  if (!isObject(value)) throw typeError(name, mustBe('an object', check.kind(value)));
  return value;
}

/** Returns an item, or throws the error that names what is wrong with it. */
function checkedItem(item, at) {
  const given = new Options('writeRun', item, `run.frame.items[${at}]`);
  const score = given.require('score', (value, name) => number(value, name, () => true, 'a number'));
  const json = {
    item_id: given.require('item_id', check.text),
    score: Number.isFinite(score) ? score : String(score),
    cluster_id: given.readSet('cluster_id', check.text),
    epoch: given.readSet('epoch', (value, name) => check.integer(value, name, 0, 2 ** 31 - 1)),
    metadata: given.readSet('metadata', metadataOf),
  };
  given.refuseOthers();
  return json;
}

module.exports = { entriesOf, frameJson };
