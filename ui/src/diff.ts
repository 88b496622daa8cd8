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
/** A common text is little if the changes around it are this many times as long. */
const LITTLE = 4;
/** A number is one word, with its decimals. */
const WORDS = /\p{N}+(?:[.,]\p{N}+)+|[\p{L}\p{N}_]+|\s+|[^\p{L}\p{N}_\s]/gu;
const LINES = /[^\n]*\n|[^\n]+/g;

export function difference(before: string, after: string): Piece[] {
  if (before === after) return [{ text: after, kind: 'same' }];
  const parts = before.length + after.length > LONGEST_BY_WORDS ? LINES : WORDS;
  const split = (text: string) => text.match(parts) ?? [];
  const changes = diffArrays(split(before), split(after), OPTIONS);
  if (changes === undefined) return joined(before, after);
  const pieces = changes.map(
    ({ value, added, removed }): Piece => ({
      text: value.join(''),
      kind: added ? 'added' : removed ? 'removed' : 'same',
    }),
  );
  return phrases(phrases(pieces, isSpace), isLittle);
}

/** Tells whether a common text is not worth showing between two changes; `before` and `after` are their texts. */
type IsBetween = (text: string, before: string, after: string) => boolean;

const isSpace: IsBetween = (text) => /^[^\S\n]+$/.test(text);
const isLittle: IsBetween = (text, before, after) =>
  !text.includes('\n') && LITTLE * text.length <= Math.min(before.length, after.length);

/** Joins changes with little between them: a replaced phrase is one change. */
function phrases(pieces: Piece[], isBetween: IsBetween): Piece[] {
  const found: Piece[] = [];
  let [removed, added] = ['', ''];
  for (const [at, { text, kind }] of pieces.entries()) {
    if (kind === 'removed') removed += text;
    else if (kind === 'added') added += text;
    else if (
      removed + added !== '' &&
      at + 1 < pieces.length &&
      isBetween(text, removed + added, changed(pieces, at))
    ) {
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

/** The text of the change after a piece. */
function changed(pieces: Piece[], at: number): string {
  const next = pieces.slice(at + 1, at + 3).filter(({ kind }) => kind !== 'same');
  return next.map(({ text }) => text).join('');
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
