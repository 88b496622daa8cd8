/**
 * Whether `npm test` asked for its short run: one handle of the caller's, no other runtimes, no installing of packages.
 * A test file that is run by itself does everything.
 */
export const isShort = process.env.RUNSTORE_TESTS === 'short';
