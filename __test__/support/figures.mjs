// How much a test did, in numbers for docs/reliability.md.

/** Multiplies the number of rounds; `npm run test:long` sets it. */
export const TIMES = Number(process.env.RUNSTORE_ROUNDS ?? 1);

/** The seed of all properties: fixed, so that a commit always passes or always fails; with more rounds, a new one each time. */
export const SEED = TIMES > 1 ? Date.now() : 20261121;

/** Reports the numbers in a line that the programs in `scripts/mutants` read. */
export function tell(t, figures) {
  t.diagnostic(`figures: ${figures}`);
}

/** Formats a number with commas between thousands, followed by what is counted. */
export const count = (number, thing) => `${number.toLocaleString('en-US')} ${thing}`;
