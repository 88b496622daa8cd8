'use strict';

/**
 * Operations with several steps, as generators. Each yields steps `{ kind, method, args }`; the kinds are methods of
 * the connection, which runs the steps and sends the results back.
 */

const { lazy } = require('./lazy.js');

const packer = lazy(() => require('./rows/packer.js'));
const packTrajectories = lazy(() => require('./rows/pack-trajectory.js'));

/** Packs items and saves them in batches, in one transaction; returns the last result of `keep`. */
function* saving(operation, items, packItem, args, keep) {
  const packed = packer().take();
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
    packer().giveBack(packed);
  }
}

/** Packs turns and the outcome of their trajectory; returns its number of turns afterwards. */
function* appending(runId, benchmark, idx, turns, outcome) {
  const packed = packer().take();
  try {
    packTrajectories().packAppended(packed, benchmark, idx, turns, outcome);
    return yield { kind: 'save', method: 'appendTurns', args: [runId], packed };
  } finally {
    packer().giveBack(packed);
  }
}

/** A filter of trajectories as the native method takes it. */
const valuesOf = ({ benchmark, outcome, caseId, key, trial }) => [benchmark, outcome, caseId, key, trial];

/** Collects chunks of trajectories up to the requested number. */
function* pagingTrajectories(runId, filter, first, limit) {
  const trajectories = [];
  let cursor = first;
  do {
    const args = ['getTrajectories', runId, ...valuesOf(filter), cursor, limit - trajectories.length];
    const chunk = JSON.parse(yield { kind: 'call', method: 'trajectoriesAfter', args });
    for (const row of chunk.rows) trajectories.push(row);
    cursor = chunk.cursor;
  } while (cursor !== null && trajectories.length < limit);
  return { trajectories, cursor };
}

/** Reads the trajectories after a position, `{ cursor }`; none at the end. */
function* chunkOfTrajectories(runId, filter, position, limit) {
  const { cursor } = position ?? { cursor: null };
  if (position !== null && cursor === null) return { rows: [], position };
  const args = ['iterateTrajectories', runId, ...valuesOf(filter), cursor, limit];
  const chunk = JSON.parse(yield { kind: 'call', method: 'trajectoriesAfter', args });
  return { rows: chunk.rows, position: { cursor: chunk.cursor } };
}

/** Reports progress as done and total; returns the report, which comes last. */
function* working(method, args, onProgress) {
  let report;
  const each = (step) => {
    if (typeof step === 'string') report = JSON.parse(step);
    else onProgress?.(step[0], step[1]);
  };
  yield { kind: 'read', method, args, each };
  return report;
}

function backingUp(target, onProgress) {
  return working('backup', [target], onProgress && ((donePages, totalPages) => onProgress({ donePages, totalPages })));
}

module.exports = { appending, backingUp, chunkOfTrajectories, pagingTrajectories, saving, working };
