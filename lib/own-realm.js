'use strict';

/**
 * Returns what the addon made as values of the realm that this module is loaded in. The addon makes them in the realm of
 * the process; Jest runs modules in one of its own, where `toStrictEqual` compares prototypes.
 */
function ownRealm(value) {
  if (typeof value !== 'object' || value === null || value instanceof Object) return value;
  if (Array.isArray(value)) return Array.from(value, ownRealm);
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, ownRealm(one)]));
}

module.exports = { ownRealm };
