// The parts of the page that need no browser: the filter, the order, numbers, the address, exports.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { describe, test } from 'node:test';
import { buildSync } from 'esbuild';
import { sample } from '../ui/test/sample.mjs';

const built = buildSync({
  stdin: {
    contents: `export * from './shared.ts'; export * as numbers from './numbers.ts'; export { difference } from './diff.ts'; export { usual } from './table/usual.ts'; export { templateOf } from './views/columns.tsx'; export { laid } from './views/case-body.tsx'; export { sharedReach } from './charts/data.ts';`,
    resolveDir: new URL('../ui/src/', import.meta.url).pathname,
    loader: 'ts',
  },
  bundle: true,
  write: false,
  format: 'cjs',
  platform: 'node',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  logLevel: 'warning',
});
const page = loadedFrom(built.outputFiles[0].text);

function loadedFrom(code) {
  const module = { exports: {} };
  new Function('module', 'exports', 'require', code)(module, module.exports, createRequire(import.meta.url));
  return module.exports;
}

const { index, bodies } = sample({ count: 200, trials: 2 });
const scorers = index.scorers.map(({ name }) => name);
const inOrder = { by: 'case', descending: false };
const chosen = (query, order = inOrder) => page.select(index, page.parseQuery(query, scorers).any, order);
const every = [...Array(200).keys()];

describe('the filter', () => {
  test('chooses all rows when it is empty', () => {
    assert.deepEqual(chosen(''), every);
  });

  test('chooses the rows that were right and are wrong now', () => {
    const { baseline, candidate } = index.rows;
    const expected = every.filter((row) => baseline.scores[0][row] === 1 && candidate.scores[0][row] === 0);
    assert.ok(expected.length > 0);
    assert.deepEqual(chosen('baseline.exact>=1 candidate.exact<0.5'), expected);
    assert.deepEqual(chosen('worse.exact>=1'), expected);
  });

  test('a value that was not measured meets no condition', () => {
    const errored = every.filter((row) => index.rows.candidate.errored[row] > 0);
    assert.deepEqual(errored, [13, 110]);
    assert.deepEqual(chosen('is:errored'), errored);
    assert.deepEqual(chosen('is:unscored'), errored);
    for (const query of ['exact<0.5', 'exact>=0', 'exact!=7', 'delta.exact<=0']) {
      assert.ok(!chosen(query).includes(13), query);
    }
  });

  test('knows trials that disagree', () => {
    const expected = every.filter(
      (row) => index.rows.candidate.spread[1][row] > 0 || index.rows.baseline.spread[1][row] > 0,
    );
    assert.deepEqual(chosen('is:disagreeing'), expected);
  });

  test('counts the rows of each usual filter', () => {
    const counts = page.countsOf(index);
    const seen = new Set();
    for (const [at, [filter, count]] of Object.entries(counts).entries()) {
      const rows = chosen(filter);
      // One by what changed that shows the same as one before it is not offered.
      assert.equal(count, seen.has(rows.join()) ? 0 : rows.length, filter);
      if (at >= 6) seen.add(rows.join());
    }
    assert.ok(seen.size < Object.keys(counts).length - 6, 'the sample has such a filter');
    assert.deepEqual([counts[''], counts['is:errored'], counts['is:unpaired']], [200, 2, 0]);
    const { baseline, candidate } = index.rows;
    const [before, after] = [baseline.scores[0], candidate.scores[0]];
    const both = (wasRight, isRight) =>
      every.filter((row) => after[row] !== null && before[row] >= 0.5 === wasRight && after[row] >= 0.5 === isRight);
    assert.deepEqual(chosen('baseline.exact>=0.5 candidate.exact<0.5'), both(true, false));
    assert.deepEqual(chosen('baseline.exact<0.5 candidate.exact>=0.5'), both(false, true));
    assert.equal(counts['baseline.exact<0.5 candidate.exact<0.5'], both(false, false).length);
  });

  test('knows a case that failed by the limits of its scorers', () => {
    const limits = [
      { floor: 0.8, ceiling: null },
      { floor: null, ceiling: 0.5 },
    ];
    const side = { trials: [1, 1, 1, 1], errored: [0, 0, 0, 1] };
    const candidate = {
      ...side,
      scores: [
        [0.9, 0.7, null, 0.9],
        [0.5, 0.1, 0.6, 0.1],
      ],
    };
    const two = {
      scorers: [{ name: 'exact' }, { name: 'typos' }],
      limits,
      rows: { count: 4, baseline: null, candidate },
    };
    const of = (state) => page.select(two, page.parseQuery(`is:${state}`, []).any, inOrder);
    assert.deepEqual([of('passed'), of('failed')], [[0], [1, 2, 3]]);
  });

  test('is offered by the scorer that decides before any scorer', () => {
    const names = page.usual({ ...index, deciding: 'helpful' }).map(([name]) => name);
    assert.ok(names.indexOf('Worse on helpful') < names.indexOf('Worse on any scorer'), names);
    assert.ok(names.includes('Right on helpful, now wrong'));
    const alone = page.usual({ ...index, scorers: index.scorers.slice(0, 1) }).map(([name]) => name);
    assert.ok(alone.includes('Worse') && !alone.includes('Worse on any scorer'), alone);
    assert.ok(!page.usual({ ...index, baseline: null }).some(([name]) => /Worse|Better|wrong/.test(name)));
  });

  test('looks for texts and metadata in the bodies', async () => {
    const find = async (query) => {
      const test = page.bodyTest(index, page.parseQuery(query, scorers).any);
      return page.searched(chosen(query), test, async function* (rows) {
        for (const row of rows) yield { row, body: bodies[row] };
      });
    };
    assert.deepEqual(await find('"country 77?"'), [77]);
    assert.deepEqual(await find('input:"COUNTRY 77?"'), [77]);
    assert.deepEqual(await find('output:"country 77?"'), []);
    assert.deepEqual(await find('error:timeout'), [13, 110]);
    assert.deepEqual(await find('meta.level.value>3 meta.topic=geo "country 9"'), [9, 99]);
  });

  test('chooses what one group of terms or another holds for, also where one of them needs the texts', async () => {
    const { baseline, candidate } = index.rows;
    const wanted = every.filter((row) => candidate.errored[row] > 0 || baseline.scores[0][row] === 0);
    assert.deepEqual(chosen('is:errored OR baseline.exact=0'), wanted);
    for (const open of ['is:errored OR', 'OR is:errored', 'OR is:errored OR OR'])
      assert.deepEqual(chosen(open), [13, 110]);
    assert.deepEqual(chosen('OR'), every);
    const { any } = page.parseQuery('is:errored OR input:"country 77?" is:passed OR input:"country 78?"', scorers);
    const rows = await page.searched(
      page.select(index, any, inOrder),
      page.bodyTest(index, any),
      async function* (some) {
        // The texts of an errored case are not needed, so they may have been left out.
        for (const row of some) yield { row, body: row === 13 ? null : bodies[row] };
      },
    );
    const is77 = candidate.scores.every((scores) => scores[77] >= 0.5) ? [77] : [];
    assert.deepEqual(rows, [13, ...is77, 78, 110]);
  });

  test('finds scorers by their names, whatever is in them', () => {
    const names = [
      'a b',
      'x=y',
      'p<q>',
      '"quoted"',
      'back\\slash',
      'is:failed',
      'worse.x',
      'meta.y',
      'latency',
      'OR',
      '-a',
      '#&=+%',
      'é ✓',
    ];
    for (const name of names) {
      for (const [prefix, whose] of [
        ['', 'candidate'],
        ['candidate.', 'candidate'],
        ['baseline.', 'baseline'],
        ['worse.', 'worse'],
      ]) {
        for (const operator of ['<', '<=', '>', '>=', '=', '!=']) {
          const text = `${prefix}${page.quoted(name)}${operator}0.5`;
          const [[term]] = page.parseQuery(text, names).any;
          assert.deepEqual(term, { kind: 'score', whose, scorer: name, operator, value: 0.5 }, text);
        }
      }
      const state = {
        ...page.fromHash(''),
        query: `${page.quoted(name)}<1`,
        order: { by: `delta:${name}`, descending: true },
      };
      assert.deepEqual(page.fromHash(page.toHash(state)), state);
    }
  });

  test('an order that there is not is the order of the cases', () => {
    for (const by of ['constructor', '__proto__', 'score:none'])
      assert.deepEqual(chosen('', { by, descending: false }), every);
  });

  test('begins by default with what got worse, or failed, unless a run grows or is large', () => {
    const byDefault = (head) => page.select({ ...index, ...head }, [[]], { by: '', descending: false });
    assert.deepEqual(byDefault({}), chosen('', { by: 'regression', descending: false }));
    const failed = page.select({ ...index, baseline: null }, page.parseQuery('is:failed', scorers).any, inOrder);
    assert.ok(failed.length > 0 && failed.length < failed.at(-1));
    assert.deepEqual(byDefault({ baseline: null }), [...failed, ...every.filter((row) => !failed.includes(row))]);
    assert.deepEqual(byDefault({ candidate: { ...index.candidate, status: 'running' } }), every);
    assert.deepEqual(byDefault({ baseline: { ...index.baseline, status: 'running' } }), every);
    assert.deepEqual(byDefault({ candidate: { ...index.candidate, cases: 100_001 } }), every);
  });

  test('chooses the cases of a group of failures by its name', () => {
    const expected = every.filter((row) => index.rows.candidate.scores[0][row] === 0);
    assert.ok(expected.length > 0);
    assert.deepEqual(chosen('failure:exact'), expected);
    assert.deepEqual(chosen('failure:"exact: expected City#"'), expected);
    assert.deepEqual(chosen('failure:exac'), []);
  });

  test('looks for texts in the messages of one role', () => {
    const passes = (query) => page.bodyTest(index, page.parseQuery(query, scorers).any)(bodies[50], 50);
    assert.ok(passes('messages:"what is the capital"'));
    assert.ok(passes('messages.user:"what is the capital"'));
    assert.ok(!passes('messages.assistant:"what is the capital"'));
  });

  test('reports invalid terms, and applies the others', () => {
    const {
      any: [terms],
      problems,
    } = page.parseQuery('is:broken exact<abc latency>10', scorers);
    assert.equal(terms.length, 1);
    assert.equal(problems.length, 2);
    assert.match(problems[0], /"broken"/);
    assert.match(problems[1], /"abc"/);
  });
});

describe('the order', () => {
  test('by regression starts with the largest loss, and ends with missing values', () => {
    const rows = chosen('', { by: 'delta:exact', descending: false });
    const gains = rows.map((row) => page.viewOf(index, row).gains[0]);
    assert.equal(gains[0], -1);
    assert.deepEqual(gains.slice(-2), [null, null]);
  });

  test('by regression weighs a loss by the range of its scorer', () => {
    // The first row loses 12 of 1,512 points, the second nearly a third of 1.
    const elo = { before: [1512, 1212, null], after: [1500, 1212, null] };
    const share = { before: [1, 1, null], after: [1, 0.7, 1] };
    const side = (time) => ({ trials: [1, 1, 1], errored: [0, 0, 0], scores: [elo[time], share[time]] });
    const rows = { count: 3, baseline: side('before'), candidate: side('after') };
    const two = [{ name: 'elo' }, { name: 'share' }];
    const order = { by: 'regression', descending: false };
    assert.deepEqual(page.select({ scorers: two, rows }, [[]], order), [1, 0, 2]);
  });

  test('by regression begins with the rows that lost by the scorer that decides, however little', () => {
    const side = (exact, tone) => ({ trials: [1, 1, 1, 1], errored: [0, 0, 0, 0], scores: [exact, tone] });
    const rows = {
      count: 4,
      baseline: side([1, 1, 1, 0], [1, 1, 1, 1]),
      candidate: side([1, 0.9, 0.2, 1], [0, 1, 1, 0.5]),
    };
    const order = { by: 'regression', descending: false };
    const scorers = [{ name: 'exact' }, { name: 'tone' }];
    assert.deepEqual(page.select({ scorers, rows, deciding: 'exact' }, [[]], order), [2, 1, 0, 3]);
    assert.deepEqual(page.select({ scorers, rows, deciding: null }, [[]], order), [0, 2, 3, 1]);
  });

  test('by regression takes the row that lost more in all, of rows with the same largest loss', () => {
    const side = (exact, tone) => ({ trials: [1, 1], errored: [0, 0], scores: [exact, tone] });
    const rows = { count: 2, baseline: side([1, 1], [0.9, 0.9]), candidate: side([0, 0], [1, 0.5]) };
    const order = { by: 'regression', descending: false };
    assert.deepEqual(page.select({ scorers: [{ name: 'exact' }, { name: 'tone' }], rows }, [[]], order), [1, 0]);
  });

  test('by output puts equal ones together', () => {
    const outputs = chosen('', { by: 'output', descending: false }).map((row) => index.rows.output[row]);
    assert.deepEqual(outputs, [...index.rows.output].sort());
    assert.equal(new Set(index.rows.output).size > 100, true);
  });

  test('keeps rows without a value at the end when it is turned round', () => {
    const rows = chosen('', { by: 'score:exact', descending: true });
    assert.deepEqual(rows.slice(-2), [13, 110]);
  });
});

describe('numbers', () => {
  test('are never rounded to all, nothing or equal', () => {
    const { percent, score, delta, dollars } = page.numbers;
    assert.equal(percent(1), '100%');
    assert.equal(percent(0.9999), '99.99%');
    assert.equal(percent(0.00001), '0.001%');
    assert.equal(percent(0), '0%');
    assert.equal(percent(null), '–');
    assert.equal(score(0.99996), '0.99996');
    assert.equal(score(0.0000122), '0.000012');
    assert.equal(score(null), '–');
    assert.equal(delta(-0.09), '−0.09');
    // As the sentences of the gate write them.
    assert.deepEqual(
      [0.871_25, 0.079_16, -0.0014, 12.345, 1523.4].map((one) => score(one)),
      ['0.871', '0.0792', '−0.0014', '12.3', '1523'],
    );
    assert.equal(delta(0), '0');
    assert.equal(dollars(0.0000122), '$0.000012');
    assert.equal(dollars(null), '–');
  });

  test('beside each other differ by what is written beside them', () => {
    const { decimals } = page.numbers;
    assert.equal(decimals([0.8466, 0.8402, -0.0064]), 4);
    assert.equal(decimals([0.881, 0.85, -0.031, -0.0522, 0]), 3);
    assert.equal(decimals([null, 0.871, null]), 3);
  });

  test('beside each other have as many decimals', () => {
    const { decimals, delta, interval, score } = page.numbers;
    const written = (...values) => values.map((value) => score(value, decimals(values))).join(' ');
    assert.equal(written(0.881, 0.85, -0.031, -0.0522, 0, null), '0.881 0.850 −0.031 −0.052 0 –');
    assert.equal(written(0.84, 0.78, -0.06, -0.1, -0.02), '0.84 0.78 −0.06 −0.10 −0.02');
    assert.equal(written(0.1 * 3, 0.3, 0.1 * 3 - 0.3), '0.3 0.3 0');
    assert.equal(written(1512, 1490.6, -21.4), '1512 1491 −21');
    assert.equal(written(0.99995, 1, 0.00005), '0.99995 1.00000 0.00005');
    assert.equal(interval([-0.1, 0.02], delta, 2), '−0.10 to +0.02');
  });

  test('say long times in the units that a person thinks in', () => {
    const { milliseconds } = page.numbers;
    const second = 1000;
    assert.deepEqual(
      [0.25, 12.5 * second, 59_999_999, 90 * second, 7500 * second, 200_000 * second].map(milliseconds),
      ['0.25 ms', '12.5 s', '16 h 40 min', '1 min 30 s', '2 h 5 min', '2 d 7 h'],
    );
  });
});

test('the address keeps the whole state', () => {
  const state = {
    query: 'is:failed "a & b" exact<0.5',
    order: { by: 'delta:my scorer', descending: true },
    row: 41,
    candidate: 'run/1#x',
    baseline: 'b&c',
  };
  assert.deepEqual(page.fromHash(page.toHash(state)), state);
  assert.deepEqual(page.fromHash('#case=0&sort='), { ...page.fromHash(''), order: { by: '', descending: false } });
});

test('an order is written as the address has it', () => {
  for (const [text, order] of [
    ['case', inOrder],
    ['-cost', { by: 'cost', descending: true }],
    ['score:-a', { by: 'score:-a', descending: false }],
  ])
    assert.deepEqual(page.orderOf(text), order);
});

test('a column has the width that the reader chose, and the first one takes the rest unless it was chosen', () => {
  const columns = [
    { by: 'case', width: 17 },
    { by: 'score:exact', width: 7 },
    { by: 'cost', width: 6.5 },
  ];
  assert.deepEqual(page.templateOf(columns, {}), {
    columns: 'minmax(min(17rem, 54vw), 1fr) 7rem 6.5rem',
    least: 'calc(min(17rem, 54vw) + 13.5rem)',
  });
  assert.deepEqual(
    page.templateOf(columns, { 'score:exact': 12, other: 3 }).columns,
    'minmax(min(17rem, 54vw), 1fr) 12rem 6.5rem',
  );
  assert.deepEqual(page.templateOf(columns, { case: 20 }), {
    columns: '20rem 7rem 6.5rem',
    least: 'calc(20rem + 13.5rem)',
  });
});

describe('the scorers of the runs of a suite', () => {
  const run = (means) => ({ means: Object.fromEntries(Object.entries(means).map(([name, mean]) => [name, { mean }])) });
  const losses = (points, lower = []) =>
    Object.fromEntries(
      page.heatRows(points, lower).map((row) => [row.name, row.losses.map((one) => one && +one.toFixed(9))]),
    );

  test('lose against the best run before, as a share of their range', () => {
    const points = [
      run({ exact: 0.9, elo: 1500, 'human:ada': 1 }),
      run({ exact: 0.6, elo: 1200 }),
      run({ exact: 0.8 }),
    ];
    assert.deepEqual(losses(points), { exact: [0, 0.3, 0.1], elo: [0, 0.2, null] });
  });

  test('lose nothing when a later run is better', () => {
    assert.deepEqual(losses([run({ exact: 0.6 }), run({ exact: 0.9 }), run({ exact: 0.7 })]), { exact: [0, 0, 0.2] });
  });

  test('lose by rising if lower is better', () => {
    assert.deepEqual(losses([run({ typos: 2 }), run({ typos: 4 })], ['typos']), { typos: [0, 0.5] });
  });

  test('come in the order of what they lost in the last run', () => {
    const points = [run({ a: 1, b: 1, c: 1, gone: 1 }), run({ a: 0.9, b: 0.2, c: 1 })];
    assert.deepEqual(
      page.heatRows(points, []).map(({ name }) => name),
      ['b', 'a', 'c', 'gone'],
    );
  });

  test('may have any name', () => {
    const points = [JSON.parse('{"means":{"__proto__":{"mean":1},"x":{"mean":1}}}'), run({ constructor: 0.5 })];
    assert.deepEqual(
      page.heatRows(points, []).map(({ name, losses: of }) => [name, of]),
      [
        ['constructor', [null, 0]],
        ['__proto__', [0, null]],
        ['x', [0, null]],
      ],
    );
  });
});

test('intervals share a scale unless that would hide the smallest', () => {
  const of = (interval, margin = null) => ({ interval, margin });
  const small = of([-0.02, 0.01], 0.02);
  assert.equal(page.sharedReach([of([-0.1, 0.05]), small, of(null)]).toFixed(3), '0.110');
  assert.equal(page.sharedReach([of([-40, 10]), small]), null);
});

test('an exported text that a spreadsheet would take for a formula is a text', () => {
  const body = { ...bodies[0], input: '=HYPERLINK("http://x")', expected: '-1+1' };
  const row = page.csvRow(index, page.viewOf(index, 0), body);
  assert.match(row, /,"'=HYPERLINK\(""http:\/\/x""\)",/);
  assert.match(row, /,'-1\+1,/);
  assert.equal(
    page.csvHead(index).trim().split(',').length,
    row
      .trim()
      .replaceAll('""', '')
      .replace(/"[^"]*"/g, '')
      .split(',').length,
  );
});

test('a difference of texts gives both texts back', () => {
  const [before, after] = ['The capital is Lima, I think.', 'The capital was Cusco, I think so.'];
  const pieces = page.difference(before, after);
  const text = (...kinds) =>
    pieces
      .filter(({ kind }) => kinds.includes(kind))
      .map((piece) => piece.text)
      .join('');
  assert.equal(text('same', 'removed'), before);
  assert.equal(text('same', 'added'), after);
  assert.ok(pieces.length > 3);
});

test('JSON is compared whatever its layout, unless reading it would change it', () => {
  const [inLine, inLines] = ['{"city": "Lima",  "sure": 0.97}', '{\n "city": "Lima", "sure": 0.97\n}'];
  assert.equal(page.laid(inLine), page.laid(inLines));
  assert.equal(page.laid(inLine), '{\n  "city": "Lima",\n  "sure": 0.97\n}');
  for (const text of ['{"id": 12345678901234567890}', '{"a": 1, "a": 2}', '0.50', '"Lima"', 'Lima', '[1.0]']) {
    assert.equal(page.laid(text), null, text);
  }
});

test('a word in common between two long changes is part of the change', () => {
  const pieces = page.difference(
    'Team refund. Confirm the order number and answer within a day.',
    'I would pass this to team sales and ask for more again.',
  );
  assert.deepEqual(
    pieces.map(({ kind }) => kind),
    ['removed', 'added', 'same'],
  );
  // Between short changes, it is shown.
  assert.deepEqual(
    page.difference('Lima and Rome', 'Cusco and Bari').map(({ kind }) => kind),
    ['removed', 'added', 'same', 'removed', 'added'],
  );
});

test('a phrase that was replaced is one change, and a line break ends it', () => {
  const changes = (before, after) =>
    page.difference(before, after).map(({ kind, text }) => `${{ removed: '-', added: '+', same: '=' }[kind]}${text}`);
  assert.deepEqual(changes('It was the seat of government of Peru', 'It was the largest city of Peru'), [
    '=It was the ',
    '-seat of government',
    '+largest city',
    '= of Peru',
  ]);
  assert.deepEqual(changes('a\nb', 'c\nd'), ['-a', '+c', '=\n', '-b', '+d']);
  assert.deepEqual(changes('', 'new'), ['+new']);
  assert.deepEqual(changes('It is 19.8 €, not 1,980.', 'It is 2.2 €, not 1,980.'), [
    '=It is ',
    '-19.8',
    '+2.2',
    '= €, not 1,980.',
  ]);
});
