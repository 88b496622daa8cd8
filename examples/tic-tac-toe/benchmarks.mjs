import { anywhere, perfect } from './opponents.mjs';

/** Whom the agent plays against, and what counts as solved. Nobody beats a perfect player, so a draw is all there is. */
export const benchmarks = [
  { name: 'random', opponent: anywhere, reward: (ended, mark) => (ended === mark ? 1 : 0) },
  { name: 'perfect', opponent: perfect, reward: (ended, mark) => (ended === mark || ended === 'draw' ? 1 : 0) },
];
