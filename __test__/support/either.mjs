// Lets a function work with both classes: that of `runstore`, whose methods return values, and that of `runstore/promises`.

/** Continues with a value, at once if it is not a promise. */
export function then(value, next) {
  return value instanceof Promise ? value.then(next) : next(value);
}

/** Maps values one after the other. */
export async function inTurn(values, make) {
  const made = [];
  for (const [at, value] of values.entries()) made.push(await make(value, at));
  return made;
}

/** Returns all that an iterable of either class yields. */
export async function collect(iterable) {
  const rows = [];
  for await (const row of iterable) rows.push(row);
  return rows;
}
