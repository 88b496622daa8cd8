/** The order of the scorers. */

import type { Head, Scorer } from '../data/format.ts';

const DECISIONS = ['REJECT', 'INCONCLUSIVE', 'ALLOW'];

/**
 * The scorer of the headline comes first, then those with the worst verdict; the labels of people, which decide nothing, come
 * last.
 */
export function inOrder({ scorers, deciding }: Head): Scorer[] {
  const rank = ({ name, decision }: Scorer) =>
    name === deciding ? -1 : decision === null ? DECISIONS.length : DECISIONS.indexOf(decision);
  return [...scorers].sort((a, b) => rank(a) - rank(b));
}
