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

/** Countries whose capital is not their largest city. */
const COUNTRIES = {
  Africa: {
    ...{ Benin: ['Porto-Novo', 'Cotonou'], Burundi: ['Gitega', 'Bujumbura'], Cameroon: ['Yaoundé', 'Douala'] },
    ...{ 'Ivory Coast': ['Yamoussoukro', 'Abidjan'], Morocco: ['Rabat', 'Casablanca'], Nigeria: ['Abuja', 'Lagos'] },
    Tanzania: ['Dodoma', 'Dar es Salaam'],
  },
  America: {
    ...{ Belize: ['Belmopan', 'Belize City'], Bolivia: ['Sucre', 'Santa Cruz'], Brazil: ['Brasília', 'São Paulo'] },
    ...{ Canada: ['Ottawa', 'Toronto'], Ecuador: ['Quito', 'Guayaquil'] },
  },
  Asia: {
    ...{ China: ['Beijing', 'Shanghai'], India: ['New Delhi', 'Mumbai'], Kazakhstan: ['Astana', 'Almaty'] },
    ...{ Myanmar: ['Naypyidaw', 'Yangon'], Pakistan: ['Islamabad', 'Karachi'], Turkey: ['Ankara', 'Istanbul'] },
    ...{ 'the Emirates': ['Abu Dhabi', 'Dubai'], Vietnam: ['Hanoi', 'Ho Chi Minh City'] },
  },
  Oceania: { Australia: ['Canberra', 'Sydney'], 'New Zealand': ['Wellington', 'Auckland'] },
  Europe: { Liechtenstein: ['Vaduz', 'Schaan'], Switzerland: ['Bern', 'Zurich'] },
};
const QUESTIONS = [
  (country) => `What is the capital of ${country}?`,
  (country) => `Which city is the seat of government of ${country}?`,
  (country) => `Name the capital of ${country}.`,
  (country, _, largest) => `Is ${largest} the capital of ${country}?`,
  (country) => `I have to visit a ministry in ${country}. Where do I fly to?`,
  (country) => `Quiz night: the capital of ${country}, please`,
  (country, capital, largest) => `${capital} or ${largest}: where does the parliament of ${country} meet?`,
  (country) => `In which city do the ambassadors to ${country} live?`,
  (country) => `My son has to learn the capital of ${country}. What is it?`,
  (country, _, largest) => `I thought that ${largest} was the capital of ${country}. Is it?`,
];
const TASKS = Object.entries(COUNTRIES).flatMap(([continent, countries]) =>
  Object.entries(countries).flatMap(([country, [capital, largest]]) =>
    QUESTIONS.map((ask, at) => ({
      key: `${country.replace('the ', '').replace(' ', '-').toLowerCase()}-${at + 1}`,
      input: ask(country, capital, largest),
      ...{ continent, country, capital, largest, at },
    })),
  ),
);
const COMMITS = ['b01c77f2e9a4', '90ad3e51c6f8', '4f1d0c9ab27e', '7c26be80d113'];
const SECONDS = [211, 198, 206, 163];

/** Three nightly runs, and a pull request that answers shorter, and worse on one continent; mostly the model knows. */
function fill(store) {
  const suite_id = store.createSuite('capitals').id;
  return [11, 10, 12, 12].map((wrong, night) => {
    const isPull = night === 3;
    const run = store.createRun({
      ...{ suite_id, name: isPull ? 'pr-118' : `main-${201 + night}`, model: 'model-a' },
      ...{ startedAt: Date.UTC(2026, 9, 1 + night, 3) },
      git: { commit: COMMITS[night], branch: isPull ? 'shorter-prompt' : 'main' },
    });
    store.saveResults(
      run,
      TASKS.map((task, idx) => resultOf(task, idx, (idx * 37 + 5) % 240 < wrong, isPull, night)),
    );
    store.finishRun(run, 'completed');
    return run;
  });
}

function resultOf({ key, input, continent, country, capital, largest, at }, idx, isHard, isShort, night) {
  const isWrong = isHard || (isShort && continent === 'Asia' && (idx * 3 + at * 5) % 7 < 2);
  const answer = isWrong ? largest : capital;
  const isLong = !isShort && (idx * 7) % 3 === 0;
  const output = `The capital of ${country} is ${answer}${isLong ? ', where its government and its parliament are' : ''}.`;
  const words = output.split(' ').length;
  const [tokens_in, tokens_out] = [isShort ? 41 : 58, Math.round(words * 1.3)].map((tokens) => tokens + (idx % 4));
  return {
    ...{ idx, key, input, expected: capital, output, metadata: { continent }, tokens_in, tokens_out },
    latency_ms: 380 + 9 * tokens_out + ((idx * 71 + night * 13) % 240),
    cost_usd: (tokens_in * 3 + tokens_out * 15) / 1e6,
    scores: [
      { scorer_name: 'exact', score: isWrong ? 0 : 1, reason: isWrong ? REASON : null, answer },
      { scorer_name: 'brief', score: Math.round(100 - words * 2.5) / 100, reason: `${words} words` },
    ],
  };
}

/** A run that has just ended would have taken since it started: here, each took some minutes. */
function withDurations(from, ids) {
  const store = new RunStore(join(folder, 'store.db'));
  for (const [at, id] of ids.entries()) {
    const { path } = writeRunFile(from, id, { resultsDir: folder });
    const finished = from.getRun(id).started_at + SECONDS[at] * 1000;
    writeFileSync(path, readFileSync(path, 'utf8').replace(/"finished_at":[\d.]+/, `"finished_at":${finished}`));
    importRunFile(store, path);
  }
  store.setBaseline(from.getRun(ids[2]).suite_id, ids[2]);
  return store;
}

const REASON = 'gives the largest city instead of the capital';

const WIDE = { width: 1280 };
const PHONE = { width: 390, height: 780 };
const SCREENS = {
  light: { colorScheme: 'light', viewport: WIDE },
  dark: { colorScheme: 'dark', viewport: WIDE },
  phone: { colorScheme: 'light', viewport: PHONE },
  'phone-dark': { colorScheme: 'dark', viewport: PHONE },
};

/** The views, each with its address, what brings it on the screen, and the element with which a wide picture ends. */
const VIEWS = {
  report: {
    of: 'pair',
    show: (page) => page.getByRole('heading', { name: /The worst regression on exact/ }).waitFor(),
    until: '.worst',
  },
  cases: { of: 'pair', show: openCase, until: '.split', height: 755 },
  one: {
    of: 'one',
    show: (page) => page.getByRole('heading', { name: /The first failure/ }).waitFor(),
    until: '.worst',
  },
  runs: { of: 'list', show: (page) => page.getByText('n 240').nth(7).waitFor(), until: '.heat' },
};
/** Higher than any view: a wide picture is cut. */
const HIGH = 1600;
const SPACE = 16;

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
  for (const [view, { of, show, until, height }] of Object.entries(VIEWS)) {
    for (const [screen, { colorScheme, viewport }] of Object.entries(SCREENS)) {
      const isWide = viewport === WIDE;
      const page = await browser.newPage({
        colorScheme,
        viewport: isWide ? { ...WIDE, height: height ?? HIGH } : viewport,
      });
      await page.goto(addresses[of]);
      await show(page);
      const end = await page.locator(until).first().boundingBox();
      const clip = { x: 0, y: 0, width: viewport.width, height: Math.ceil(end.y + end.height) + SPACE };
      await page.screenshot({ path: join(docs, `${view}-${screen}.png`), ...(isWide && { clip }) });
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
