// What a test did, in figures, for docs/reliability.md.

/** How many times more than usual is to be done: `npm run test:long` says so. */
export const TIMES = Number(process.env.RUNSTORE_ROUNDS ?? 1);

/** Tells it; the programs in `scripts` look for such a line. */
export function tell(t, figures) {
  t.diagnostic(`figures: ${figures}`);
}

/** A number with commas between its thousands, and the thing counted. */
export const count = (number, thing) => `${number.toLocaleString('en-US')} ${thing}`;
