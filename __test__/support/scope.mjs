/**
 * Whether this is the short run of `npm test`: one kind of borrowed handle, no other runtimes, no installation of packages.
 * A test file that is run by itself runs all of its tests.
 */
export const isShort = process.env.RUNSTORE_TESTS === 'short';
