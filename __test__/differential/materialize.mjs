// Turns the description of an argument into the argument itself, freshly for each store.

import { makeOdd } from './values.mjs';

/**
 * @param ids the ids that this store has made: `{ suite: [], run: [], prompt: [] }`
 * @param context see values.mjs
 */
export function materialize(description, ids, context) {
  if (typeof description !== 'object' || description === null) return description;
  switch (description.$) {
    case 'odd':
      return makeOdd(description.name, context);
    case 'json':
      return structuredClone(description.value);
    case 'row':
      return makeRow(description, ids, context);
    case 'rows':
      return makeContainer(description, ids, context);
    default:
      return idOf(ids[description.$], description.n) ?? `no-such-${description.$}`;
  }
}

/** The n-th id, counted round so that a shortened sequence still means something; none for NaN. */
const idOf = (made, n) => made[n % made.length];

function makeRow({ shape, fields, throwsAt }, ids, context) {
  const entries = Object.entries(fields).map(([name, value]) => [name, materialize(value, ids, context)]);
  const row = shapes[shape](entries);
  if (throwsAt === undefined) return row;
  const get = () => {
    throw context.boom;
  };
  return Object.create(row, { [throwsAt]: { get, enumerable: true } });
}

const shapes = {
  plain: (entries) => Object.fromEntries(entries),
  reversed: (entries) => Object.fromEntries(entries.reverse()),
  frozen: (entries) => Object.freeze(Object.fromEntries(entries)),
  inherited: (entries) => Object.create(Object.fromEntries(entries)),
  'null prototype': (entries) => Object.assign(Object.create(null), Object.fromEntries(entries)),
  proxy: (entries) => new Proxy(Object.fromEntries(entries), {}),
  extra: (entries) => ({ note: 'ignored', length: 3, ...Object.fromEntries(entries), toString: null }),
  class: (entries) => {
    class Row {}
    for (const [name, value] of entries) Object.defineProperty(Row.prototype, name, { get: () => value });
    return new Row();
  },
};

function makeContainer({ container, rows, throwsAfter }, ids, context) {
  const made = rows.map((row) => materialize(row, ids, context));
  switch (container) {
    case 'array':
      return made;
    case 'frozen':
      return Object.freeze(made);
    case 'subclass':
      return class Rows extends Array {}.from(made);
    case 'set':
      return new Set(made);
    case 'iterator':
      return { [Symbol.iterator]: () => made[Symbol.iterator]() };
    case 'generator':
      return generate(made, throwsAfter, context);
    default:
      throw new Error(`no container is called ${container}`);
  }
}

function* generate(rows, throwsAfter, { boom, trace }) {
  try {
    for (const [index, row] of rows.entries()) {
      if (index === throwsAfter) throw boom;
      yield row;
    }
    if (throwsAfter === rows.length) throw boom;
  } finally {
    trace.push('generator closed');
  }
}
