// What a test did, in figures, for docs/reliability.md.

/** How many times more than usual is to be done: `npm run test:long` says so. */
export const TIMES = Number(process.env.RUNSTORE_ROUNDS ?? 1);

/** The seed of all properties, so that a commit passes or fails whenever it is tested; more rounds look for something new. */
export const SEED = TIMES > 1 ? Date.now() : 20261121;

/** Tells it; the programs in `scripts` look for such a line. */
export function tell(t, figures) {
  t.diagnostic(`figures: ${figures}`);
}

/** A number with commas between its thousands, and the thing counted. */
export const count = (number, thing) => `${number.toLocaleString('en-US')} ${thing}`;
