/**
 * Whether this is the short run of `npm test`: one kind of borrowed handle, no other runtimes, no tarballs and
 * installation of packages, no texts of half a gigabyte.
 * A test file that is run by itself runs all of its tests.
 */
export const isShort = process.env.RUNSTORE_TESTS === 'short';
