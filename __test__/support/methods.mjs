import { inspect } from 'node:util';

/** Returns the names of the methods of a class and of those that it extends, those by symbol as `Symbol.dispose`. */
export function methodsOf(Class) {
  const names = new Set();
  for (let prototype = Class.prototype; prototype !== Object.prototype; prototype = Object.getPrototypeOf(prototype)) {
    for (const [key, { value }] of entriesOf(prototype)) {
      if (!HIDDEN.includes(key) && typeof value === 'function') names.add(nameOf(key));
    }
  }
  return [...names].sort();
}

function entriesOf(prototype) {
  const properties = Object.getOwnPropertyDescriptors(prototype);
  return Reflect.ownKeys(properties).map((key) => [key, properties[key]]);
}

/** Methods that users do not call: the constructor, and the one for `console.log`. */
const HIDDEN = ['constructor', inspect.custom];

/** Older versions of Node describe these symbols differently. */
const symbols = new Map([
  [Symbol.dispose, 'Symbol.dispose'],
  [Symbol.asyncDispose, 'Symbol.asyncDispose'],
]);

const nameOf = (key) => symbols.get(key) ?? key;
