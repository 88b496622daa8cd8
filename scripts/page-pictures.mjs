// Takes the pictures of docs/viewer.md: each view of an example, in a browser, light and dark, wide and on a phone.
//
//   node scripts/page-pictures.mjs

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { RunStore } from 'runstore';
import { htmlReport, importRunFile, startViewer, writeRunFile } from 'runstore/report';
import { launchBrowser } from '../__test__/support/browser.mjs';

const docs = fileURLToPath(new URL('../docs/pictures/', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'runstore-pictures-'));

const CONTINENTS = {
  ...{ Peru: 'America', Chad: 'Africa', Fiji: 'Oceania', Mali: 'Africa', Oman: 'Asia', Togo: 'Africa' },
  ...{ Laos: 'Asia', Cuba: 'America', Iran: 'Asia', Niger: 'Africa', Kenya: 'Africa', Ghana: 'Africa' },
};
const COMMITS = ['b01c77f2e9a4', '90ad3e51c6f8', '4f1d0c9ab27e', '7c26be80d113'];

/** Three nightly runs, and a pull request that answers shorter, and worse on one continent; mostly the model knows. */
function fill(store) {
  const countries = Object.keys(CONTINENTS);
  const suite_id = store.createSuite('capitals').id;
  const ids = [11, 10, 12, 11].map((wrong, night) => {
    const isPull = night === 3;
    const started = Date.UTC(2026, 9, 1 + night, 3);
    const run = store.createRun({
      ...{ suite_id, name: isPull ? 'pr-118' : `main-${201 + night}`, model: isPull ? 'model-b' : 'model-a' },
      ...{ startedAt: started, git: { commit: COMMITS[night], branch: isPull ? 'shorter-prompt' : 'main' } },
    });
    store.saveResults(
      run,
      Array.from({ length: 240 }, (_, at) => {
        const country = `${countries[at % 12]} (${1800 + at})`;
        const continent = CONTINENTS[countries[at % 12]];
        const isLost = isPull && continent === 'Asia' && Math.floor(at / 12) % 3 === 0;
        const isWrong = isLost || (at * 37 + 5) % 240 < wrong;
        const answer = isWrong ? `the largest city of ${country}` : `the seat of government of ${country}`;
        return {
          ...{ idx: at, key: `capital-${at}`, input: `What was the capital of ${country}? Answer in one sentence.` },
          ...{
            expected: `the seat of government of ${country}`,
            output: `The capital was ${answer}, as far as I know.`,
          },
          ...{
            latency_ms: 300 + ((at * 71) % (isPull ? 700 : 880 + 9 * night)),
            tokens_in: 24,
            tokens_out: (isPull ? 11 : 14) + (at % 3),
            cost_usd: (isPull ? 0.000_35 : 0.0004) + (at % 9) / 10_000,
          },
          ...{ metadata: { continent } },
          scores: [
            { scorer_name: 'exact', score: isWrong ? 0 : 1, reason: isWrong ? REASON : null, answer },
            { scorer_name: 'brief', score: 0.6 + ((at * (13 + 4 * night)) % 40) / 100, reason: 'one sentence' },
          ],
        };
      }),
    );
    store.finishRun(run, 'completed');
    return run;
  });
  return ids;
}

/** A run that has just ended would have taken since it started: here, each took some minutes. */
function withDurations(from, ids) {
  const store = new RunStore(join(folder, 'store.db'));
  for (const [at, id] of ids.entries()) {
    const { path } = writeRunFile(from, id, { resultsDir: folder });
    const finished = from.getRun(id).started_at + (200 + 13 * at) * 1000;
    writeFileSync(path, readFileSync(path, 'utf8').replace(/"finished_at":[\d.]+/, `"finished_at":${finished}`));
    importRunFile(store, path);
  }
  store.setBaseline(from.getRun(ids[2]).suite_id, ids[2]);
  return store;
}

const REASON = 'expected the seat of government, got the largest city';

const WIDE = { width: 1280, height: 860 };
const PHONE = { width: 390, height: 780 };
const SCREENS = {
  light: { colorScheme: 'light', viewport: WIDE },
  dark: { colorScheme: 'dark', viewport: WIDE },
  phone: { colorScheme: 'light', viewport: PHONE },
  'phone-dark': { colorScheme: 'dark', viewport: PHONE },
};

/** The views, each with its address and what brings it on the screen. */
const VIEWS = {
  report: {
    of: 'pair',
    show: (page) => page.getByRole('heading', { name: /The worst regression on exact/ }).waitFor(),
    height: 1345,
  },
  cases: { of: 'pair', show: openCase, height: 755 },
  one: {
    of: 'one',
    show: (page) => page.getByRole('heading', { name: /The first case that failed/ }).waitFor(),
    height: 1000,
  },
  runs: { of: 'list', show: (page) => page.getByText('n 240').nth(7).waitFor(), height: 570 },
};

/** The cases that got worse, with the first one open. */
async function openCase(page) {
  await page.locator('.search input').fill('worse.exact>0');
  await page.locator('.search output').filter({ hasText: ' of 240' }).waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('j');
  await page.getByRole('article', { name: 'The case that is open' }).waitFor();
  await page.locator('.cases').evaluate((cases) => scrollTo(0, cases.getBoundingClientRect().top + scrollY - 20));
  await page.waitForTimeout(300);
}

const filled = new RunStore(':memory:');
const store = withDurations(filled, fill(filled));
const browser = await launchBrowser();
try {
  mkdirSync(docs, { recursive: true });
  const written = (name, options) => {
    const file = join(folder, `${name}.html`);
    writeFileSync(file, htmlReport(store, 'pr-118', options));
    return pathToFileURL(file).href;
  };
  const viewer = await startViewer(store);
  const addresses = { pair: written('pair', { baseline: 'baseline' }), one: written('one', {}), list: viewer.url };
  for (const [view, { of, show, height }] of Object.entries(VIEWS)) {
    for (const [screen, { colorScheme, viewport }] of Object.entries(SCREENS)) {
      const page = await browser.newPage({
        colorScheme,
        viewport: viewport === WIDE ? { ...WIDE, height: height ?? WIDE.height } : viewport,
      });
      await page.goto(addresses[of]);
      await show(page);
      await page.screenshot({ path: join(docs, `${view}-${screen}.png`) });
      await page.close();
    }
  }
  await viewer.close();
} finally {
  await browser.close();
  store.close();
  filled.close();
  rmSync(folder, { recursive: true, force: true });
}
