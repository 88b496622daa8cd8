'use strict';

/** Annotations: what people say about cases, stored as scores of `human:NAME`. */

const check = require('../arguments/check.js');
const { refuseUnknown } = require('../arguments/known-keys.js');
const { number } = require('../arguments/options.js');
const { askStore } = require('../connection/store-access.js');
const { typeError } = require('../errors.js');

const FIELDS = ['caseId', 'name', 'score', 'pass', 'note'];

function saveAnnotations(store, annotations) {
  return askStore(store, 'saveAnnotations: store', (ask) => {
    const place = 'saveAnnotations: annotations';
    const rows = Array.from(check.iterable(annotations, place), (one, at) => annotation(one, `${place}[${at}]`));
    return ask(() => undefined, 'saveAnnotations', JSON.stringify(rows));
  });
}

function listAnnotations(store, runId) {
  return askStore(store, 'listAnnotations: store', (ask) => {
    const id = check.text(runId, 'listAnnotations: runId');
    return ask((pieces) => pieces.flatMap((piece) => JSON.parse(piece)), 'listAnnotations', id);
  });
}

/** A judgement: a score, or whether the output passes. */
function annotation(given, name) {
  const { caseId, name: who, score, pass, note } = check.object(given, name);
  refuseUnknown(given, name, FIELDS, 'is not a field of an annotation');
  if ((score === undefined) === (pass === undefined)) throw typeError(name, 'must have either a score or pass');
  return {
    caseId: check.text(caseId, `${name}.caseId`),
    name: check.text(who, `${name}.name`),
    score: pass === undefined ? scored(score, `${name}.score`) : Number(check.boolean(pass, `${name}.pass`)),
    note: note == null ? null : check.text(note, `${name}.note`),
  };
}

function scored(value, name) {
  return number(value, name, Number.isFinite, 'a finite number');
}

module.exports = { listAnnotations, saveAnnotations };
