/**
 * `npm run bench:page`: the page in Chromium, with many cases. How large the file of a report gets and how long it takes to
 * write, when its first rows are there, and how it filters, searches and scrolls; the live page the same, with more cases, and
 * its list of many runs. 0 leaves a part out.
 *
 *   node benchmark/page.mjs [--cases 50000] [--live 1000000] [--runs 100000] [--write]
 */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { RunStore } from 'runstore';
import { htmlReport, startViewer } from 'runstore/report';
import { chromiumPath, launchBrowser } from '../__test__/support/browser.mjs';
import { installReferencePackages } from '../scripts/install-reference-packages.mjs';
import { writeSection } from './document.mjs';
import { seededRandom } from './random.mjs';
import { projectDirectory } from './reference-packages.mjs';
import { Scratch } from './scratch.mjs';

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '50000' },
    live: { type: 'string', default: '1000000' },
    runs: { type: 'string', default: '100000' },
    write: { type: 'boolean', default: false },
  },
});

const BATCH = 10_000;
/** How often a page is opened; its times are medians. */
const ROUNDS = 5;
const WORDS =
  'the answer depends on what was asked before and on how the model reads a table of dates that somebody wrote by hand in a hurry'.split(
    ' ',
  );
const LETTERS = 80;

const lines = [['what', 'measured']];
const keep = (what, measured) => {
  lines.push([what, measured]);
  console.error(`${what}: ${measured}`);
};
const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
const inMs = (ms) => (ms < 10_000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`);

/** Saves a run of cases: 300 B in, 500 B out, three scores with 80 B of reasons. */
function saveMany(store, suite_id, name, count, seed) {
  const next = seededRandom(seed);
  const text = (bytes) => {
    let made = '';
    while (made.length < bytes) made += `${WORDS[Math.floor(next() * WORDS.length)]} `;
    return made;
  };
  const run = store.createRun({ suite_id, name, model: 'model' });
  for (let from = 0; from < count; from += BATCH) {
    const results = Array.from({ length: Math.min(BATCH, count - from) }, (_, at) => ({
      ...{
        idx: from + at,
        key: `case-${from + at}`,
        input: text(300),
        output: text(500),
        latency_ms: Math.round(next() * 2000),
      },
      ...{ tokens_in: 80, tokens_out: 120, cost_usd: 0.000_32 },
      scores: ['exact', 'helpful', 'brief'].map((scorer_name, scorer) => ({
        scorer_name,
        score: scorer === 0 ? Number(next() < 0.8) : Math.round(next() * 100) / 100,
        reason: text(LETTERS),
      })),
    }));
    store.saveResults(run, results);
  }
  store.finishRun(run, 'completed');
  return run;
}

/** Opens an address and returns how long it took until something, and until the first rows were there. */
async function timeFirstRows(page, url, rows = '.grid .body [role=row]') {
  // Another hash alone would not open the page again.
  await page.goto('about:blank');
  const started = performance.now();
  await page.goto(url, { waitUntil: 'commit' });
  await page.locator(rows).first().waitFor({ timeout: 300_000 });
  const all = performance.now() - started;
  const [paint] = await page.evaluate(() =>
    performance.getEntriesByName('first-contentful-paint').map((one) => one.startTime),
  );
  return { paint, all };
}

async function timeFilter(page, query, expected) {
  const started = performance.now();
  await page.locator('.search input').fill(query);
  await page.locator('.search output').filter({ hasText: expected }).waitFor({ timeout: 120_000 });
  return performance.now() - started;
}

/** Scrolls through the table for two seconds; returns the frames per second and the longest frame. */
function scroll(page) {
  return page.evaluate(
    () =>
      new Promise((resolve) => {
        const grid = document.querySelector('.grid');
        const frames = [];
        let last = performance.now();
        const end = last + 2000;
        const step = (now) => {
          frames.push(now - last);
          last = now;
          grid.scrollTop += 400;
          if (now < end) requestAnimationFrame(step);
          else
            resolve({
              perSecond: 1000 / (frames.reduce((sum, one) => sum + one) / frames.length),
              longest: Math.max(...frames),
            });
        };
        requestAnimationFrame(step);
      }),
  );
}

/** Opens a run for the first time: its first rows appear before its figures. */
async function measureFirstOpening(page, what, url) {
  const started = performance.now();
  const { all } = await timeFirstRows(page, url);
  keep(`${what}: first rows when the run is opened first`, inMs(all));
  await page.locator('.scorers').waitFor({ timeout: 900_000 });
  keep(`${what}: all figures when the run is opened first`, inMs(performance.now() - started));
}

async function measurePage(page, what, url) {
  const times = [];
  for (let round = 0; round < ROUNDS; round++) times.push(await timeFirstRows(page, url));
  keep(`${what}: first paint`, inMs(median(times.map(({ paint }) => paint))));
  keep(`${what}: first rows`, inMs(median(times.map(({ all }) => all))));
  keep(`${what}: filter by a score`, inMs(await timeFilter(page, 'exact<0.5', ' of ')));
  const { perSecond, longest } = await scroll(page);
  keep(`${what}: scroll`, `${perSecond.toFixed(0)} frames a second, the longest took ${inMs(longest)}`);
}

/** The file of a report. */
async function measureFile(page, scratch, count) {
  const store = new RunStore(scratch.path('file.db'));
  saveMany(store, store.createSuite('many').id, 'one', count, 1);
  const started = performance.now();
  const html = htmlReport(store, 'one');
  keep(`file of ${count} cases, written`, inMs(performance.now() - started));
  keep(`file of ${count} cases, size`, `${(html.length / 1e6).toFixed(1)} MB`);
  const file = scratch.path('report.html');
  writeFileSync(file, html);
  store.close();
  await measurePage(page, `file of ${count} cases`, pathToFileURL(file).href);
  keep(`file of ${count} cases: search in all texts`, inMs(await timeFilter(page, `key:case-${count - 1}`, '1 of ')));
}

/** A run in the live page. */
async function measureLive(page, scratch, count) {
  const path = scratch.path('live.db');
  const store = new RunStore(path);
  saveMany(store, store.createSuite('many').id, 'one', count, 1);
  store.close();
  const viewer = await startViewer(path);
  const [what, url] = [`live, ${count} cases`, `${viewer.url}#run=one`];
  await measureFirstOpening(page, what, url);
  await measurePage(page, what, url);
  await viewer.close();
}

/** The list of the live page. */
async function measureList(page, scratch, count) {
  const path = scratch.path('runs.db');
  const store = new RunStore(path);
  const suite_id = store.createSuite('many').id;
  for (let at = 0; at < count; at++) {
    store.finishRun(store.createRun({ suite_id, name: `run-${at}`, model: 'model' }), 'completed');
  }
  store.close();
  const viewer = await startViewer(path);
  const rows = '.run-list tbody tr';
  const times = [];
  for (let round = 0; round < ROUNDS; round++) times.push((await timeFirstRows(page, viewer.url, rows)).all);
  keep(`list of ${count} runs: first rows`, inMs(median(times)));
  const started = performance.now();
  await page.locator('.search input').fill(`run-${count - 7}`);
  await page
    .locator(rows)
    .filter({ hasText: `run-${count - 7}` })
    .waitFor();
  keep(`list of ${count} runs: search`, inMs(performance.now() - started));
  await viewer.close();
}

async function main() {
  await installReferencePackages();
  if (chromiumPath === undefined) throw new Error('there is no Chromium: install it, or name it in RUNSTORE_CHROMIUM');
  const scratch = new Scratch(join(projectDirectory, '.bench'));
  const browser = await launchBrowser();
  const page = await browser.newPage({ viewport: { width: 1360, height: 900 } });
  try {
    for (const [measure, count] of [
      [measureFile, values.cases],
      [measureLive, values.live],
      [measureList, values.runs],
    ]) {
      if (Number(count) > 0) await measure(page, scratch, Number(count));
    }
  } finally {
    await browser.close();
    scratch.removeAll();
  }
  const table = lines.map((cells, at) => `| ${cells.join(' | ')} |${at === 0 ? '\n| --- | ---: |' : ''}`).join('\n');
  console.log(table);
  if (values.write) writeSection('page', table);
}

await main();
