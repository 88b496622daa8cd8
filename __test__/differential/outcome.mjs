// What a call did, and how two outcomes differ.

/** Runs a call and returns `{ value }` or `{ error }`. */
export function attempt(call) {
  try {
    return { value: call() };
  } catch (error) {
    return { error };
  }
}

/**
 * Kind of a thrown value: `own` (the very object that the caller's code threw), `argument` (a TypeError or
 * RangeError) or `store` (any other).
 */
export function kindOfError(error, boom) {
  if (error === boom) return 'own';
  return error instanceof TypeError || error instanceof RangeError ? 'argument' : 'store';
}

/**
 * Describes the first difference of two values, `undefined` when there is none. As strict as can be: `-0` is not `0`,
 * prototypes, key order and own `__proto__` keys count.
 *
 * @param translate turns an id of the expected side into the same thing's id on the actual side
 */
export function differenceOf(expected, actual, translate, path = 'result', isId = true) {
  if (Object.is(expected, actual)) return undefined;
  if (!isObject(expected) || !isObject(actual)) {
    if (isId && typeof expected === 'string' && translate(expected) === actual) return undefined;
    return `${path} is ${show(actual)}, expected ${show(expected)}`;
  }
  if (Object.getPrototypeOf(expected) !== Object.getPrototypeOf(actual)) {
    return `${path} has another prototype: ${show(actual)}, expected ${show(expected)}`;
  }
  return differenceOfProperties(expected, actual, translate, path);
}

function differenceOfProperties(expected, actual, translate, path) {
  const keys = Reflect.ownKeys(expected);
  const actualKeys = Reflect.ownKeys(actual);
  if (keys.length !== actualKeys.length || keys.some((key, index) => key !== actualKeys[index])) {
    return `${path} has the keys ${show(actualKeys)}, expected ${show(keys)}`;
  }
  for (const key of keys) {
    const [left, right] = [expected, actual].map((object) => Object.getOwnPropertyDescriptor(object, key));
    const isSame = ATTRIBUTES.every((attribute) => left[attribute] === right[attribute]);
    if (!isSame || 'get' in right) {
      return `${path}.${String(key)} is another kind of property`;
    }
    const difference = differenceOf(left.value, right.value, translate, `${path}.${String(key)}`, ID_KEYS.has(key));
    if (difference) return difference;
  }
  return undefined;
}

const ATTRIBUTES = ['enumerable', 'writable', 'configurable'];
const ID_KEYS = new Set(['id', 'suite_id', 'run_id']);
const isObject = (value) => typeof value === 'object' && value !== null;

/** Shows a value in a line, telling -0, bigints, undefined and own `__proto__` keys apart. */
export function show(value, depth = 4) {
  if (Object.is(value, -0)) return '-0';
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'string') return shorten(JSON.stringify(value));
  if (value instanceof Error) return `${value.constructor.name} ${value.code ?? ''}: ${value.message}`;
  if (!isObject(value)) return String(value);
  if (depth === 0) return '…';
  if (Array.isArray(value)) return `[${limited(value.map((item) => show(item, depth - 1)))}]`;
  const entries = Reflect.ownKeys(value).map((key) => `${String(key)}: ${show(value[key], depth - 1)}`);
  return `${Object.getPrototypeOf(value) === null ? 'null-prototype ' : ''}{${limited(entries)}}`;
}

const limited = (items) => (items.length > 20 ? [...items.slice(0, 20), `… ${items.length} in all`] : items).join(', ');
const shorten = (text) => (text.length > 300 ? `${text.slice(0, 300)}… (${text.length} characters)` : text);
