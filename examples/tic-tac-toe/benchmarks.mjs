import { anywhere, perfect } from './opponents.mjs';

/** The opponents of the agent, and what counts as solved. A perfect player cannot be beaten, so a draw counts. */
export const benchmarks = [
  { name: 'random', opponent: anywhere, reward: (ended, mark) => (ended === mark ? 1 : 0) },
  { name: 'perfect', opponent: perfect, reward: (ended, mark) => (ended === mark || ended === 'draw' ? 1 : 0) },
];
