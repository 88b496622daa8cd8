// Takes the pictures of docs/viewer.md: the page of an example, in a browser.
//
//   node scripts/page-pictures.mjs

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { RunStore } from 'runstore';
import { htmlReport, startViewer } from 'runstore/report';
import { launchBrowser } from '../__test__/support/browser.mjs';

const docs = fileURLToPath(new URL('../docs/pictures/', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'runstore-pictures-'));

/** Three nightly runs and a pull request, on capitals that the model mostly knows. */
function fill(store) {
  const countries = ['Peru', 'Chad', 'Fiji', 'Mali', 'Oman', 'Togo', 'Laos', 'Cuba', 'Iran', 'Niger', 'Kenya', 'Ghana'];
  const suite_id = store.createSuite('capitals').id;
  const ids = [11, 10, 12, 31].map((wrong, night) => {
    const started = Date.UTC(2026, 9, 1 + night, 3);
    const run = store.createRun({
      ...{ suite_id, name: night === 3 ? 'pr-118' : `main-${201 + night}`, model: night === 3 ? 'model-b' : 'model-a' },
      ...{ startedAt: started, git: { commit: '4f1d0c9ab27e', branch: night === 3 ? 'shorter-prompt' : 'main' } },
    });
    store.saveResults(
      run,
      Array.from({ length: 240 }, (_, at) => {
        const country = `${countries[at % 12]} (${1800 + at})`;
        const isWrong = (at * 37 + 5) % 240 < wrong;
        const answer = isWrong ? `the largest city of ${country}` : `the seat of government of ${country}`;
        return {
          ...{ idx: at, key: `capital-${at}`, input: `What was the capital of ${country}? Answer in one sentence.` },
          ...{
            expected: `the seat of government of ${country}`,
            output: `The capital was ${answer}, as far as I know.`,
          },
          ...{
            latency_ms: 300 + ((at * 71) % 900),
            tokens_in: 24,
            tokens_out: 14,
            cost_usd: 0.0004 + (at % 9) / 10_000,
          },
          ...{ metadata: { continent: ['America', 'Africa', 'Oceania'][at % 3] } },
          scores: [
            { scorer_name: 'exact', score: isWrong ? 0 : 1, reason: isWrong ? reasonOf(at) : null, answer },
            { scorer_name: 'brief', score: 0.6 + ((at * (13 + 4 * night)) % 40) / 100, reason: 'one sentence' },
          ],
        };
      }),
    );
    store.finishRun(run, 'completed');
    return run;
  });
  store.setBaseline(suite_id, ids[2]);
  return ids;
}

const reasonOf = (at) => (at % 3 === 0 ? 'no city in the answer' : `expected the seat of government, got "city ${at}"`);

const SCREENS = {
  'report-light': { colorScheme: 'light', viewport: { width: 1280, height: 860 } },
  'report-dark': { colorScheme: 'dark', viewport: { width: 1280, height: 860 } },
  'report-of-one': { colorScheme: 'light', viewport: { width: 1280, height: 860 } },
  'report-phone': { colorScheme: 'light', viewport: { width: 390, height: 780 } },
};

const store = new RunStore(join(folder, 'store.db'));
const browser = await launchBrowser();
try {
  mkdirSync(docs, { recursive: true });
  fill(store);
  const file = join(folder, 'report.html');
  writeFileSync(file, htmlReport(store, 'pr-118', { baseline: 'baseline' }));
  const fileOfOne = join(folder, 'one.html');
  writeFileSync(fileOfOne, htmlReport(store, 'pr-118'));
  for (const [name, screen] of Object.entries(SCREENS)) {
    const page = await browser.newPage(screen);
    const isPair = name !== 'report-of-one';
    await page.goto(pathToFileURL(isPair ? file : fileOfOne).href);
    await page.getByRole('heading', { name: isPair ? /The worst regression/ : /The first case that failed/ }).waitFor();
    await page.screenshot({ path: join(docs, `${name}.png`) });
    if (name === 'report-light') {
      await page.locator('.cases').scrollIntoViewIfNeeded();
      await page.locator('.search input').fill('worse.exact>0');
      await page.locator('.search output').filter({ hasText: ' of 240' }).waitFor();
      await page.keyboard.press('Escape');
      await page.keyboard.press('j');
      await page.getByRole('article', { name: 'The case that is open' }).waitFor();
      await page.locator('.cases').evaluate((cases) => cases.scrollIntoView());
      await page.waitForTimeout(300);
      await page.screenshot({ path: join(docs, 'cases-light.png') });
    }
  }
  const viewer = await startViewer(store);
  const page = await browser.newPage({ colorScheme: 'light', viewport: { width: 1400, height: 570 } });
  await page.goto(viewer.url);
  await page.getByText('n 240').nth(7).waitFor();
  await page.screenshot({ path: join(docs, 'runs-light.png') });
  await viewer.close();
} finally {
  await browser.close();
  store.close();
  rmSync(folder, { recursive: true, force: true });
}
