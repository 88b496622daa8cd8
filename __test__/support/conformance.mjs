// The conformance suite: a store behaves in the same way on every kind of connection.
//
// Each file that describes an operation registers its tests through `onEveryConnection`; together they are the suite
// that a connection has to pass. A new kind of connection is added in connections.mjs, and nowhere else.

import { describe } from 'node:test';
import { connections, promiseConnections } from './connections.mjs';

/**
 * Registers tests once for each kind of connection, of `RunStore` and of the class of `runstore/promises` alike: they
 * await what the methods return.
 *
 * `tests` is called with `open(t)`, which returns a new, empty store that is closed after the test `t`.
 */
export function onEveryConnection(tests) {
  register([...connections, ...promiseConnections], tests);
}

/** Registers tests of what only methods that return values can do: they run inside a caller's code. */
export function onEverySynchronousConnection(tests) {
  register(connections, tests);
}

function register(kinds, tests) {
  for (const { name, open } of kinds) describe(`on ${name}`, () => tests(open));
}
