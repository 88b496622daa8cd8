// What a page offers by its options, and searches of the live page that take long.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { describe, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import * as promises from 'runstore/promises';
import { htmlReport, startViewer } from 'runstore/report';
import { newPath, openStore } from './support/connections.mjs';
import { readPage } from './support/html-page.mjs';
import { saveRun } from './support/runs.mjs';

const { LivePairs } = createRequire(import.meta.url)('../lib/page/live-pairs.js');

test('texts go to the losses that are largest on the scale of their scorer, as the page orders them', (t) => {
  const store = openStore(t, ':memory:');
  const suite_id = store.createSuite('scales').id;
  const run = (name, scores) =>
    saveRun(
      store,
      suite_id,
      scores.map((one, at) => ({ key: `case-${at}`, input: at, scores: one })),
      { name },
    );
  // The first loses 12 of 1,512 points of elo, the second nearly a third of exact; a high rate of typos is no failure.
  const before = [{ elo: 1512 }, { exact: 1 }, { typos: 0.1 }, { exact: 1 }];
  const after = [{ elo: 1500 }, { exact: 0.7 }, { typos: 0.1 }, { exact: 1 }];
  // The scorer that decides, whose losses come first.
  const decided = (score) => Array.from({ length: 12 }, () => ({ core: score }));
  const baseline = run('before', [...before, ...decided(1)]);
  const candidate = run('after', [...after, ...decided(0)]);
  const withTexts = (options) =>
    readPage(htmlReport(store, candidate, options))
      .bodies.slice(0, 4)
      .map((body) => body !== null);
  assert.deepEqual(withTexts({ baseline, maxCases: 13 }), [false, true, false, false]);
  const lowerIsBetter = ['typos'];
  assert.deepEqual(withTexts({ baseline, maxCases: 15, lowerIsBetter }), [true, true, true, false]);
  assert.deepEqual(withTexts({ maxCases: 13, lowerIsBetter }), [true, false, false, false]);
});

test('texts go first to the losses by the scorer that decides, which the page names and shows first', (t) => {
  const store = openStore(t, ':memory:');
  const suite_id = store.createSuite('two').id;
  // Tone loses much in a few cases, and gains as much in others; exact loses in every case after those, and decides.
  const run = (name, scores) =>
    saveRun(
      store,
      suite_id,
      Array.from({ length: 40 }, (_, at) => ({ key: `case-${at}`, input: at, scores: scores(at) })),
      { name },
    );
  const baseline = run('before', (at) => ({ exact: 0.9, tone: at % 2 }));
  const candidate = run('after', (at) => ({ exact: at < 20 ? 0.9 : 0.6, tone: at < 20 ? 1 - (at % 2) : at % 2 }));
  const { index, bodies } = readPage(htmlReport(store, candidate, { baseline, maxCases: 20 }));
  assert.equal(index.deciding, 'exact');
  assert.match(index.headline, /^Candidate is worse on exact/);
  assert.deepEqual(
    bodies.map((body) => body !== null),
    Array.from({ length: 40 }, (_, at) => at >= 20),
  );
  assert.deepEqual(
    index.failures.map(({ scorer, message, count }) => [scorer, message, count]),
    [
      ['exact', null, 20],
      ['tone', null, 10],
    ],
  );
  assert.equal(readPage(htmlReport(store, candidate)).index.deciding, null);
});

test('a page says which metadata the failed cases share, unless it is left out', (t) => {
  const store = openStore(t, ':memory:');
  const suite_id = store.createSuite('languages').id;
  const cases = (isWrong) =>
    Array.from({ length: 300 }, (_, at) => ({
      ...{ key: `case-${at}`, input: at, metadata: { language: at % 10 === 3 ? 'sw' : 'en', id: at } },
      expected: at % 10 === 3 ? 'ndiyo' : 'yes',
      scores: { exact: isWrong(at) ? 0 : 1 },
    }));
  const baseline = saveRun(
    store,
    suite_id,
    cases(() => false),
    { name: 'before' },
  );
  const candidate = saveRun(
    store,
    suite_id,
    cases((at) => at % 10 === 3 || at % 100 === 7),
    { name: 'after' },
  );
  const sharedBy = (options) => {
    const { failures, rows } = readPage(htmlReport(store, candidate, options)).index;
    return failures.flatMap(({ message, count, all }, at) =>
      all === null ? [] : [[message, count, all, rows.failures[at].every((row) => row % 10 === 3)]],
    );
  };
  for (const options of [{}, { baseline }]) {
    // The language goes along with the expected answer, and is not told again.
    assert.deepEqual(sharedBy(options), [['expected=ndiyo', 30, 30, true]]);
    assert.deepEqual(sharedBy({ ...options, redact: ['metadata'] }), [['expected=ndiyo', 30, 30, true]]);
    assert.deepEqual(sharedBy({ ...options, redact: ['expected'] }), [['language=sw', 30, 30, true]]);
    assert.deepEqual(sharedBy({ ...options, redact: ['metadata', 'expected'] }), []);
  }
});

test('a page says in sentences what failed cases have in common', (t) => {
  const store = openStore(t, ':memory:');
  const suite_id = store.createSuite('tickets').id;
  const save = (name, scoreOf, errorOf = () => undefined) =>
    saveRun(
      store,
      suite_id,
      Array.from({ length: 900 }, (_, at) => ({
        ...{ key: `case-${at}`, input: at, error: errorOf(at) },
        metadata: { language: ['en', 'pt', 'sw'][at % 3], topic: `t${Math.floor(at / 3) % 5}` },
        scores: { exact: scoreOf(at) },
      })),
      { name },
    );
  const scored = (isWrong, reason) => (at) => (isWrong(at) ? { score: 0, reason: reason(at) } : { score: 1 });
  // 60 cases; the noise does not go along with any metadata.
  const isRefund = (at) => at % 3 === 1 && Math.floor(at / 3) % 5 === 2;
  const noise = (from) => (at) => at % 29 === from;
  const reason = (at) => (isRefund(at) ? 'the amount is missing' : 'too long');
  const baseline = save('before', scored(noise(2), reason));
  const candidate = save(
    'after',
    scored((at) => isRefund(at) || noise(5)(at), reason),
    (at) => (at % 31 === 0 ? `timeout after ${at} s` : undefined),
  );
  const saidOf = (run, options) => readPage(htmlReport(store, run, options)).index.inCommon;
  // As many cases of noise got worse as got better, for the same reason: it is not told.
  assert.deepEqual(saidOf(candidate, { baseline }), [
    '58 of the 60 cases with language=pt and topic=t2 got worse on exact (96.7%), and 0 got better; of the others, 3.45% got worse and 3.45% got better. That is all of the cases lost on balance.',
    'Reason of 58 of the 87 that got worse on exact: the amount is missing',
    'Error of all 30 that ended in an error only in the candidate: timeout after # s, such as: timeout after 0 s',
  ]);
  const redact = ['metadata', 'error'];
  assert.deepEqual(saidOf(candidate, { baseline, redact }), [
    'Reason of 58 of the 87 that got worse on exact: the amount is missing',
  ]);
  assert.deepEqual(saidOf(candidate, { redact }), [
    'Reason of 60 of the 89 that failed on exact: the amount is missing',
    'Reason of 29 of the 89 that failed on exact: too long',
  ]);
  assert.deepEqual(saidOf(baseline, { redact }), ['Reason of 29 of the 31 that failed on exact: too long']);
  // A verdict other than REJECT does not hide it.
  const { headline, failures } = readPage(htmlReport(store, candidate, { baseline, margin: 0.2 })).index;
  assert.match(
    headline,
    /^Candidate is worse on exact, within the margin: .*; 58 of 60 cases with language=pt and topic=t2 regressed$/,
  );
  const noted = failures
    .filter(({ scorer }) => scorer === 'exact')
    .map(({ message, count, note }) => [message, count, note]);
  assert.deepEqual(noted, [
    [null, 87, null],
    ['language=pt and topic=t2', 58, 'of 60 cases with it'],
    ['the amount is missing', 58, null],
    ['too long', 29, '29 cases with it in the baseline got better'],
  ]);
  // 38 got worse for a reason, and 19 got better that had it.
  const tooLong = (isWrong) => scored(isWrong, () => 'too long');
  const halfFixed = save(
    'mixed',
    tooLong((at) => at % 47 === 0),
  );
  const more = save(
    'more',
    tooLong((at) => at % 23 === 5),
  );
  assert.deepEqual(saidOf(more, { baseline: halfFixed }), [
    'Reason of all 38 that got worse on exact: too long (19 cases with it in the baseline got better)',
  ]);
});

test('a page says that failed cases have nothing in common, and how many have other reasons', (t) => {
  const store = openStore(t, ':memory:');
  const suite_id = store.createSuite('s').id;
  const words = Array.from({ length: 40 }, (_, at) => String.fromCharCode(97 + (at % 26), 97 + Math.floor(at / 26)));
  const cases = (reasonOf) =>
    Array.from({ length: 400 }, (_, at) => ({
      ...{ key: `case-${at}`, input: at, metadata: { level: at % 3 } },
      scores: { exact: at % 10 === 0 ? { score: 0, reason: reasonOf(at / 10) } : 1 },
    }));
  const run = saveRun(
    store,
    suite_id,
    cases((at) => (at < 5 ? undefined : `the answer ${words[at]}`)),
  );
  const { failures, inCommon } = readPage(htmlReport(store, run)).index;
  assert.deepEqual(inCommon, [
    'The 40 cases that failed on exact have 35 different reasons, and no metadata in common.',
  ]);
  // 12 of 35 reasons have a group of their own.
  assert.deepEqual([failures.length, failures[0].note], [13, '23 for 23 other reasons, 5 without a reason']);
  const redacted = readPage(htmlReport(store, run, { redact: ['metadata', 'reason'] })).index;
  assert.deepEqual([redacted.inCommon, redacted.failures.map(({ note }) => note)], [[], [null]]);
});

test('a row shows the words of the outputs that differ', (t) => {
  const store = openStore(t, ':memory:');
  const suite_id = store.createSuite('s').id;
  const start = 'The customer ordered two lamps, and one of them arrived broken; ';
  const save = (name, outputs) =>
    saveRun(
      store,
      suite_id,
      outputs.map((output, at) => ({ key: `case-${at}`, input: at, output, scores: { exact: 1 } })),
      { name },
    );
  const baseline = save('before', [`${start}refund 40 EUR.`, start, 'Yes, it is.', null]);
  const candidate = save('after', [`${start}refund 40 USD.`, start, 'No, it is not.', `${start}nothing.`]);
  const { output } = readPage(htmlReport(store, candidate, { baseline })).index.rows;
  const beginning = 'The customer ordered two lamps, and one of them arrived brok…';
  assert.deepEqual(output, ['EUR → USD', beginning, 'Yes, it is → No, it is not', '…nothing.']);
  const alone = readPage(htmlReport(store, candidate)).index.rows.output;
  assert.deepEqual(alone, ['…refund 40 USD.', beginning, 'No, it is not.', '…nothing.']);
});

test('a row shows what follows the words that many inputs begin with', (t) => {
  const store = openStore(t, ':memory:');
  const suite_id = store.createSuite('s').id;
  const task = 'Answer with one word: what is the capital of ';
  const countries = ['Peru', 'Chad', 'Fiji', 'Mali'];
  const inputs = [...countries.map((country) => `${task}${country}?`), 'Is it late?', { question: 'late?' }];
  const run = saveRun(
    store,
    suite_id,
    inputs.map((input, at) => ({ key: `case-${at}`, input, output: 'x', scores: { exact: 1 } })),
  );
  const { preview } = readPage(htmlReport(store, run)).index.rows;
  assert.deepEqual(preview, [
    ...countries.map((country) => `…${country}?`),
    ...['Is it late?', JSON.stringify({ question: 'late?' })],
  ]);
});

test('a page offers the filters of the team, and refuses what is none', (t) => {
  const store = openStore(t, ':memory:');
  const run = saveRun(store, store.createSuite('s').id, [{ input: 1, scores: { exact: 1 } }]);
  const presets = [
    { name: '</script>', filter: 'exact<0.5', sort: '-cost' },
    { name: 'All', filter: '', sort: null },
  ];
  const { index } = readPage(htmlReport(store, run, { presets }));
  assert.deepEqual(index.presets, [presets[0], { name: 'All', filter: '' }]);
  assert.deepEqual(readPage(htmlReport(store, run)).index.presets, []);
  const refused = (wrong, message) =>
    assert.throws(() => htmlReport(store, run, { presets: wrong }), { code: 'ERR_RUNSTORE_INVALID_ARGUMENT', message });
  refused(7, /^htmlReport: options\.presets must/);
  refused(['is:failed'], /^htmlReport: options\.presets\[0\] must/);
  refused([{ filter: 'x' }], /^htmlReport: options\.presets\[0\]\.name must/);
  refused([presets[0], { name: 'x', filter: 1 }], /^htmlReport: options\.presets\[1\]\.filter must/);
  refused([{ name: 'x', filter: 'y', order: 'z' }], /^htmlReport: options\.presets\[0\]\.order is not a field/);
});

test('a viewer offers the filters of the team, also before a large run is read', async (t) => {
  const store = openStore(t, newPath(t));
  const suite_id = store.createSuite('s').id;
  const cases = (count) => Array.from({ length: count }, (_, at) => ({ input: at, scores: { exact: 1 } }));
  const presets = [{ name: 'Wrong', filter: 'exact<0.5' }];
  const viewer = await startViewer(store, { presets });
  t.after(() => viewer.close());
  for (const count of [2, 5001]) {
    const run = saveRun(store, suite_id, cases(count), { name: `of ${count}` });
    const response = await fetch(`http://127.0.0.1:${viewer.port}/api/page?run=${run}`);
    assert.deepEqual((await response.json()).head.presets, presets);
  }
  await assert.rejects(startViewer(store, { presets: [{ name: 'x' }] }), {
    code: 'ERR_RUNSTORE_INVALID_ARGUMENT',
    message: /^startViewer: options\.presets\[0\]\.filter must/,
  });
});

describe('a search in the texts of a run', () => {
  /** The searches of a page of a run with these many cases. */
  async function searching(t, count) {
    const path = newPath(t);
    const writer = openStore(t, path);
    const cases = Array.from({ length: count }, (_, at) => ({ input: `case ${at}.`, scores: { exact: 1 } }));
    const run = saveRun(writer, writer.createSuite('s').id, cases);
    const store = await promises.RunStore.open(path);
    t.after(() => store.close());
    const pairs = new LivePairs(store, store, { shown: {} });
    return { pairs, asked: { run, baseline: null, version: '1', query: 'input:"case 1999."', sort: 'case' } };
  }

  async function isBegun(pairs, asked) {
    while (pairs.progress(asked) === 0) await setImmediate();
  }

  test('says how far it is, and ends when it is abandoned', async (t) => {
    const { pairs, asked } = await searching(t, 2000);
    const aborter = new AbortController();
    const search = pairs.select(asked, aborter.signal);
    await isBegun(pairs, asked);
    const part = pairs.progress(asked);
    assert.ok(part > 0 && part < 1, `${part}`);
    aborter.abort();
    await assert.rejects(search, { name: 'AbortError' });
    assert.equal(pairs.progress(asked), 0);
    assert.deepEqual(await pairs.select(asked), { total: 1, problems: [] });
  });

  test('goes on for another who waits for it', async (t) => {
    const { pairs, asked } = await searching(t, 2000);
    const [first, second] = [new AbortController(), new AbortController()];
    const abandoned = pairs.select(asked, first.signal);
    const wanted = pairs.select(asked, second.signal);
    await isBegun(pairs, asked);
    first.abort();
    await assert.rejects(abandoned, { name: 'AbortError' });
    assert.deepEqual(await wanted, { total: 1, problems: [] });
  });
});
