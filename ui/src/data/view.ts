/** A row of the index as the table shows it. */

import { gain } from '../table/predicates.ts';
import type { Index, Side } from './format.ts';
import type { RowSide, RowView } from './source.ts';

export function viewOf(index: Index, row: number): RowView {
  const { rows } = index;
  const group = rows.benchmark ?? rows.cluster;
  return {
    row,
    label: rows.label[row],
    preview: rows.preview[row],
    output: rows.output[row],
    group: group === null ? null : (group.values[group.at[row]] ?? null),
    changed: rows.changed[row] === 1,
    baseline: rows.baseline === null ? null : sideOf(rows.baseline, row),
    candidate: sideOf(rows.candidate, row),
    gains: index.scorers.map((_, scorer) => gain(index, scorer, row)),
  };
}

function sideOf(side: Side, row: number): RowSide {
  return {
    trials: side.trials[row],
    errored: side.errored[row],
    scores: side.scores.map((scores) => scores[row]),
    spread: side.spread.map((spread) => spread[row]),
    latencyMs: side.latencyMs[row],
    costUsd: side.costUsd[row],
    tokens: side.tokens[row],
  };
}
