/** The usual filters. */

import type { Head } from '../data/format.ts';
import { inOrder } from './deciding.ts';
import { quoted } from './query.ts';

/** Those by the state of a case in the candidate come first. */
export const BY_STATE: [name: string, filter: string][] = [
  ['All', ''],
  ['Failed', 'is:failed'],
  ['Passed', 'is:passed'],
  ['Errored', 'is:errored'],
  ['Unscored', 'is:unscored'],
  ['Trials disagree', 'is:disagreeing'],
];

/** Returns the usual filters of a page by their names. The page counts the cases of each. */
export function usual(head: Head): [name: string, filter: string][] {
  if (head.baseline === null) return BY_STATE;
  return [
    ...BY_STATE,
    ...changes(head),
    ['Output changed', 'is:changed'],
    ['In one run only', 'is:unpaired'],
    ...combinations(head),
  ];
}

/** Of several scorers, the one that decides comes first: any other may have lost by chance. */
function changes(head: Head): [string, string][] {
  const [first, ...others] = inOrder(head);
  if (others.length === 0) {
    return [
      ['Worse', 'is:regressed'],
      ['Better', 'is:improved'],
    ];
  }
  const worse = `worse.${quoted(first.name)}`;
  return [
    [`Worse on ${first.name}`, `${worse}>0`],
    [`Better on ${first.name}`, `${worse}<0`],
    ['Worse on any scorer', 'is:regressed'],
    ['Better on any scorer', 'is:improved'],
  ];
}

function combinations(head: Head): [string, string][] {
  const first = inOrder(head).find(({ lowerIsBetter }) => !lowerIsBetter);
  if (first === undefined) return [];
  const [before, after] = ['baseline', 'candidate'].map((side) => `${side}.${quoted(first.name)}`);
  return [
    [`Right on ${first.name}, now wrong`, `${before}>=0.5 ${after}<0.5`],
    [`Wrong on ${first.name}, now right`, `${before}<0.5 ${after}>=0.5`],
    [`Both wrong on ${first.name}`, `${before}<0.5 ${after}<0.5`],
  ];
}
