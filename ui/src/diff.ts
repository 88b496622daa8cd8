/** The differences between two texts, by words; by lines if the texts are long. */

import { diffArrays } from 'diff';

export interface Piece {
  text: string;
  kind: 'same' | 'removed' | 'added';
}

/** Longer texts are compared by lines: comparing words takes time with the product of their numbers. */
const LONGEST_BY_WORDS = 20_000;
/** A comparison that takes longer than this is abandoned, and both texts are shown whole. */
const OPTIONS = { timeout: 300, maxEditLength: 10_000 };
const WORDS = /[\p{L}\p{N}_]+|\s+|[^\p{L}\p{N}_\s]/gu;
const LINES = /[^\n]*\n|[^\n]+/g;

export function difference(before: string, after: string): Piece[] {
  if (before === after) return [{ text: after, kind: 'same' }];
  const parts = before.length + after.length > LONGEST_BY_WORDS ? LINES : WORDS;
  const split = (text: string) => text.match(parts) ?? [];
  const changes = diffArrays(split(before), split(after), OPTIONS);
  if (changes === undefined) return joined(before, after);
  return phrases(
    changes.map(({ value, added, removed }) => ({
      text: value.join(''),
      kind: added ? 'added' : removed ? 'removed' : 'same',
    })),
  );
}

/** Joins changes with only a space between them: a replaced phrase is one change. */
function phrases(pieces: Piece[]): Piece[] {
  const found: Piece[] = [];
  let [removed, added] = ['', ''];
  for (const [at, { text, kind }] of pieces.entries()) {
    if (kind === 'removed') removed += text;
    else if (kind === 'added') added += text;
    else if (/^[^\S\n]+$/.test(text) && removed + added !== '' && at + 1 < pieces.length) {
      removed += text;
      added += text;
    } else {
      const space = endingOf(removed, added);
      found.push(...joined(removed.slice(0, removed.length - space), added.slice(0, added.length - space)));
      found.push({ text: removed.slice(removed.length - space) + text, kind });
      [removed, added] = ['', ''];
    }
  }
  return [...found, ...joined(removed, added)];
}

/** The length of the common white space at the end of both texts. */
function endingOf(one: string, other: string): number {
  const [space] = /\s*$/.exec(one) ?? [''];
  return other.endsWith(space) ? space.length : 0;
}

function joined(removed: string, added: string): Piece[] {
  const both: Piece[] = [
    { text: removed, kind: 'removed' },
    { text: added, kind: 'added' },
  ];
  return both.filter(({ text }) => text !== '');
}
