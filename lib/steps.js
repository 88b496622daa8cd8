'use strict';

/**
 * Operations that take several steps, as generators. Each yields its steps, `{ kind, method, args }`; the kinds are methods
 * of the connection, which takes the steps and sends the answers back.
 */

const { later } = require('./later.js');

const pack = later(() => require('./pack.js'));
const rows = later(() => require('./rows.js'));

/** Packs items and hands them over in batches, all in one transaction; returns what `keep` returned last. */
function* saving(operation, items, packItem, args, keep) {
  const packed = pack().take();
  let kept = keep([]);
  try {
    let row = 0;
    for (const item of items) {
      packItem(packed, item, row++);
      packed.rows++;
      if (!packed.isFull) continue;
      if (!packed.inBatch) yield { kind: 'call', method: 'beginBatch', args: [operation] };
      packed.inBatch = true;
      kept = keep(yield { kind: 'save', method: operation, args, packed });
      packed.next();
    }
    if (packed.rows > 0) kept = keep(yield { kind: 'save', method: operation, args, packed });
    if (packed.inBatch) {
      packed.inBatch = false;
      yield { kind: 'call', method: 'commitBatch', args: [operation] };
    }
    return kept;
  } catch (error) {
    if (packed.inBatch) yield { kind: 'undo', method: 'rollbackBatch', args: [] };
    throw error;
  } finally {
    pack().giveBack(packed);
  }
}

/** Tells of the progress; the report comes last. */
function* backingUp(target, onProgress) {
  let report;
  const each = (step) => {
    if (typeof step === 'string') report = JSON.parse(step);
    else onProgress?.({ donePages: step[0], totalPages: step[1] });
  };
  yield { kind: 'read', method: 'backup', args: [target], each };
  return report;
}

/** Of inputs and expected values, the one that is damaged has to be looked for. */
function damagedText(texts) {
  for (const [id, input, expected] of texts) {
    if (!rows().isJson(input)) return `input of case "${id}"`;
    if (!rows().isJson(expected)) return `expected of case "${id}"`;
  }
  return undefined;
}

module.exports = { backingUp, damagedText, saving };
