// What is wrong with the arguments of an operation.

import { materialize } from './materialize.mjs';
import { refusals } from './refusals.mjs';
import { fields, methods } from './signatures.mjs';
import { faultyJson, strangers } from './values.mjs';

/**
 * Returns `refused`, the names of the refusals that runstore has to make; `count`, how many values may make the call
 * throw by themselves; and `usesProtoScorer`.
 */
export function faultsOf({ method, args }) {
  const result = { refused: [], count: 0, usesProtoScorer: false };
  for (const [index, type] of methods[method].entries()) addFaults(type, args[index], result);
  return result;
}

function addFaults(type, description, result) {
  if (description?.$ === 'rows') return addFaultsOfRows(type, description, result);
  if (description?.$ === 'row') return addFaultsOfRow(type, description, result);
  if (description?.name === 'text:__proto__') result.usesProtoScorer = true;
  const refusal = refusals.find((entry) => entry.refuses(type, plainValue(description)));
  if (refusal) result.refused.push(refusal.name);
  if (refusal || mayThrow(type, description)) result.count++;
  return undefined;
}

function addFaultsOfRows(type, { rows, throwsAfter }, result) {
  if (throwsAfter !== undefined) result.count++;
  for (const row of rows) addFaults(type, row, result);
}

function addFaultsOfRow(type, row, result) {
  if (row.throwsAt) result.count++;
  for (const [name, fieldType] of Object.entries(fields[type])) addFaults(fieldType, row.fields[name], result);
}

/** The value itself; any text stands for an id or a JSON value, which are never refused. */
function plainValue(description) {
  const isOther = typeof description === 'object' && description !== null && description.$ !== 'odd';
  return isOther ? 'text' : materialize(description, {}, { trace: [] });
}

const isIn = (table, name) => Object.hasOwn(table, name);

function mayThrow(type, description) {
  if (description === undefined) return !type.endsWith('?');
  return description?.$ === 'odd' && (isIn(strangers, description.name) || isIn(faultyJson, description.name));
}
