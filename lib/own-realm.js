'use strict';

/**
 * Converts what the addon created into values of the realm that loaded this module. The addon creates them in the realm
 * of the process; Jest runs modules in another one, and its `toStrictEqual` compares prototypes.
 * @param {any} value
 * @returns {any}
 */
function ownRealm(value) {
  if (typeof value !== 'object' || value === null || value instanceof Object) return value;
  if (Array.isArray(value)) return Array.from(value, ownRealm);
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, ownRealm(one)]));
}

module.exports = { ownRealm };
