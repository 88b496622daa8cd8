// The conformance suite: what holds for a store holds on every kind of connection.
//
// Each file that describes an operation registers its tests through `onEveryConnection`; together they are the suite
// that a connection has to pass. A new kind of connection is added in connections.mjs, and nowhere else.

import { describe } from 'node:test';
import { connections } from './connections.mjs';

/**
 * Registers tests once for each kind of connection.
 *
 * `tests` is called with `open(t)`, which returns a new, empty store that is closed after the test `t`.
 */
export function onEveryConnection(tests) {
  for (const { name, open } of connections) describe(`on ${name}`, () => tests(open));
}
