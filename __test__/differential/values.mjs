// The odd values that the operations are fed with, by name: a sequence of operations is plain data that can be
// printed, shortened and replayed, and names its odd values as `{ $: 'odd', name }`.
//
// A maker is called once for each store, with a context: `boom` is the error that the caller's own code throws,
// `trace` records what of the caller's code was run.

const deep = (levels) => {
  let value = 'bottom';
  for (let level = 0; level < levels; level++) value = level % 2 ? [value] : { in: value };
  return value;
};

/** Unusual text that has to be kept. */
export const quirkyTexts = {
  'text:empty': () => '',
  'text:NUL': () => 'before\0after',
  'text:emoji': () => '👩‍👩‍👧 ok',
  'text:BOM': () => '\ufeffbom',
  'text:CRLF': () => 'one\r\ntwo\rthree',
  'text:combining': () => 'cafe\u0301',
  'text:high surrogate': () => 'a\ud83db',
  'text:low surrogate': () => '\udc00',
  'text:__proto__': () => '__proto__',
  'text:constructor': () => 'constructor',
  'text:9': () => '9',
  'text:10': () => '10',
  'text:É': () => 'É',
  'text:é': () => 'é',
  'text:Alpha': () => 'Alpha',
  'text:alpha': () => 'alpha',
  'text:quotes': () => `'; DROP TABLE runs; -- "`,
  'text:line separator': () => '\u2028\u2029',
  'text:Latin-1': () => 'naïve \x80\xff',
  'text:long': () => 'lang '.repeat(2000),
};

/** Numbers that have to be kept. */
export const quirkyNumbers = {
  'number:-0': () => -0,
  'number:1.5': () => 1.5,
  'number:-3': () => -3,
  'number:0.1': () => 0.1,
  'number:Infinity': () => Infinity,
  'number:-Infinity': () => -Infinity,
  'number:greatest safe': () => Number.MAX_SAFE_INTEGER,
  'number:2^53': () => 2 ** 53,
  'number:-2^53-2': () => -(2 ** 53) - 2,
  'number:2^56': () => 2 ** 56,
  'number:1e300': () => 1e300,
  'number:smallest': () => Number.MIN_VALUE,
};

/** JSON values, as JSON.stringify takes them. */
export const quirkyJson = {
  'json:false': () => false,
  'json:0': () => 0,
  'json:-0': () => -0,
  'json:NaN': () => NaN,
  'json:Infinity': () => [Infinity, -Infinity, NaN],
  'json:empty text': () => '',
  'json:empty array': () => [],
  'json:empty object': () => ({}),
  'json:null': () => null,
  'json:array of null': () => [null],
  'json:own __proto__': () => JSON.parse('{"a":1,"__proto__":{"polluted":true},"b":2}'),
  'json:integer keys': () => ({ b: 1, 10: 'ten', 9: 'nine', a: 2 }),
  'json:undefined fields': () => ({ a: undefined, b: () => 1, c: Symbol('c'), d: 4 }),
  'json:sparse': () => Object.assign([1], { 2: 3 }),
  'json:boxed': () => [Object(5), Object('five'), Object(false)],
  'json:date': () => ({ at: new Date(1e12) }),
  'json:invalid date': () => [new Date(Number.NaN)],
  'json:raw': () => (JSON.rawJSON ? { big: JSON.rawJSON('12345678901234567890') } : { big: 1 }),
  'json:lone surrogates': () => ({ '\ud800': '\udfff', ok: '\ud83d\ude00' }),
  'json:NUL': () => ['a\0b', { '\0': 1 }],
  'json:map and bytes': () => ({ map: new Map([[1, 2]]), bytes: new Uint8Array([1, 2]) }),
  'json:numbers': () => [1e21, 1e-7, 2 ** 53 + 2, 0.1 + 0.2, -0, 5e-324],
  'json:deep': () => deep(1000),
  'json:inherited': () => Object.create({ inherited: 1 }, { own: { value: 2, enumerable: true } }),
  'json:null prototype': () => Object.assign(Object.create(null), { a: 1 }),
  'json:toJSON with key': ({ trace }) => ({
    top: 1,
    inner: {
      toJSON(key) {
        trace.push(`toJSON(${key})`);
        return { key };
      },
    },
  }),
  'json:toJSON at the top': ({ trace }) => ({
    toJSON(key) {
      trace.push(`toJSON(${key})`);
      return { key, typeof: typeof key };
    },
  }),
  'json:toJSON to null': () => ({ toJSON: () => null }),
  'json:proxy': () => new Proxy({ a: 1, b: [2] }, {}),
  'json:long text': () => 'ж'.repeat(3000),
};

/** Values that JSON.stringify refuses or turns into nothing, and code of the caller's that throws. */
export const faultyJson = {
  'json:function': () => () => 1,
  'json:symbol': () => Symbol('s'),
  'json:toJSON to undefined': () => ({ toJSON: () => undefined }),
  'json:BigInt': () => 5n,
  'json:BigInt inside': () => ({ a: [1n] }),
  'json:cycle': () => {
    const value = { a: 1 };
    value.self = value;
    return value;
  },
  'json:throwing toJSON': ({ boom }) => ({
    toJSON() {
      throw boom;
    },
  }),
  'json:throwing getter': ({ boom }) => ({
    a: 1,
    get b() {
      throw boom;
    },
  }),
  'json:throwing proxy': ({ boom }) =>
    new Proxy(
      {},
      {
        ownKeys() {
          throw boom;
        },
      },
    ),
};

/** Values of other types than the one that is asked for. */
export const strangers = {
  'other:undefined': () => undefined,
  'other:null': () => null,
  'other:NaN': () => NaN,
  'other:0': () => 0,
  'other:5': () => 5,
  'other:1.5': () => 1.5,
  'other:true': () => true,
  'other:false': () => false,
  'other:5n': () => 5n,
  'other:0n': () => 0n,
  'other:2n**63n': () => 2n ** 63n,
  'other:text 7': () => '7',
  'other:text abc': () => 'abc',
  'other:text empty': () => '',
  'other:object': () => ({}),
  'other:array': () => [],
  'other:date': () => new Date(0),
  'other:function': () => () => 1,
  'other:symbol': () => Symbol('s'),
  'other:bytes': () => new Uint8Array([1, 2, 3]),
  'other:boxed number': () => Object(5),
  'other:boxed text': () => Object('text'),
};

const makers = { ...quirkyTexts, ...quirkyNumbers, ...quirkyJson, ...faultyJson, ...strangers };

/** Makes the odd value of this name. */
export function makeOdd(name, context) {
  if (!Object.hasOwn(makers, name)) throw new Error(`no odd value is called ${name}`);
  return makers[name](context);
}

/** A descriptor of the odd value of this name. */
export const odd = (name) => ({ $: 'odd', name });

/** Picks a descriptor from a table of makers. */
export const pickOdd = (random, table) => odd(random.pick(Object.keys(table)));
