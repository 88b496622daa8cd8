/** The differences between two texts, by words; by lines where the texts are long. */

import { diffLines, diffWordsWithSpace } from 'diff';

export interface Piece {
  text: string;
  kind: 'same' | 'removed' | 'added';
}

/** Longer texts are compared by lines: comparing words takes time with the product of their numbers. */
const LONGEST_BY_WORDS = 20_000;
/** What cannot be compared within this time is shown whole. */
const TIMEOUT_MS = 300;
const MOST_EDITS = 10_000;

export function difference(before: string, after: string): Piece[] {
  if (before === after) return [{ text: after, kind: 'same' }];
  const isLong = before.length + after.length > LONGEST_BY_WORDS;
  const options = { timeout: TIMEOUT_MS, maxEditLength: MOST_EDITS };
  const changes = isLong ? diffLines(before, after, options) : diffWordsWithSpace(before, after, options);
  if (changes === undefined) return [wholly(before, 'removed'), wholly(after, 'added')];
  return changes.map(({ value, added, removed }) => ({
    text: value,
    kind: added ? 'added' : removed ? 'removed' : 'same',
  }));
}

function wholly(text: string, kind: Piece['kind']): Piece {
  return { text, kind };
}
